"""Lines to called parties: dialled, answered, and what is held while they last."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from domain.calls.running import Stop
from domain.calls.talks import Talk
from domain.causes import is_carrier_fault
from domain.database import Unavailable
from esl_service.admitting import Admitting
from esl_service.channel import Dial, Goodbye
from esl_service.till import brief
from esl_service.visit import Line, Parting, Visit

_log = logging.getLogger(__name__)


class Lines(Admitting):
    """Where a flow gets its legs B."""

    def place(
        self,
        visit: Visit,
        line: Line,
        ring: Callable[[Dial, Callable[[datetime], int]], Goodbye],
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

    def answered(self, visit: Visit, line: Line, at: datetime) -> int:
        """B has answered: hold for the first window; how many seconds B may last.

        The answer, which was `at` some moment, may have taken long to be heard.

        While the database is away that is what was promised, which the account could
        pay when B was dialled; the hold follows with the session's next extension.
        """
        limit = self._answered(visit, line, at)
        return line.seconds if limit is None else limit

    def rejoined(self, visit: Visit, line: Line, at: datetime) -> int | None:
        """B, rung before a restart, has answered: as `answered`; None if unknown."""
        return self._answered(visit, line, at)

    def _answered(self, visit: Visit, line: Line, at: datetime) -> int | None:
        now, uuid = self._clock(), line.dial.uuid
        try:
            with self._transaction() as services:
                limit = services.sessions.b_answered(visit.session_id, uuid, now, at)
        except Unavailable as trouble:
            _log.error("nothing held for %s yet: %s", uuid, brief(trouble))
            return None
        self.stops[uuid] = at + timedelta(seconds=limit)
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
