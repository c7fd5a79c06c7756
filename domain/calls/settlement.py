"""What a leg that has ended costs, written down once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.accounts.client import Client
from domain.calls.endings import FREE, Cost, Ending, Settled
from domain.calls.legs import Legs
from domain.calls.models import Side
from domain.calls.priced import PricedLeg
from domain.calls.progress import Progress
from domain.calls.requests import Requests
from domain.calls.rules import CallRules, cost_ahead, elapsed
from domain.causes import LOST, NEVER_RUNG
from domain.ledger.models import Kind
from domain.ledger.service import Ledger
from domain.tariffs.models import LegACharge
from domain.tariffs.rating import whole_seconds


class Settlement:
    """Charges legs that have ended. It never refuses: the call has happened."""

    def __init__(
        self,
        legs: Legs,
        ledger: Ledger,
        requests: Requests,
        progress: Progress,
        rules: CallRules,
    ) -> None:
        self._legs = legs
        self._ledger = ledger
        self._requests = requests
        self._progress = progress
        self._rules = rules

    def settle(self, uuid: str, ending: Ending, now: datetime) -> Settled | None:
        """Charge a leg, once; None if it was charged, or is none of ours."""
        found = self._legs.locked_with(uuid)
        if found is None:
            return None
        self._settle(*found, ending, now)
        account, _, still_open = found
        return Settled(account, still_open)

    def settle_lost(
        self,
        uuid: str,
        now: datetime,
        *,
        unrung: bool = False,
        lived_until: datetime | None = None,
    ) -> bool:
        """Charge a leg that is gone and whose end nobody heard.

        It is charged to the last moment it was known to live: `lived_until`, or when
        its session's hold was last extended. Who was not heard to answer did not; if it
        is certain that every leg's end was written down, they were `unrung`.
        """
        found = self._legs.locked_with(uuid)
        if found is None:
            return False
        _, leg, _ = found
        held_at = lived_until or self._ledger.held_at(leg.session_id)
        known = held_at or leg.answered_at or now
        lived = elapsed(leg, max(known, leg.answered_at or known))
        cause = NEVER_RUNG if unrung and leg.answered_at is None else LOST
        ending = Ending(cause, lived * 1_000_000, leg.answered_at, now)
        self._settle(*found, ending, now)
        return True

    def _settle(
        self,
        account: Client,
        leg: PricedLeg,
        still_open: Sequence[PricedLeg],
        ending: Ending,
        now: datetime,
    ) -> None:
        leg = replace(
            leg,
            answered_at=ending.answered_at,
            ended_at=ending.ended_at,
            answered_us=ending.answered_us,
        )
        decided = self._is_decided(leg, still_open)
        cost = self._cost(leg) if decided else FREE
        self._legs.write(
            leg.uuid,
            answered_at=ending.answered_at,
            ended_at=ending.ended_at,
            answered_us=ending.answered_us,
            cause=ending.cause,
            price=cost.price,
            billed_seconds=cost.billed_seconds,
        )
        if decided:
            self._post(account, leg, cost, now)
        if still_open:
            self._hold_less(account, still_open, now)
        else:
            self._end(account, leg, ending.cause, now)

    def _is_decided(self, leg: PricedLeg, still_open: Sequence[PricedLeg]) -> bool:
        """Whether it is known what a leg costs.

        A leg A that is paid only if some B answered may end before its last B.
        """
        if leg.charge is not LegACharge.IF_ANSWERED or not still_open:
            return True
        return self._legs.any_b_answered(leg.session_id)

    def _pay_after_all(self, account: Client, leg: PricedLeg, now: datetime) -> None:
        """Charge a leg A that ended before it was known what it costs."""
        cost = self._cost(leg)
        self._legs.write(leg.uuid, price=cost.price, billed_seconds=cost.billed_seconds)
        self._post(account, leg, cost, now)

    def _cost(self, leg: PricedLeg) -> Cost:
        if not self._is_charged(leg):
            return FREE
        seconds = whole_seconds(leg.answered_us)
        price = leg.terms.cost(seconds)
        return Cost(price, leg.terms.billed(seconds)) if price else FREE

    def _post(self, account: Client, leg: PricedLeg, cost: Cost, now: datetime) -> None:
        moved = self._ledger.post(
            account.id,
            Kind.CALL,
            -cost.price,
            reference=leg.uuid,
            now=now,
            note=leg.number,
        )
        if moved:
            account.balance -= cost.price

    def _is_charged(self, leg: PricedLeg) -> bool:
        if leg.charge is LegACharge.IF_ANSWERED:
            return self._legs.any_b_answered(leg.session_id)
        return leg.charge is LegACharge.ALWAYS

    def _hold_less(
        self, account: Client, still_open: Sequence[PricedLeg], now: datetime
    ) -> None:
        """What has been paid needs no hold any more; what goes on does."""
        session_id = still_open[0].session_id
        ahead = cost_ahead(still_open, now, self._rules.window, self._rules)
        ahead += self.owed(session_id, still_open)
        self._ledger.shrink(account, session_id, ahead, now)

    def owed(self, session_id: int, still_open: Sequence[PricedLeg]) -> int:
        """What an ended leg A will cost if a B that is still open answers."""
        if any(leg.side is Side.A for leg in still_open):
            return 0
        leg = self._legs.undecided(session_id)
        return leg.terms.cost(whole_seconds(leg.answered_us)) if leg else 0

    def _end(
        self, account: Client, ended: PricedLeg, cause: str, now: datetime
    ) -> None:
        """The last open leg has ended: try again, or close the session."""
        session_id = ended.session_id
        if ended.side is Side.B:  # leg A left first
            cause = self._legs.cause_of_a(session_id) or ""
            undecided = self._legs.undecided(session_id)
            if undecided is not None:
                self._pay_after_all(account, undecided, now)
        never_up = ended.side is Side.A and ended.answered_at is None
        if never_up and self._requests.tried_in_vain(session_id, cause, now):
            return
        self._progress.finish(session_id, cause, now)
