"""A thread of the portal that takes one step after another until it is told to stop."""

import atexit
import logging
from threading import Event, Thread
from typing import Final

from pyramid.config import Configurator
from pyramid.events import ApplicationCreated
from sqlalchemy.exc import SQLAlchemyError

_log = logging.getLogger(__name__)

POLL_S: Final = 1.0
"""What nobody wakes a worker for waits for its next look."""


class Worker:
    """Does what is waiting; `pump` is one step, `start` lets a thread take steps."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._woken = Event()
        self._stopping = Event()
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def pump(self) -> int:
        """Take one step; how much there was to do."""
        raise NotImplementedError

    def start(self) -> None:
        """Begin to take steps."""
        self._thread.start()

    def wake(self) -> None:
        """Look at once: there is something to do."""
        self._woken.set()

    def stop(self) -> None:
        """Let the step that is being taken come to its end, and end."""
        self._stopping.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                if self.pump():
                    continue
            except SQLAlchemyError as trouble:
                _log.error("the %s waits: %s", self._name, type(trouble).__name__)
            except Exception:  # noqa: BLE001 - the thread's boundary: it must live
                _log.exception("the %s met a fault", self._name)
            self._woken.wait(POLL_S)


def employ(config: Configurator, worker: Worker, wakes_at: type) -> None:
    """Let a worker begin with the application, and look whenever it is told so."""

    def begin(_created: ApplicationCreated) -> None:
        worker.start()
        atexit.register(worker.stop)

    def look(_told: object) -> None:
        worker.wake()

    config.add_subscriber(begin, ApplicationCreated)
    config.add_subscriber(look, wakes_at)
