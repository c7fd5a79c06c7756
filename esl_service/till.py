"""Where legs are paid for when they end, each once."""

import logging
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.calls.models import THE_SWITCH, Side, State
from domain.calls.sessions import Ending, Stop
from domain.database import Transaction, Unavailable
from domain.services import Services
from esl_service.channel import Goodbye
from esl_service.fence import Fence, no_fence

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OpenLeg:
    """A leg that has not ended, and whether its session has somebody talking."""

    uuid: str
    session_id: int
    gateway: str
    made_at: datetime
    is_a: bool
    """Whether it is the user's."""
    answered: bool
    talking: bool


class Till:
    """Settles legs. A goodbye that cannot be settled now is kept and not forgotten.

    A call must not wait for a database that is away, and what the switch says of a
    leg's end it says once.
    """

    def __init__(
        self,
        transaction: Transaction,
        clock: Callable[[], datetime],
        switch: str = THE_SWITCH,
        fence: Fence = no_fence,
    ) -> None:
        """`fence` guards what is given up. An end that was told anybody may write."""
        self._transaction = transaction
        self._clock = clock
        self._switch = switch
        self._kept: deque[Goodbye] = deque()
        self._missed: dict[str, datetime] = {}
        self._fence = fence

    def settle(self, goodbye: Goodbye) -> None:
        """A leg has ended: charge it, once, however often this is told."""
        try:
            self._settle(goodbye)
        except Unavailable as trouble:
            _log.error(
                "leg %s is to be settled later: %s", goodbye.uuid, brief(trouble)
            )
            self._kept.append(goodbye)

    def part(self, session_id: int, goodbye: Goodbye) -> Stop | None:
        """Charge a leg B that has ended, and hold for who stays on the line.

        Where their money ends, say when. Raises Unavailable; the goodbye is kept.
        """
        try:
            with self._transaction() as services:
                return services.sessions.part(
                    session_id, goodbye.uuid, _ending(goodbye), self._clock()
                )
        except Unavailable:
            self._kept.append(goodbye)
            raise

    def settle_kept(self) -> None:
        """Settle what could not be settled before. Raises Unavailable."""
        while self._kept:
            goodbye = self._kept[0]
            self._settle(goodbye)
            if self._kept and self._kept[0] is goodbye:  # nobody else has, meanwhile
                self._kept.popleft()
            _log.info("leg %s was settled after all", goodbye.uuid)

    def settle_recorded(self, goodbye: Goodbye) -> None:
        """Charge a leg by what the switch wrote of its end. Raises Unavailable."""
        self._settle(goodbye)

    def still_open(self, uuids: Collection[str]) -> Collection[str]:
        """Those of the legs that are ours and have not been settled."""
        if not uuids:
            return ()
        with self._transaction(write=False) as services:
            return services.sessions.open_among(uuids)

    def settle_lost(
        self, uuid: str, *, unrung: bool = False, lived_until: datetime | None = None
    ) -> None:
        """A leg is gone and nobody heard it end: charge what is known of it.

        Unless it was answered it was `unrung`, if it is certain that the switch
        has written down every end.
        """
        now = self._clock()
        with self._transaction() as services:
            self._fence(services)
            if services.sessions.settle_lost(
                uuid, now, unrung=unrung, lived_until=lived_until
            ):
                _tell_if_in_vain(services, uuid, now)

    def miss(self, session_id: int, uuid: str) -> None:
        """A leg is gone whose record cannot be read yet, and its session goes on.

        Whatever is held for that from now on is not for this leg.
        """
        with self._transaction(write=False) as services:
            held_at = services.ledger.held_at(session_id)
        self._missed[uuid] = held_at or self._clock()

    def settle_missed(self) -> None:
        """All records have been read: charge what is known of who has none."""
        for uuid, lived_until in list(self._missed.items()):
            self.settle_lost(uuid, lived_until=lived_until)
            del self._missed[uuid]

    def legs_to_hang_up(self) -> Sequence[str]:
        """The legs of our switch whose users asked from elsewhere that they end."""
        with self._transaction(write=False) as services:
            return services.hangups.legs(self._switch)

    def open_legs(self) -> list[OpenLeg]:
        """Every leg of our switch that has not ended, as the database knows it."""
        with self._transaction(write=False) as services:
            legs = services.sessions.all_open_legs(self._switch)
            talking = {
                leg.session_id for leg in legs if leg.side is Side.B and leg.answered_at
            }
            return [
                OpenLeg(
                    uuid=leg.uuid,
                    session_id=leg.session_id,
                    gateway=leg.gateway,
                    made_at=leg.made_at,
                    is_a=leg.side is Side.A,
                    answered=leg.answered_at is not None,
                    talking=leg.session_id in talking,
                )
                for leg in legs
            ]

    def _settle(self, goodbye: Goodbye) -> None:
        now = self._clock()
        with self._transaction() as services:
            settled = services.sessions.settle(goodbye.uuid, _ending(goodbye), now)
            if settled and not goodbye.answered:
                _tell_if_in_vain(services, goodbye.uuid, now)


def brief(trouble: Exception) -> str:
    """The first line of what a database says of itself; the rest is its query."""
    return str(trouble).partition("\n")[0]


def _ending(goodbye: Goodbye) -> Ending:
    return Ending(
        goodbye.cause, goodbye.answered_us, goodbye.answered_at, goodbye.ended_at
    )


def _tell_if_in_vain(services: Services, uuid: str, now: datetime) -> None:
    """Tell by SMS that leg A was never reached and will not be rung again."""
    leg = services.sessions.leg(uuid)
    if leg is None or leg.side is not Side.A or leg.answered_at is not None:
        return
    request = services.requests.for_session(leg.session_id)
    if request is not None and request.state is State.DONE:
        services.messages.tell_failure(request, now)
