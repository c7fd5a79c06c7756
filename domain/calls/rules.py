"""The rules of calling, and what must be held for them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.accounts.client import Payer
from domain.calls.models import Side
from domain.calls.priced import PricedLeg
from domain.causes import NEVER_RUNG, is_carrier_fault, may_come_round
from domain.languages import DEFAULT
from domain.money import Micros
from domain.tariffs.models import LegACharge
from domain.tariffs.rating import (
    NOTHING,
    Meter,
    Rate,
    cost_of,
    longest_run,
    whole_seconds,
)
from domain.tariffs.terms import Terms

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class CallRules:
    """The site's rules. Times are seconds unless a timedelta."""

    ring: int = 30
    """How long a leg rings."""
    shortest: int = 10
    """A call of which less can be paid is not worth making."""
    window: int = 60
    """How far ahead of now a running session is held for."""
    tail: int = 5
    """What leg A still lives after B was dropped: time to be told."""
    announcing: int = 15
    """How long balance and duration may take to say before B rings."""
    longest_call: int = 2 * 3600
    longest_session: int = 4 * 3600
    same_call: timedelta = timedelta(seconds=60)
    """The same account, A and B within this is one wish told twice."""
    requests_a_minute: int = 3
    requests_a_day: int = 30
    breath: int = 1
    """A leg A that no gateway has room for waits so long before it asks again."""
    retries: tuple[int, ...] = (60, 180)
    """Leg A busy or silent: rung again so many seconds later."""
    lifetime: timedelta = timedelta(minutes=10)
    """A late callback is worse than none."""
    call_back_after: timedelta = timedelta(seconds=5)
    """Whoever rang us has put their telephone down by then."""
    language: str = DEFAULT
    """Spoken to whoever chose none, where the access number says none either."""

    def pause_before_retry(self, cause: str, tries: int) -> timedelta | None:
        """How long after so many `tries` leg A is rung again; None if it is not.

        Who was never rung is rung at once, and their try was none. Where a carrier
        failed, another gateway is tried at once.
        """
        if cause == NEVER_RUNG or is_carrier_fault(cause):
            return timedelta(0)
        if not may_come_round(cause) or tries > len(self.retries):
            return None
        return timedelta(seconds=self.retries[tries - 1])


def paid_rate(leg: PricedLeg) -> Rate:
    """The terms a leg is held for: nothing where it never is charged."""
    return NOTHING if leg.charge is LegACharge.NEVER else leg.terms


def to_begin(leg_a: Rate, leg_b: Rate | None, rules: CallRules) -> Micros:
    """What a call needs to be accepted: A's first block and ten seconds of B."""
    least = leg_a.cost(max(leg_a.first_block, rules.shortest))
    return least + (leg_b.cost(rules.shortest) if leg_b else 0)


def worth_making(leg_a: Rate, leg_b: Rate | None, rules: CallRules) -> Micros:
    """What the shortest call worth making costs at worst: B rings to the last second.

    Whoever has less would be rung, be told that the money is not enough, and pay for
    being told.
    """
    if leg_b is None:
        return to_begin(leg_a, leg_b, rules)
    up = rules.announcing + rules.ring + rules.shortest + rules.tail
    return leg_a.cost(up) + leg_b.cost(rules.shortest)


def elapsed(leg: PricedLeg, now: datetime) -> int:
    """Whole seconds, rounded up, since a leg was answered; 0 before."""
    if leg.answered_at is None:
        return 0
    return whole_seconds(max(timedelta(0), now - leg.answered_at) // (_SECOND / 10**6))


def meters(
    legs: Sequence[PricedLeg], now: datetime, rules: CallRules, *, before: int = 0
) -> list[Meter]:
    """The open legs as they will stand `before` seconds from now.

    A leg that is not answered yet counts as if it were answered then; leg A is
    counted for its tail as well.
    """
    return [
        Meter(
            paid_rate(leg),
            (elapsed(leg, now) + before if leg.answered_at else 0)
            + (rules.tail if leg.side is Side.A else 0),
        )
        for leg in legs
        if leg.ended_at is None
    ]


def cost_ahead(
    legs: Sequence[PricedLeg],
    now: datetime,
    ahead: int,
    rules: CallRules,
    *,
    before: int = 0,
) -> Micros:
    """What the open legs will have cost `before` and `ahead` seconds from now."""
    return cost_of(meters(legs, now, rules, before=before), ahead)


def seconds_paid(
    legs: Sequence[PricedLeg], now: datetime, funds: Micros, cap: int, rules: CallRules
) -> int:
    """How many more seconds, at most `cap`, the open legs can go on for `funds`."""
    return longest_run(funds, meters(legs, now, rules), cap)


def before_answer(rules: CallRules) -> int:
    """Seconds between the promise to connect B and B's answer, at most."""
    return rules.announcing + rules.ring


def promised(funds: Micros, legs: Sequence[Meter], cap: int, rules: CallRules) -> int:
    """What may be told before B is rung; 0 where that is too little to ring at all.

    `legs` are those that will run when B answers, leg A's time counted on by the
    announcing and by a full ring, so that never more is promised than given. Quotes
    say the same figure before anybody is rung.
    """
    limit = longest_run(funds, legs, cap)
    return limit if limit >= least_worth(cap, rules) else 0


def least_worth(cap: int, rules: CallRules) -> int:
    """The shortest call worth making, in seconds, where no more than `cap` may last."""
    return max(1, min(rules.shortest, cap))


def longest_call(account: Payer, plan: Terms, rules: CallRules) -> int:
    """The longest that one B may talk: the least of the three limits."""
    wishes = filter(None, (account.longest_call, plan.longest_call))
    return min([rules.longest_call, *wishes])


def talk_cap(longest: int, up: int, rules: CallRules) -> int:
    """The longest that B may talk, money aside, if A has been up `up` by then.

    The switch ends A when the session is too long.
    """
    return min(longest, rules.longest_session - up - rules.tail)
