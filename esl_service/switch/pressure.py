"""How far the service is behind the switch, as its heartbeat shows. Knows no clock.

FreeSWITCH keeps a hundred thousand events for a client who does not read, and then cuts
it off and forgets them. Long before that this service takes no new calls.
"""

import logging
from typing import Final

_log = logging.getLogger(__name__)

_MANY: Final = 2_000
"""Events that wait for the calls they belong to: some seconds of work."""
_LATE_SECONDS: Final = 3.0
"""A heartbeat so much later than the quickest one has waited behind other events."""
_RELIEVED: Final = 0.5
"""The share of either mark below which the strain is over."""


class Pressure:
    """What one link's heartbeats have shown, one after the other."""

    def __init__(self) -> None:
        self.waiting = 0
        """Events that calls had not read yet."""
        self.late = 0.0
        """Seconds that the last heartbeat was later than the quickest one."""
        self.most = 0
        self.latest = 0.0
        self.strained = False
        """Whether no call should be added to those there are."""
        self.times_strained = 0
        self._quickest: float | None = None

    def felt(self, *, waiting: int, took: float) -> None:
        """A heartbeat has come after `took` seconds, by two clocks that may differ."""
        quickest = took if self._quickest is None else min(took, self._quickest)
        self._quickest = quickest
        self.waiting, self.late = waiting, took - quickest
        self.most = max(self.most, waiting)
        self.latest = max(self.latest, self.late)
        share = max(waiting / _MANY, self.late / _LATE_SECONDS)
        if share >= 1 and not self.strained:
            self.strained = True
            self.times_strained += 1
            _log.warning("too much at once, no call is added: %s", self)
        elif share < _RELIEVED and self.strained:
            self.strained = False
            _log.warning("calls are taken again: %s", self)

    def __str__(self) -> str:
        return (
            f"{self.waiting} events wait (most {self.most}), the last came"
            f" {self.late:.1f} s late (most {self.latest:.1f}),"
            f" strained {self.times_strained} times"
        )
