"""A request whose time has come: judged once more, its leg A stored, then rung."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from domain.accounts.models import AccessNumber, Account
from domain.calls.admission import Admission
from domain.calls.legs import Legs, Way
from domain.calls.models import THE_SWITCH, CallRequest, Side, State
from domain.calls.priced import PricedLeg
from domain.calls.progress import Progress
from domain.calls.rules import CallRules, paid_rate
from domain.ledger.service import Ledger
from domain.money import Micros
from domain.numbers import E164
from domain.tariffs.rating import longest


@dataclass(frozen=True, slots=True)
class DueCall:
    """A leg A to be rung now; its row is stored already."""

    request_id: int
    session_id: int
    uuid: str
    number: E164
    caller_id: str
    gateway: str
    ring_seconds: int
    stop_seconds: int


@dataclass(frozen=True, slots=True)
class Trunk:
    """The way a leg leaves, and the number that is shown unless there is a better."""

    gateway: str
    caller_id: str
    switch: str = THE_SWITCH


class Dialling:
    """Makes the leg A of a queued request."""

    def __init__(
        self,
        session: Session,
        ledger: Ledger,
        admission: Admission,
        progress: Progress,
        rules: CallRules,
    ) -> None:
        self._session = session
        self._legs = Legs(session)
        self._ledger = ledger
        self._admission = admission
        self._progress = progress
        self._rules = rules

    def dial(
        self,
        account: Account,
        request: CallRequest,
        trunk: Trunk,
        uuid: str,
        now: datetime,
    ) -> DueCall:
        """Store the leg A to be rung. Raises a Refusal, and then has stored nothing.

        Its first window is held from now on: nobody can spend it while it rings.
        """
        session_id = session_of(request)
        access = self._access_number(request)
        terms = self._admission.judge_again(account, request, now)
        funds = self._ledger.afford(account, session_id, terms.needed, now)
        window = terms.leg_a.held.cost(self._rules.window + self._rules.tail)
        held = max(terms.needed, window)
        self._ledger.hold_within(funds, account, session_id, held, now)
        leg = terms.leg_a.leg(
            Side.A, E164(request.leg_a), uuid=uuid, session_id=session_id
        )
        way = Way(trunk.gateway, trunk.switch)
        self._legs.store(leg, terms.leg_a.price, way, now)
        tries = request.attempts + 1
        self._progress.move(request.id, State.DIALLING_A, None, now, attempts=tries)
        shown = access.number if access else trunk.caller_id  # what they texted
        return self._due(request.id, leg, funds, Trunk(trunk.gateway, shown))

    def _due(
        self, request_id: int, leg: PricedLeg, funds: Micros, trunk: Trunk
    ) -> DueCall:
        """The switch ends leg A where the money would if nobody else spent it."""
        rate = paid_rate(leg)
        stop = longest(lambda up: rate.cost(up) <= funds, self._rules.longest_session)
        return DueCall(
            request_id=request_id,
            session_id=leg.session_id,
            uuid=leg.uuid,
            number=leg.number,
            caller_id=trunk.caller_id,
            gateway=trunk.gateway,
            ring_seconds=self._rules.ring,
            stop_seconds=stop,
        )

    def _access_number(self, request: CallRequest) -> AccessNumber | None:
        if request.access_number_id is None:
            return None
        return self._session.get_one(AccessNumber, request.access_number_id)


def session_of(request: CallRequest) -> int:
    """The session of a request that was accepted."""
    if request.session_id is None:
        raise LookupError(f"call request {request.id} was refused: it has no session")
    return request.session_id
