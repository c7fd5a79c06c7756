"""A request whose time has come: judged once more, its leg A stored, then rung."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from domain.accounts.access import access_of
from domain.accounts.client import Payer
from domain.calls.admission import Admission
from domain.calls.legs import Legs, Way
from domain.calls.models import THE_SWITCH, Side, State
from domain.calls.priced import PricedLeg
from domain.calls.pricing import LegPrice
from domain.calls.progress import Progress
from domain.calls.queued import AnyRequest
from domain.calls.rules import CallRules, paid_rate
from domain.errors import NoRoute
from domain.ledger.service import Ledger
from domain.money import Micros
from domain.numbers import E164
from domain.routes.exits import CAME_IN, Asked, Exit, Exits
from domain.routes.service import Routing
from domain.tariffs.models import LegACharge
from domain.tariffs.rating import longest


@dataclass(frozen=True, slots=True)
class DueCall:
    """A leg A to be rung now; its row is stored already."""

    request_id: int
    session_id: int
    uuid: str
    number: E164
    caller_id: str
    """As the gateway wants it."""
    gateway: str
    ring_seconds: int
    stop_seconds: int


class Exhausted(Exception):
    """Every gateway that may ring leg A has failed; `cause` is the last one's."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class Dialling:
    """Makes the leg A of a queued request."""

    def __init__(
        self,
        session: Session,
        ledger: Ledger,
        admission: Admission,
        progress: Progress,
        routing: Routing,
        rules: CallRules,
    ) -> None:
        self._session = session
        self._legs = Legs(session)
        self._ledger = ledger
        self._admission = admission
        self._progress = progress
        self._routing = routing
        self._rules = rules

    def dial(
        self,
        account: Payer,
        request: AnyRequest,
        exits: Exits | None,
        uuid: str,
        now: datetime,
        switch: str = THE_SWITCH,
    ) -> DueCall:
        """Store the leg A to be rung, which is held for while it rings.

        Without `exits` it is that of somebody who rang us, and is there already. Where
        the last gateway failed this is the same attempt, by another one. Raises a
        Refusal, Exhausted or NoRoom, and then has stored nothing.
        """
        session_id = session_of(request)
        access = access_of(self._session, request.access_number_id)
        terms = self._admission.judge_again(account, request, now)
        funds = self._ledger.afford(account, session_id, terms.needed, now)
        window = terms.leg_a.held.cost(self._rules.window + self._rules.tail)
        held = max(terms.needed, window)
        failed = self._legs.failed_gateways(session_id) if request.attempts else {}
        way = self._way(account, request, terms.leg_a, uuid, failed, exits, now)
        self._ledger.hold_within(funds, account, session_id, held, now)
        leg = terms.leg_a.leg(
            Side.A, E164(request.leg_a), uuid=uuid, session_id=session_id
        )
        self._legs.store(leg, terms.leg_a.price, Way(way.gateway, switch), now)
        tries = request.attempts + (not failed)
        self._progress.move(request.id, State.DIALLING_A, None, now, attempts=tries)
        shown = way.shows(access.number if access else None)  # what they texted
        return self._due(request.id, leg, funds, way.gateway, shown)

    def _way(
        self,
        account: Payer,
        request: AnyRequest,
        price: LegPrice,
        uuid: str,
        failed: Mapping[str, str],
        exits: Exits | None,
        now: datetime,
    ) -> Exit:
        if exits is None:
            return CAME_IN
        # What a plan gives away is bought dearer than sold by intent.
        sold = None if price.charge is LegACharge.NEVER else price.held
        number = E164(request.leg_a)
        asked = Asked(number, uuid, sold, account.currency, failed)
        try:
            return self._routing.choose(asked, exits, now)
        except NoRoute as refusal:
            if failed:
                raise Exhausted([*failed.values()][-1]) from refusal
            raise

    def _due(
        self, request_id: int, leg: PricedLeg, funds: Micros, gateway: str, shown: str
    ) -> DueCall:
        """The switch ends leg A where the money would if nobody else spent it."""
        rate = paid_rate(leg)
        stop = longest(lambda up: rate.cost(up) <= funds, self._rules.longest_session)
        return DueCall(
            request_id=request_id,
            session_id=leg.session_id,
            uuid=leg.uuid,
            number=leg.number,
            caller_id=shown,
            gateway=gateway,
            ring_seconds=self._rules.ring,
            stop_seconds=stop,
        )


def session_of(request: AnyRequest) -> int:
    """The session of a request that was accepted."""
    if request.session_id is None:
        raise LookupError(f"call request {request.id} was refused: it has no session")
    return request.session_id
