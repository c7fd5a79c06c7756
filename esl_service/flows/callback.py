"""We ring a user who asked to be called, and connect them to one number after another.

Announce, ring, talk; whoever hangs up or is dropped, the user stays and keys the
next number. Nothing here knows of money beyond what the desk says.
"""

from typing import Final

from domain.errors import Refusal
from domain.numbers import E164
from esl_service.caller import Caller
from esl_service.channel import Goodbye
from esl_service.desk import Balance, Desk, Visit
from esl_service.voice import Amount, Duration, Prompt

STRIKES: Final = 3
"""Failures or silences in a row before we say goodbye."""


def run(caller: Caller, desk: Desk, visit: Visit) -> None:
    """Serve a user whose leg A has just been answered, until they have enough."""
    if visit.must_confirm:
        if not caller.confirms(Prompt.CONFIRM):
            return
        desk.confirmed(visit)
    if visit.balance is not None:
        say_balance(caller, visit.balance)

    wanted, strikes, paid = visit.wanted, 0, True
    while strikes < STRIKES and paid:
        try:
            served = serve(caller, desk, visit, wanted)
        except Refusal as refusal:
            caller.refuse(refusal)
            served = False
        wanted = None
        strikes = 0 if served else strikes + 1
        paid = desk.can_go_on(visit)
    caller.say(Prompt.GOODBYE)


def serve(caller: Caller, desk: Desk, visit: Visit, wanted: E164 | None) -> bool:
    """Connect the user to whom they want, asking if need be; whether that went well."""
    if wanted is not None:
        return connect(caller, desk, visit, wanted)
    keyed = caller.ask(Prompt.WHICH_NUMBER)
    if not keyed:
        caller.say(Prompt.NOTHING_HEARD)
        return False
    if keyed == caller.keys.status:
        say_balance(caller, desk.balance(visit))
        return True
    if keyed == caller.keys.redial:
        return connect(caller, desk, visit, desk.last_called(visit))
    return connect(caller, desk, visit, desk.understood(visit, keyed))


def connect(caller: Caller, desk: Desk, visit: Visit, number: E164) -> bool:
    """Ring `number` and let them talk; whether somebody answered."""
    line = desk.admit(visit, number)
    with desk.until_dialled(line):
        caller.say(Prompt.MAX_DURATION, duration=Duration(line.seconds))
        caller.say(Prompt.CONNECTING)
    goodbye = caller.connect(line.dial, lambda: desk.answered(visit, line))
    desk.settle(goodbye)
    tell(caller, goodbye)
    return goodbye.answered


def tell(caller: Caller, goodbye: Goodbye) -> None:
    """Say why the other party is not there any more, unless the user dropped them."""
    if not goodbye.answered:
        caller.explain(goodbye)
    elif goodbye.cause == "ALLOTTED_TIMEOUT":
        caller.say(Prompt.TIME_IS_UP)


def say_balance(caller: Caller, balance: Balance) -> None:
    """Say what is on the account."""
    caller.say(Prompt.BALANCE, money=Amount(balance.amount, balance.currency))
