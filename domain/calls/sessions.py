"""Sessions on the line: admitted, extended, settled."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from domain.accounts.models import Account
from domain.accounts.service import Accounts, usable
from domain.calls.legs import Legs, NobodyThere, leg_a
from domain.calls.models import Side
from domain.calls.priced import PricedLeg
from domain.calls.pricing import LegPrice, Prices
from domain.calls.requests import Requests
from domain.calls.rules import (
    CallRules,
    before_answer,
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
from domain.calls.settlement import Ending, Settlement
from domain.errors import OwnNumber, SameNumber, SessionTooLong
from domain.ledger.service import Ledger
from domain.money import Micros
from domain.numbers import E164
from domain.tariffs.rating import Meter, cost_of, longest_run

__all__ = ["End", "Ending", "Sessions", "Stop"]


@dataclass(frozen=True, slots=True)
class Stop:
    """The money of a session ends: leg `uuid` must end `seconds` from now."""

    uuid: str
    seconds: int


@dataclass(frozen=True, slots=True)
class End:
    """When a leg must have ended, as its money stands now."""

    uuid: str
    at: datetime
    seconds: int
    """Whole seconds from now until then."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Who has just picked up leg A."""

    account: Account
    language: str
    """Of this session."""
    wanted: E164 | None
    """Whom they asked for; None if they will key a number."""


@dataclass(frozen=True, slots=True)
class _Running:
    """A session on the line, its account locked."""

    id: int
    account: Account
    legs: Sequence[PricedLeg]
    funds: Micros
    """What the open legs may spend."""
    owed: Micros
    """What an ended leg A may still cost; it is held beside."""


