"""Waits for the bell that is rung when a call waits to be made."""

from pathlib import Path

import gevent
from gevent.event import Event


class Doorbell:
    """Hears a file change, by inotify where there is that."""

    def __init__(self, bell: Path) -> None:
        self._rung = Event()
        # libev notes its modification by the second, and its size at once.
        self._watcher = gevent.get_hub().loop.stat(str(bell))
        self._watcher.start(self._rung.set)

    def wait(self, seconds: float) -> bool:
        """Wait until it rings, or for so long; whether it rang since the last time."""
        rung = self._rung.wait(seconds)
        self._rung.clear()
        return rung

    def close(self) -> None:
        """Hear it no more."""
        self._watcher.stop()
        self._watcher.close()
