"""We ring a user who asked to be called, and connect them."""

from esl_service.caller import Caller
from esl_service.desk import Desk, Line, Visit
from esl_service.flows import languages, menu
from esl_service.voice import Prompt


def run(caller: Caller, desk: Desk, visit: Visit) -> None:
    """Serve a user whose leg A has just been answered, until they have enough."""
    languages.offer(caller, desk, visit)
    if visit.must_confirm:
        if not caller.confirms(Prompt.CONFIRM):
            caller.say(Prompt.GOODBYE)
            return
        desk.confirmed(visit)
    if visit.balance is not None:
        menu.say_balance(caller, visit.balance)
    menu.run(caller, desk, visit)


def resume(caller: Caller, desk: Desk, visit: Visit, line: Line | None) -> None:
    """Go on with a user who was on the line before this service was.

    Whoever rings or talks on `line` goes on ringing and talking.
    """
    if line is None:
        caller.hush()
        run(caller, desk, visit)
    else:
        menu.run(caller, desk, visit, line)