class Sessions(Legs):
    """The business of a user on the line. Everything here is safe to do twice."""

    def __init__(
        self,
        session: Session,
        accounts: Accounts,
        ledger: Ledger,
        prices: Prices,
        requests: Requests,
        settlement: Settlement,
        rules: CallRules,
    ) -> None:
        super().__init__(session)
        self._accounts = accounts
        self._ledger = ledger
        self._prices = prices
        self._requests = requests
        self._settlement = settlement
        self._rules = rules

    # --- leg A -----------------------------------------------------------------

    def a_answered(self, session_id: int, uuid: str, now: datetime) -> Guest:
        """Leg A was picked up: who came onto the line. Raises NobodyThere."""
        account, language = self.account_of(session_id)
        if not self.answer(session_id, uuid, now):
            raise NobodyThere(f"leg {uuid} of session {session_id} has ended")
        wanted = self._requests.a_is_up(session_id, now)
        return Guest(account, language, wanted)

    # --- leg B -----------------------------------------------------------------

    def admit(
        self, session_id: int, number: E164, *, uuid: str, gateway: str, now: datetime
    ) -> int:
        """Store a leg B about to be rung and hold for it; return its limit.

        The limit, in seconds, is what may be promised: leg A's time is counted on
        by the announcing and by a full ring, so that never more is promised than
        given. Raises a Refusal, or NobodyThere, and stores nothing.
        """
        running = self._running(session_id, now)
        a = leg_a(session_id, running.legs)
        price = self._price_of(number, usable(running.account), a, now)
        leg = price.leg(Side.B, number, uuid=uuid, session_id=session_id)
        legs = [*running.legs, leg]
        limit = self._promise(running, legs, now)
        self.store(leg, price.price, gateway, now)
        self._hold(running, legs, min(limit, self._rules.shortest), now, self._before)
        return limit

    def b_answered(self, session_id: int, uuid: str, now: datetime) -> int:
        """B was picked up: hold the first window; return seconds until B's stop.

        The stop is the largest T that balance and credit can pay for both legs;
        0 for a leg that has ended, or never was.
        """
        running = self._running(session_id, now)
        if not self.answer(session_id, uuid, now):
            return 0
        legs = [
            replace(leg, answered_at=leg.answered_at or now)
            if leg.uuid == uuid
            else leg
            for leg in running.legs
        ]
        cap = self._cap(running, now, before=0)
        limit = seconds_paid(legs, now, running.funds, cap, self._rules)
        self._hold(running, legs, min(limit, self._rules.window), now)
        return limit

    def answered_unheard(self, uuid: str, at: datetime, now: datetime) -> Stop | None:
        """A leg is up that was answered, at that moment, when nobody listened.

        Holds for it from then on; where the money ends, says what must stop when.
        """
        leg = self.leg(uuid)
        if leg is None:
            return None
        self.account_of(leg.session_id)  # locked before anything is written
        self.answer(leg.session_id, uuid, at)
        return self.extend(leg.session_id, now)

    # --- while it lasts --------------------------------------------------------

    def extend(self, session_id: int, now: datetime) -> Stop | None:
        """Hold for the next window; where the money ends, say what must stop when."""
        return self._extend(self._running(session_id, now), now)

    def renew(self, session_id: int, now: datetime) -> list[End]:
        """Hold for the next window; when each leg that is up must end.

        Money may have come since the stops were set, or another session have taken
        some: the switch is told where it ends as things stand now.
        """
        running = self._running(session_id, now)
        if running.legs:
            self._hold_window(running, now)
        ends = []
        for leg in running.legs:
            if leg.answered_at is not None:
                left = self._left(running, leg, now)
                lasts = timedelta(seconds=elapsed(leg, now) + left)
                ends.append(End(leg.uuid, leg.answered_at + lasts, left))
        return ends

    # --- the end ---------------------------------------------------------------

    def settle(self, uuid: str, ending: Ending, now: datetime) -> bool:
        """Charge a leg that has ended, once; False if it was, or is none of ours."""
        return self._settlement.settle(uuid, ending, now) is not None

    def part(
        self, session_id: int, uuid: str, ending: Ending, now: datetime
    ) -> Stop | None:
        """Charge a leg B that has ended, and hold for the next window of who stays."""
        settled = self._settlement.settle(uuid, ending, now)
        if settled is None:
            return self.extend(session_id, now)
        return self._extend(self._counted(session_id, *settled, now), now)

    def settle_lost(self, uuid: str, now: datetime) -> bool:
        """Charge a leg that is gone and whose end nobody heard; False as above."""
        return self._settlement.settle_lost(uuid, now)

    # --- in detail -------------------------------------------------------------

    @property
    def _before(self) -> int:
        return before_answer(self._rules)

    def _running(self, session_id: int, now: datetime) -> _Running:
        return self._counted(session_id, *self.locked(session_id), now)

    def _counted(
        self,
        session_id: int,
        account: Account,
        legs: Sequence[PricedLeg],
        now: datetime,
    ) -> _Running:
        if not legs:
            return _Running(session_id, account, legs, funds=0, owed=0)
        owed = self._settlement.owed(session_id, legs)
        funds = self._ledger.funds(account, session_id, now) - owed
        return _Running(session_id, account, legs, funds, owed)

    def _extend(self, running: _Running, now: datetime) -> Stop | None:
        if not running.legs:
            return None
        left = self._hold_window(running, now)
        last = running.legs[-1]
        return None if left == self._rules.window else Stop(last.uuid, left)

    def _price_of(
        self, number: E164, account: Account, a: PricedLeg, now: datetime
    ) -> LegPrice:
        if self._accounts.is_access_number(number):
            raise OwnNumber(number=number)
        if number == a.number:
            raise SameNumber(number=number)
        return self._prices.of_leg_b(account, number, now)

    def _promise(
        self, running: _Running, legs: Sequence[PricedLeg], now: datetime
    ) -> int:
        cap = self._cap(running, now, before=self._before)
        if cap < min(self._rules.shortest, self._longest_call(running.account)):
            raise SessionTooLong
        on_the_line = meters(legs, now, self._rules, before=self._before)
        limit = promised(running.funds, on_the_line, cap, self._rules)
        if not limit:
            needed = cost_of(on_the_line, least_worth(cap, self._rules))
            raise self._ledger.shortage(running.account, running.id, needed)
        return limit

    def _cap(self, running: _Running, now: datetime, *, before: int) -> int:
        """The longest that B may talk, money aside: the switch ends A then."""
        on_the_line = (leg for leg in running.legs if leg.side is Side.A)
        up = max((elapsed(leg, now) for leg in on_the_line), default=0)
        longest = self._longest_call(running.account)
        return talk_cap(longest, up + before, self._rules)

    def _left(self, running: _Running, leg: PricedLeg, now: datetime) -> int:
        """How long a leg may still last: B beside A, A as if nobody else spent it."""
        talked = elapsed(leg, now)
        if leg.side is Side.A:
            alone = [Meter(paid_rate(leg), talked)]
            left = self._rules.longest_session - talked
            return longest_run(running.funds, alone, left)
        left = self._longest_call(running.account) - talked
        cap = min(left, self._cap(running, now, before=0))
        return seconds_paid(running.legs, now, running.funds, cap, self._rules)

    def _longest_call(self, account: Account) -> int:
        plan = self._prices.plan_of(account)
        return longest_call(account, plan, self._rules)

    def _hold_window(self, running: _Running, now: datetime) -> int:
        """Hold for a window more, or as long as there is money; how long that is.

        Where the money has ended, nothing tells any more that the session lives: a
        leg whose end is never heard is charged to the last hold, not beyond.
        """
        window, funds = self._rules.window, running.funds
        left = seconds_paid(running.legs, now, funds, window, self._rules)
        if left:
            self._hold(running, running.legs, left, now)
        return left

    def _hold(
        self,
        running: _Running,
        legs: Sequence[PricedLeg],
        ahead: int,
        now: datetime,
        before: int = 0,
    ) -> None:
        needed = cost_ahead(legs, now, ahead, self._rules, before=before)
        funds = running.funds + running.owed
        amount = needed + running.owed
        self._ledger.hold_within(funds, running.account, running.id, amount, now)
