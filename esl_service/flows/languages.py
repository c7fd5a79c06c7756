"""A user asks to be spoken to in another language, whatever they were asked."""

from typing import Final

from esl_service.caller import Caller
from esl_service.desk import Desk, Visit
from esl_service.voice import Prompt

KEEP: Final = "1"


def offer(caller: Caller, desk: Desk, visit: Visit) -> None:
    """Let the key for languages work at every prompt from now on."""
    caller.change_language = lambda: choose(caller, desk, visit)


def choose(caller: Caller, desk: Desk, visit: Visit) -> None:
    """Speak the language they choose, if any; for good if they say so."""
    chosen = caller.choose_language()
    if chosen is None:
        return
    caller.language = chosen
    for_good = caller.ask(Prompt.KEEP_LANGUAGE, longest=1) == KEEP
    desk.speak(visit, chosen, for_good=for_good)
