"""A user rings us and dials on; a stranger proves first who they are."""

from datetime import datetime
from typing import Final

from domain.errors import Refusal, WrongLogin
from esl_service.caller import Caller
from esl_service.desk import Desk
from esl_service.flows import languages, menu
from esl_service.front_desk import FrontDesk, Guest, Stranger
from esl_service.visit import Visit
from esl_service.voice import Prompt

TRIES: Final = 3
"""Wrong PINs and silences before we say goodbye."""


def run(caller: Caller, desk: Desk, visit: Visit) -> None:
    """Serve a user who rang us and is known, until they have enough."""
    if visit.balance is not None:
        menu.say_balance(caller, visit.balance)
    menu.run(caller, desk, visit)


def identify(
    caller: Caller, front: FrontDesk, stranger: Stranger, answered_at: datetime
) -> Guest | None:
    """Ask for card and PIN; the leg A of whoever has them, None for all others."""
    languages.offer_before(caller)
    if stranger.login is None:
        caller.mention(Prompt.NOT_REGISTERED)
    for _ in range(TRIES):
        try:
            account_id = _proved(caller, front, stranger)
            if account_id is not None:
                return front.let_in(stranger, account_id, answered_at)
        except WrongLogin as refusal:
            caller.refuse(refusal)
        except Refusal as refusal:
            caller.refuse(refusal)
            break
    caller.say(Prompt.GOODBYE)
    return None


def _proved(caller: Caller, front: FrontDesk, stranger: Stranger) -> int | None:
    """Whose card and PIN they keyed; None if they keyed nothing. Raises a Refusal."""
    login = stranger.login or caller.ask(Prompt.CARD_NUMBER)
    pin = caller.ask(Prompt.CARD_PIN, secret=True) if login else ""
    if pin:
        return front.prove(stranger, login, pin)
    caller.mention(Prompt.NOTHING_HEARD)
    return None
