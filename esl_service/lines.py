"""Lines to called parties: admitted, dialled, answered.

Each is stored and held for before the switch hears of it.
"""

import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from domain.calls.running import Stop
from domain.calls.talks import Talk
from domain.causes import CALLED_OFF, is_carrier_fault
from domain.database import Transaction, Unavailable
from domain.errors import NoRoute
from domain.numbers import E164
from domain.routes.exits import Exits, NoRoom, Trunk
from esl_service.channel import Dial, Goodbye
from esl_service.fence import Fence, no_fence
from esl_service.till import Till, brief
from esl_service.trunks import Trunks
from esl_service.visit import Line, Parting, Site, Visit

_log = logging.getLogger(__name__)

_LOOKS: Final = 8
_BREATH: Final = 0.25
"""So often, and so many seconds apart, full gateways are looked at again."""
_LEAST_RING: Final = 5
"""Seconds: nobody can pick up sooner."""


class Lines:
    """Where a flow gets its legs B."""

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

    def place(
        self,
        visit: Visit,
        line: Line,
        ring: Callable[[Dial, Callable[[], int]], Goodbye],
    ) -> Parting:
        """Ring a called party, by one gateway after another while carriers fail.

        `ring` is told the leg and what to do at its answer. All gateways together
        ring no longer than one: what was promised counts on that. Raises as `ring`
        and `admit`.
        """
        until = self._clock() + timedelta(seconds=self._site.rules.ring)
        while True:
            goodbye = ring(line.dial, partial(self.answered, visit, line))
            parting = Parting(goodbye, self.part(visit, goodbye))
            if goodbye.answered or not is_carrier_fault(goodbye.cause):
                return parting
            another = self._another(visit, line, until)
            if another is None:
                return parting
            line = another

    @contextmanager
    def until_dialled(self, line: Line) -> Iterator[None]:
        """Whoever leaves before their leg B is dialled does not pay for it."""
        try:
            yield
        except BaseException:
            self.settle(Goodbye(line.dial.uuid, CALLED_OFF, 0, None, self._clock()))
            raise

    def answered(self, visit: Visit, line: Line) -> int:
        """B has answered: hold for the first window; seconds until B must stop.

        While the database is away that is what was promised, which the account could
        pay when B was dialled; the hold follows with the session's next extension.
        """
        limit = self._answered(visit, line)
        return line.seconds if limit is None else limit

    def rejoined(self, visit: Visit, line: Line, at: datetime | None) -> int | None:
        """B, rung before a restart, has answered: as `answered`; None if unknown.

        `at` tells when, if that was unheard.
        """
        return self._answered(visit, line, at)

    def _answered(
        self, visit: Visit, line: Line, at: datetime | None = None
    ) -> int | None:
        now, uuid = self._clock(), line.dial.uuid
        try:
            with self._transaction() as services:
                limit = services.sessions.b_answered(visit.session_id, uuid, now, at)
        except Unavailable as trouble:
            _log.error("nothing held for %s yet: %s", uuid, brief(trouble))
            return None
        self.stops[uuid] = now + timedelta(seconds=limit)
        return limit

    def can_go_on(self, visit: Visit) -> bool:
        """Whether leg A can be paid for long enough to be asked again."""
        return self._lasts(self.extend(visit.session_id))

    def part(self, visit: Visit, goodbye: Goodbye) -> bool:
        """B has ended: charge them; whether leg A can go on, as `can_go_on` tells."""
        self.trunks.ended(goodbye)
        return self._lasts(self.till.part(visit.session_id, goodbye))

    def missed(self, visit: Visit, line: Line) -> None:
        """B has ended and nobody heard how: charge what was written down, or is known.

        While records cannot be read that must wait, though the session goes on.
        """
        self.trunks.leave(line.dial.uuid)
        if self.reads_records():
            self.till.settle_lost(line.dial.uuid)
        else:
            self.till.miss(visit.session_id, line.dial.uuid)

    def was_longest(self, visit: Visit, goodbye: Goodbye) -> bool:
        """Whether they were stopped because no call may be longer, money aside."""
        talked = timedelta(microseconds=goodbye.answered_us)
        with self._transaction(write=False) as services:
            return services.talks.was_longest(visit.session_id, talked, self._clock())

    def talk(self, uuid: str) -> Talk | None:
        """The talk of which that leg is the called party, if it is one."""
        with self._transaction(write=False) as services:
            return services.talks.of(uuid)

    def _lasts(self, stop: Stop | None) -> bool:
        return stop is None or stop.seconds >= self._site.rules.shortest

    def extend(self, session_id: int) -> Stop | None:
        """Hold for the next window; where the money ends, what must stop when."""
        with self._transaction() as services:
            return services.sessions.extend(session_id, self._clock())

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
        try:
            with self._transaction() as services:
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
        except BaseException:
            self.trunks.leave(uuid)
            raise
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
