"""A user asks to be spoken to in another language, whatever they were asked."""

from typing import Final

from esl_service.caller import Caller
from esl_service.desk import Desk, Visit
from esl_service.voice import Prompt

KEEP: Final = "1"


def offer(caller: Caller, desk: Desk, visit: Visit) -> None:
    """Let the key for languages work at every prompt from now on."""
    caller.change_language = lambda: choose(caller, desk, visit)


def offer_before(caller: Caller) -> None:
    """The same for one of whom it is not known yet who they are: for this call."""
    caller.change_language = lambda: _speak_chosen(caller)


def keep_chosen(caller: Caller, desk: Desk, visit: Visit) -> None:
    """Speak as they chose before we knew who they are, else as they are used to."""
    if caller.chosen_language is None:
        caller.language = visit.language
    else:
        desk.speak(visit, caller.chosen_language, for_good=False)


def choose(caller: Caller, desk: Desk, visit: Visit) -> None:
    """Speak the language they choose, if any; for good if they say so."""
    chosen = _speak_chosen(caller)
    if chosen is None:
        return
    for_good = caller.ask(Prompt.KEEP_LANGUAGE, longest=1) == KEEP
    desk.speak(visit, chosen, for_good=for_good)


def _speak_chosen(caller: Caller) -> str | None:
    """Speak the language they choose; None if they choose none."""
    chosen = caller.choose_language()
    if chosen is not None:
        caller.language = caller.chosen_language = chosen
    return chosen
