"""What the sessions on the line may spend, and what is held for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.accounts.client import Client
from domain.calls.legs import Legs
from domain.calls.models import Side
from domain.calls.priced import PricedLeg
from domain.calls.pricing import Prices
from domain.calls.rules import (
    CallRules,
    cost_ahead,
    elapsed,
    least_worth,
    longest_call,
    meters,
    paid_rate,
    promised,
    seconds_paid,
    talk_cap,
)
from domain.calls.settlement import Settlement
from domain.errors import SessionTooLong
from domain.ledger.service import Ledger
from domain.money import Micros
from domain.tariffs.rating import Meter, cost_of, longest_run


@dataclass(frozen=True, slots=True)
class Stop:
    """The money of a session ends: leg `uuid` must end `seconds` from now."""

    uuid: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Running:
    """A session on the line, its account locked."""

    id: int
    account: Client
    legs: Sequence[PricedLeg]
    funds: Micros
    """What the open legs may spend."""
    owed: Micros
    """What an ended leg A may still cost; it is held beside."""


class Spending:
    """Reckons what running sessions may spend, and holds it for them."""

    def __init__(
        self,
        legs: Legs,
        ledger: Ledger,
        prices: Prices,
        settlement: Settlement,
        rules: CallRules,
    ) -> None:
        self._legs = legs
        self._ledger = ledger
        self._prices = prices
        self._settlement = settlement
        self._rules = rules

    def running(self, session_id: int, now: datetime) -> Running:
        """The session as it stands, its account locked."""
        return self.counted(session_id, *self._legs.locked(session_id), now)

    def counted(
        self,
        session_id: int,
        account: Client,
        legs: Sequence[PricedLeg],
        now: datetime,
    ) -> Running:
        """The session with these open legs, its account locked already."""
        if not legs:
            return Running(session_id, account, legs, funds=0, owed=0)
        owed = self._settlement.owed(session_id, legs)
        funds = self._ledger.funds(account, session_id, now) - owed
        return Running(session_id, account, legs, funds, owed)

    def promise(
        self, running: Running, legs: Sequence[PricedLeg], now: datetime, before: int
    ) -> int:
        """Seconds that may be promised before the last of `legs` is rung.

        It answers `before` seconds from now at the latest. Raises InsufficientFunds,
        SessionTooLong.
        """
        cap = self._cap(running, now, before=before)
        if cap < min(self._rules.shortest, self._longest_call(running.account)):
            raise SessionTooLong
        on_the_line = meters(legs, now, self._rules, before=before)
        limit = promised(running.funds, on_the_line, cap, self._rules)
        if not limit:
            needed = cost_of(on_the_line, least_worth(cap, self._rules))
            raise self._ledger.shortage(running.account, running.id, needed)
        return limit

    def left(self, running: Running, leg: PricedLeg, now: datetime) -> int:
        """How long a leg may still last: B beside A, A as if nobody else spent it."""
        talked = elapsed(leg, now)
        if leg.side is Side.A:
            alone = [Meter(paid_rate(leg), talked)]
            left = self._rules.longest_session - talked
            return longest_run(running.funds, alone, left)
        left = self._longest_call(running.account) - talked
        cap = min(left, self._cap(running, now, before=0))
        return seconds_paid(running.legs, now, running.funds, cap, self._rules)

    def longest(
        self, running: Running, legs: Sequence[PricedLeg], now: datetime
    ) -> int:
        """How long the open `legs` may go on, B having just answered."""
        cap = self._cap(running, now, before=0)
        return seconds_paid(legs, now, running.funds, cap, self._rules)

    def extend(self, running: Running, now: datetime) -> Stop | None:
        """Hold for the next window; where the money ends, say what must stop when."""
        if not running.legs:
            return None
        left = self.hold_window(running, now)
        last = running.legs[-1]
        return None if left == self._rules.window else Stop(last.uuid, left)

    def hold_window(self, running: Running, now: datetime) -> int:
        """Hold for a window more, or as long as there is money; how long that is.

        Where the money has ended, nothing tells any more that the session lives: a
        leg whose end is never heard is charged to the last hold, not beyond.
        """
        window, funds = self._rules.window, running.funds
        left = seconds_paid(running.legs, now, funds, window, self._rules)
        if left:
            self.hold(running, running.legs, left, now)
        return left

    def hold(
        self,
        running: Running,
        legs: Sequence[PricedLeg],
        ahead: int,
        now: datetime,
        before: int = 0,
    ) -> None:
        """Hold what the legs will have cost `before` and `ahead` seconds from now."""
        needed = cost_ahead(legs, now, ahead, self._rules, before=before)
        funds = running.funds + running.owed
        amount = needed + running.owed
        self._ledger.hold_within(funds, running.account, running.id, amount, now)

    def _cap(self, running: Running, now: datetime, *, before: int) -> int:
        """The longest that B may talk, money aside: the switch ends A then."""
        on_the_line = (leg for leg in running.legs if leg.side is Side.A)
        up = max((elapsed(leg, now) for leg in on_the_line), default=0)
        longest = self._longest_call(running.account)
        return talk_cap(longest, up + before, self._rules)

    def _longest_call(self, account: Client) -> int:
        plan = self._prices.plan_of(account)
        return longest_call(account, plan, self._rules)
