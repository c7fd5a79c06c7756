"""Legs B before they are rung: admitted, held for, with room on a gateway."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from domain.causes import CALLED_OFF
from domain.database import Transaction
from domain.errors import NoRoute, Refusal
from domain.numbers import E164
from domain.routes.exits import Exits, NoRoom, Trunk
from domain.services import Services
from esl_service.channel import Dial, Goodbye
from esl_service.fence import Fence, no_fence
from esl_service.till import Till
from esl_service.trunks import Trunks
from esl_service.visit import Line, Site, Visit

_LOOKS: Final = 8
_BREATH: Final = 0.25
"""So often, and so many seconds apart, full gateways are looked at again."""
_LEAST_RING: Final = 5
"""Seconds: nobody can pick up sooner."""


class Admitting:
    """Where a flow gets its legs B. Each is stored before the switch hears of it."""

    def __init__(
        self,
        transaction: Transaction,
        site: Site,
        *,
        clock: Callable[[], datetime],
        new_uuid: Callable[[], str],
        fence: Fence = no_fence,
        pause: Callable[[float], object] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._transaction = transaction
        self._site = site
        self._clock = clock
        self._new_uuid = new_uuid
        self._pause = pause
        self.till = Till(transaction, clock, site.switch, fence)
        self.trunks = Trunks(transaction, clock)
        own = Trunk(site.gateway, E164(site.caller_id))
        self._exits = Exits(own, self.trunks, chance)
        self.stops: dict[str, datetime] = {}
        """When the switch ends each leg, as it was told."""
        self.reads_records: Callable[[], bool] = lambda: True
        """Settles what the switch has written down; whether that is all of it."""
        self._fence = fence

    def admit(self, visit: Visit, number: E164) -> Line:
        """A leg B, stored and held for, ready to be rung. Raises a Refusal.

        Where its gateways are full just now, waits a moment for one that is not.
        """
        return self._wait_for_room(visit, number)

    @contextmanager
    def until_dialled(self, line: Line) -> Iterator[None]:
        """Whoever leaves before their leg B is dialled does not pay for it."""
        try:
            yield
        except BaseException:
            self.settle(Goodbye(line.dial.uuid, CALLED_OFF, 0, None, self._clock()))
            raise

    def settle(self, goodbye: Goodbye) -> None:
        """A leg has ended: charge it. Waits for no database that is away."""
        self.trunks.ended(goodbye)
        self.till.settle(goodbye)

    # --- in detail -------------------------------------------------------------

    def _another(self, visit: Visit, line: Line, until: datetime) -> Line | None:
        """The same party by a gateway not tried yet, ringing `until` then at most.

        None if there is none, or no time. Raises a Refusal if the money has ended
        meanwhile.
        """
        tried = line.tried | {line.dial.gateway}
        try:
            return self._wait_for_room(visit, E164(line.dial.number), tried, until)
        except NoRoute:
            return None

    def _wait_for_room(
        self,
        visit: Visit,
        number: E164,
        tried: frozenset[str] = frozenset(),
        until: datetime | None = None,
    ) -> Line:
        for _ in range(_LOOKS):
            rings_for = None if until is None else self._seconds_to(until)
            if rings_for is not None and rings_for < _LEAST_RING:
                break
            try:
                return self._admit(visit, number, tried, rings_for)
            except NoRoom:
                self._pause(_BREATH)
        raise NoRoute(number=number)

    def _seconds_to(self, moment: datetime) -> int:
        return int((moment - self._clock()).total_seconds())

    def _admit(
        self, visit: Visit, number: E164, tried: frozenset[str], rings_for: int | None
    ) -> Line:
        uuid = self._new_uuid()
        with self._room_for(uuid), self._transaction() as services:
            return self._line(services, visit, number, uuid, tried, rings_for)

    @contextmanager
    def _room_for(self, uuid: str) -> Iterator[None]:
        """The room that a leg is given on a gateway is free again if that fails."""
        try:
            yield
        except BaseException:
            self.trunks.leave(uuid)
            raise

    def _if_admitted(
        self, services: Services, visit: Visit, number: E164, uuid: str
    ) -> Line | None:
        """A leg B of that UUID, made within a transaction; None if it is refused."""
        try:
            return self._line(services, visit, number, uuid)
        except (Refusal, NoRoom):
            self.trunks.leave(uuid)
            return None

    def _line(
        self,
        services: Services,
        visit: Visit,
        number: E164,
        uuid: str,
        tried: frozenset[str] = frozenset(),
        rings_for: int | None = None,
    ) -> Line:
        self._fence(services)
        admitted = services.sessions.admit(
            visit.session_id,
            number,
            uuid=uuid,
            exits=self._exits,
            now=self._clock(),
            switch=self._site.switch,
            tried=tried,
            rings_for=rings_for,
        )
        dial = Dial(
            uuid=uuid,
            number=number,
            gateway=admitted.gateway,
            caller_id=admitted.caller_id,
            ring_seconds=rings_for or self._site.rules.ring,
            stop_seconds=admitted.seconds,
            tag=f"cb:{visit.session_id}:B",
        )
        return Line(dial, admitted.seconds, tried)
