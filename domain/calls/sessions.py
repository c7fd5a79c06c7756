"""Sessions on the line: admitted, extended, settled."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from domain.accounts.client import Client
from domain.accounts.service import Accounts, usable
from domain.calls.endings import Ending
from domain.calls.legs import Legs, NobodyThere, Way, leg_a
from domain.calls.models import THE_SWITCH, Side
from domain.calls.priced import PricedLeg
from domain.calls.pricing import LegPrice, Prices
from domain.calls.requests import Requests
from domain.calls.rules import CallRules, before_answer, elapsed
from domain.calls.running import Spending, Stop
from domain.calls.settlement import Settlement
from domain.calls.stops import Admitted, End, Guest
from domain.errors import OwnNumber, SameNumber
from domain.ledger.service import Ledger
from domain.numbers import E164
from domain.routes.exits import Asked, Exits
from domain.routes.service import Routing
from domain.tariffs.rating import whole_seconds

__all__ = ["End", "Ending", "Guest", "Sessions", "Stop"]


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
        routing: Routing,
        rules: CallRules,
    ) -> None:
        super().__init__(session)
        self._accounts = accounts
        self._prices = prices
        self._requests = requests
        self._settlement = settlement
        self._routing = routing
        self._spending = Spending(self, ledger, prices, settlement, rules)
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
        self,
        session_id: int,
        number: E164,
        *,
        uuid: str,
        exits: Exits,
        now: datetime,
        switch: str = THE_SWITCH,
        tried: Collection[str] = (),
        rings_for: int | None = None,
    ) -> Admitted:
        """Store a leg B about to be rung, by none of the gateways `tried`; hold for it.

        Its seconds are what may be promised: leg A's time is counted on by the
        announcing and by a full ring, so that never more is promised than given; once
        that was told, by what is left of the ring, `rings_for` seconds.
        Raises a Refusal, NoRoom or NobodyThere, and stores nothing.
        """
        before = before_answer(self._rules) if rings_for is None else rings_for
        running = self._spending.running(session_id, now)
        a = leg_a(session_id, running.legs)
        price = self._price_of(number, usable(running.account), a, now)
        leg = price.leg(Side.B, number, uuid=uuid, session_id=session_id)
        legs = [*running.legs, leg]
        limit = self._spending.promise(running, legs, now, before)
        currency = running.account.currency
        asked = Asked(number, uuid, price.held, currency, tried)
        way = self._routing.choose(asked, exits, now)
        ahead = min(limit, self._rules.shortest)
        self._spending.hold(running, legs, ahead, now, before)
        self.store(leg, price.price, Way(way.gateway, switch), now)
        shown = self._shown(running.account, a)
        return Admitted(limit, way.gateway, way.shows(shown))

    def b_answered(
        self, session_id: int, uuid: str, now: datetime, at: datetime | None = None
    ) -> int:
        """B was picked up: hold the next window; how long B may last, in seconds.

        That is the largest T that balance and credit can pay for both legs; 0 for a
        leg that has ended, or never was. `at` tells when they picked up, if that was
        before now.
        """
        at = min(at or now, now)
        running = self._spending.running(session_id, now)
        if not self.answer(session_id, uuid, at):
            return 0
        legs = [
            replace(leg, answered_at=leg.answered_at or at) if leg.uuid == uuid else leg
            for leg in running.legs
        ]
        limit = self._spending.longest(running, legs, at)
        left = max(0, limit - whole_seconds((now - at) // timedelta(microseconds=1)))
        self._spending.hold(running, legs, min(left, self._rules.window), now)
        return limit

    # --- while it lasts --------------------------------------------------------

    def extend(self, session_id: int, now: datetime) -> Stop | None:
        """Hold for the next window; where the money ends, say what must stop when."""
        return self._spending.extend(self._spending.running(session_id, now), now)

    def renew(self, session_id: int, now: datetime) -> list[End]:
        """Hold for the next window; when each leg that is up must end.

        Money may have come since the stops were set, or another session have taken
        some: the switch is told where it ends as things stand now.
        """
        running = self._spending.running(session_id, now)
        if running.legs:
            self._spending.hold_window(running, now)
        ends = []
        for leg in running.legs:
            if leg.answered_at is not None:
                left = self._spending.left(running, leg, now)
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
        running = self._spending.counted(session_id, *settled, now)
        return self._spending.extend(running, now)

    def settle_lost(
        self,
        uuid: str,
        now: datetime,
        *,
        unrung: bool = False,
        lived_until: datetime | None = None,
    ) -> bool:
        """Charge a leg that is gone and whose end nobody heard; False as above."""
        return self._settlement.settle_lost(
            uuid, now, unrung=unrung, lived_until=lived_until
        )

    # --- in detail -------------------------------------------------------------

    def _shown(self, account: Client, a: PricedLeg) -> E164 | None:
        """Whose number B sees: the user's if it is theirs, else the one they texted.

        None leaves it to the gateway.
        """
        if self._accounts.has_number(account.id, a.number):
            return a.number
        access = self.get(a.session_id).access_number
        return E164(access.number) if access else None

    def _price_of(
        self, number: E164, account: Client, a: PricedLeg, now: datetime
    ) -> LegPrice:
        if self._accounts.is_access_number(number):
            raise OwnNumber(number=number)
        if number == a.number:
            raise SameNumber(number=number)
        return self._prices.of_leg_b(account, number, now)
