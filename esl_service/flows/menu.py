"""A user on the line keys one number after another, until they have enough.

Announce, ring, talk; whoever hangs up or is dropped, the user stays and keys the
next number. Nothing here knows of money beyond what the desk says.
"""

from dataclasses import dataclass
from typing import Final

from domain.errors import AccountBlocked, Refusal, SessionTooLong
from domain.numbers import E164
from esl_service.caller import Caller
from esl_service.channel import Goodbye
from esl_service.desk import Balance, Desk, Line, Parting, Status, Visit
from esl_service.flows import languages
from esl_service.voice import Amount, Duration, Prompt

STRIKES: Final = 3
"""Failures or silences in a row before we say goodbye."""

FINAL: Final = (AccountBlocked, SessionTooLong)
"""Refusals after which another number would be refused as well."""

TIME_WAS_UP: Final = "ALLOTTED_TIMEOUT"
"""The cause of a leg that was stopped by the switch."""
DROPPED: Final = "NORMAL_CLEARING"
"""The cause of a leg that the user dropped, when it had not answered yet."""


@dataclass(frozen=True, slots=True)
class Served:
    """How one wish of the user went."""

    well: bool
    lasts: bool | None = None
    """Whether there is money to go on; None if nobody has looked since."""


def run(caller: Caller, desk: Desk, visit: Visit, line: Line | None = None) -> None:
    """Connect the user to whom they asked for, then to whomever they key.

    `line` is one that was made already, before a restart.
    """
    languages.offer(caller, desk, visit)
    wanted, strikes = visit.wanted, 0
    while strikes < STRIKES:
        try:
            if line is not None:
                served = rejoin(caller, desk, visit, line)
            else:
                served = serve(caller, desk, visit, wanted)
        except Refusal as refusal:
            caller.refuse(refusal)
            if isinstance(refusal, FINAL):
                break
            served = Served(well=False)
        wanted = line = None
        strikes = 0 if served.well else strikes + 1
        lasts = desk.can_go_on(visit) if served.lasts is None else served.lasts
        if not lasts:
            say_money_is_gone(caller)
            break
    caller.say(Prompt.GOODBYE)


def serve(caller: Caller, desk: Desk, visit: Visit, wanted: E164 | None) -> Served:
    """Connect the user to whom they want, asking if need be; how that went."""
    if wanted is not None:
        return connect(caller, desk, visit, wanted, visit.line)
    keyed = caller.ask(Prompt.WHICH_NUMBER)
    if not keyed:
        caller.mention(Prompt.NOTHING_HEARD)
        return Served(well=False)
    if keyed == caller.keys.status:
        say_status(caller, desk.status(visit))
        return Served(well=True)
    if keyed == caller.keys.redial:
        return connect(caller, desk, visit, desk.last_called(visit))
    return connect(caller, desk, visit, desk.understood(visit, keyed))


def connect(
    caller: Caller, desk: Desk, visit: Visit, number: E164, line: Line | None = None
) -> Served:
    """Ring `number` and let them talk; how that went. A `line` to them may be made."""
    line = line or desk.admit(visit, number)
    with desk.until_dialled(line):
        if visit.announces_duration:
            caller.mention(Prompt.MAX_DURATION, duration=Duration(line.seconds))
        caller.say(Prompt.CONNECTING)
    parting = desk.place(visit, line, caller.connect)
    return told(caller, desk, visit, parting)


def rejoin(caller: Caller, desk: Desk, visit: Visit, line: Line) -> Served:
    """Stay with whoever rings or talks already, or dial them if nobody has."""
    goodbye = caller.rejoin(line.dial, lambda at: desk.rejoined(visit, line, at))
    if goodbye is None:
        caller.hush()
        desk.missed(visit, line)
        return Served(well=True)
    lasts = desk.part(visit, goodbye)
    if goodbye.called_off:
        caller.hush()
        return connect(caller, desk, visit, E164(line.dial.number))
    return told(caller, desk, visit, Parting(goodbye, lasts))


def told(caller: Caller, desk: Desk, visit: Visit, parting: Parting) -> Served:
    """The other party has ended: tell why, and how that went."""
    goodbye, lasts = parting.goodbye, parting.lasts
    if goodbye.answered:
        if goodbye.cause == TIME_WAS_UP:
            explain_stop(caller, desk, visit, goodbye)
        return Served(well=True, lasts=lasts)
    if goodbye.cause == DROPPED:
        return Served(well=True, lasts=lasts)
    caller.explain(goodbye)
    return Served(well=False, lasts=lasts)


def explain_stop(caller: Caller, desk: Desk, visit: Visit, goodbye: Goodbye) -> None:
    """Mention why the switch has dropped the other party."""
    if desk.was_longest(visit, goodbye):
        caller.mention(Prompt.LONGEST_CALL)
    else:
        caller.mention(Prompt.TIME_IS_UP)


def say_money_is_gone(caller: Caller) -> None:
    """Tell why we part, unless they have just been told."""
    if caller.told_last not in (Prompt.TIME_IS_UP, Prompt.NOT_ENOUGH_MONEY):
        caller.mention(Prompt.NOT_ENOUGH_MONEY)


def say_balance(caller: Caller, balance: Balance) -> None:
    """Say what is on the account, together with what comes next."""
    caller.mention(Prompt.BALANCE, money=Amount(balance.amount, balance.currency))


def say_status(caller: Caller, status: Status) -> None:
    """Say what is on the account and, where it is known, what that buys."""
    say_balance(caller, status.balance)
    if status.seconds:
        caller.mention(Prompt.WHAT_IT_BUYS, duration=Duration(status.seconds))
