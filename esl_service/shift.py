"""Whether this service works at its switch, or stands by for the one that does."""

from collections import deque
from collections.abc import Callable
from typing import Final

from esl_service.channel import Goodbye
from esl_service.desk import Desk
from esl_service.lease import Lease, Turn

_OVERHEARD: Final = 2_000
"""Ends of legs that a service remembers which stands by."""


class Shift:
    """Keeps the lease; what ended while nobody worked is settled by who works next."""

    def __init__(
        self,
        lease: Lease,
        desk: Desk,
        *,
        begin: Callable[[], object],
        end: Callable[[], object],
    ) -> None:
        self._lease = lease
        self._desk = desk
        self._begin = begin
        self._end = end
        self._overheard: deque[Goodbye] = deque(maxlen=_OVERHEARD)

    @property
    def works(self) -> bool:
        """Whether the switch is ours now."""
        return self._lease.held

    def look(self) -> None:
        """Keep the lease, or take it if it is to be had. Raises Unavailable."""
        worked = self.works
        if self._lease.step() is Turn.LOST:
            self._end()
        elif self.works and not worked:
            self._begin()
        if self.works and self._overheard:
            self._settle_overheard()

    def overhear(self, goodbye: Goodbye) -> None:
        """A leg has ended whose call nobody serves here, or that is another's."""
        if self.works:
            self._desk.settle(goodbye)
        else:
            self._overheard.append(goodbye)

    def _settle_overheard(self) -> None:
        overheard = [each.uuid for each in self._overheard]
        still_open = self._desk.till.still_open(overheard)
        while self._overheard:
            goodbye = self._overheard.popleft()
            if goodbye.uuid in still_open:
                self._desk.settle(goodbye)
