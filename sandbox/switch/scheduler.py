"""What legs are to suffer later: hang-ups and announcements, by leg.

The switch's clock has whole seconds. Something due in three of them is due when
the clock shows three more, so it comes up to a second early.
"""

import math
import time
from collections import defaultdict
from collections.abc import Callable

import gevent


def parse_delay(text: str) -> float | None:
    """Read `+seconds`, or a moment in seconds since 1970; None if neither.

    Returns seconds from now.
    """
    now = time.time()
    if not text.removeprefix("+").isdecimal():
        return None
    if not text.startswith("+"):
        return max(0.0, int(text) - now)
    seconds = int(text[1:])
    return max(0.0, math.floor(now) + seconds - now) if seconds else 0.0


class Scheduler:
    """Tasks that wait, each belonging to a leg."""

    def __init__(self) -> None:
        self._tasks: dict[str, list[gevent.Greenlet[[], None]]] = defaultdict(list)

    def add(self, uuid: str, seconds: float, action: Callable[[], None]) -> None:
        """Do something to a leg in so many seconds."""
        self._tasks[uuid].append(gevent.spawn_later(seconds, action))

    def cancel(self, uuid: str) -> int:
        """Forget everything that waits for a leg; returns how much there was."""
        tasks = self._tasks.pop(uuid, [])
        waiting = [task for task in tasks if not task.started or not task.dead]
        for task in waiting:
            if task is not gevent.getcurrent():
                task.kill(block=False)
        return len(waiting)
