"""Lines to called parties: admitted, dialled, answered.

Each is stored and held for before the switch hears of it.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.calls.models import THE_SWITCH
from domain.calls.rules import CallRules
from domain.calls.running import Stop
from domain.calls.talks import Talk
from domain.database import Transaction, Unavailable
from domain.numbers import E164
from domain.services import Services
from esl_service.channel import CALLED_OFF, Dial, Goodbye
from esl_service.till import Till, brief
from esl_service.visit import Visit

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Line:
    """A leg B about to be dialled, and the seconds that may be promised."""

    dial: Dial
    seconds: int


@dataclass(frozen=True, slots=True)
class Site:
    """What the operator has chosen for every call."""

    gateway: str
    caller_id: str
    rules: CallRules
    switch: str = THE_SWITCH
    """What the switch of this service is called, among several."""


class Lines:
    """Where a flow gets its legs B."""

    def __init__(
        self,
        transaction: Transaction,
        site: Site,
        *,
        clock: Callable[[], datetime],
        new_uuid: Callable[[], str],
    ) -> None:
        self._transaction = transaction
        self._site = site
        self._clock = clock
        self._new_uuid = new_uuid
        self.till = Till(transaction, clock, site.switch)
        self.stops: dict[str, datetime] = {}
        """When the switch ends each leg, as it was told."""
        self.reads_records: Callable[[], bool] = lambda: True
        """Settles what the switch has written down; whether that is all of it."""
        self.fence: Callable[[Services], None] = lambda _services: None
        """Refuses to let us write once another service works here: Superseded."""

    def admit(self, visit: Visit, number: E164) -> Line:
        """A leg B, stored and held for, ready to be rung. Raises a Refusal."""
        uuid = self._new_uuid()
        with self._transaction() as services:
            self.fence(services)
            seconds = services.sessions.admit(
                visit.session_id,
                number,
                uuid=uuid,
                gateway=self._site.gateway,
                now=self._clock(),
                switch=self._site.switch,
            )
        dial = Dial(
            uuid=uuid,
            number=number,
            gateway=self._site.gateway,
            caller_id=visit.leg_a,
            ring_seconds=self._site.rules.ring,
            stop_seconds=seconds,
            tag=f"cb:{visit.session_id}:B",
        )
        return Line(dial, seconds)

    @contextmanager
    def until_dialled(self, line: Line) -> Iterator[None]:
        """Whoever leaves before their leg B is dialled does not pay for it."""
        try:
            yield
        except BaseException:
            self.till.settle(
                Goodbye(line.dial.uuid, CALLED_OFF, 0, None, self._clock())
            )
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
        return self._lasts(self.till.part(visit.session_id, goodbye))

    def missed(self, line: Line) -> None:
        """B has ended and nobody heard how: charge what was written down, or is known.

        What cannot be known yet is left to whoever looks after lost legs.
        """
        if self.reads_records():
            self.till.settle_lost(line.dial.uuid)

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
