"""What this service does again and again, each thing at its own pace."""

from __future__ import annotations  # gevent's classes take no [] at run time

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from typing import Final

import gevent
from gevent import Greenlet
from gevent.event import Event
from gevent.pool import Group

from domain.calls.requests import DueCall
from domain.database import Unavailable
from domain.lookout import Lookout
from esl_service.beat import Beat
from esl_service.caretaker import Caretaker
from esl_service.channel import Superseded
from esl_service.desk import Desk
from esl_service.doorbell import Doorbell
from esl_service.lobby import Lobby, Stay
from esl_service.pumps import adopting, due, hangups, holds
from esl_service.pumps.warnings import Warnings
from esl_service.reception import Reception
from esl_service.settings import Settings
from esl_service.switch.switch import Switch
from esl_service.till import brief

_log = logging.getLogger(__name__)

LOOK_UNRUNG: Final = 0.5
"""Seconds between two looks at the queue while nobody rings for it."""
LOOK_FOR_USERS: Final = 0.5
"""Seconds between two looks for users whom nobody serves."""
LOOK_AT_ENDS: Final = 0.5
"""Seconds between two looks for calls that are about to end."""
LOOK_FOR_LOST: Final = 5.0
"""Seconds between two looks for legs that are gone and have not been settled."""
LOOK_FOR_STRANGERS: Final = 30.0
"""Seconds between two looks for legs that the database does not know."""
LOOK_AT_LIFE: Final = 0.5
"""Seconds between two looks whether the switch has restarted."""
LOOK_FOR_HANG_UPS: Final = 1.0
"""Seconds between two looks for calls that their users want to end."""
SETTLE_AGAIN: Final = 1.0
"""Seconds between two attempts to settle what a database that was away left over."""


class Rounds:
    """Starts the pumps, and gives them what they work on."""

    def __init__(
        self,
        *,
        desk: Desk,
        switch: Switch,
        lookout: Lookout,
        lobby: Lobby,
        reception: Reception,
        caretaker: Caretaker,
        warnings: Warnings,
        works: Callable[[], bool],
        taking: AbstractContextManager[object],
        calls: Group,
        beat: Beat,
        doorbell: Doorbell | None,
        clock: Callable[[], datetime],
    ) -> None:
        """While it `works` the switch is ours; `taking` is held by whoever takes users.

        Each of the `calls` is a greenlet of its own. Without a `doorbell` the queue is
        looked at again and again.
        """
        self._desk = desk
        self._switch = switch
        self._lookout = lookout
        self._lobby = lobby
        self._reception = reception
        self._caretaker = caretaker
        self._warnings = warnings
        self._works = works
        self._taking = taking
        self._calls = calls
        self._beat = beat
        self._doorbell = doorbell
        self._next_due: datetime | None = None
        self._looked_at = 0.0
        self._clock = clock
        self.stopping = Event()
        """Set when no more is to be done."""

    def start(self, settings: Settings) -> list[Greenlet[[], None]]:
        """Start every pump; none of them ends before `stopping`, unless of a bug."""
        careful = self._caretaker
        return [
            self._pump(
                partial(self._until_due, settings.poll), self.take_due, linked=True
            ),
            self._every(settings.extend_every, self._extend, linked=True),
            self._every(LOOK_FOR_USERS, self._look_for_users, linked=True),
            self._every(LOOK_AT_ENDS, self._warn, linked=True),
            self._every(LOOK_FOR_LOST, self._look_for_lost, linked=True),
            self._every(LOOK_FOR_STRANGERS, careful.look_for_strangers, linked=True),
            self._every(LOOK_AT_LIFE, self._look_at_life, linked=True),
            self._every(LOOK_FOR_HANG_UPS, self._hang_up, linked=True),
            self._every(SETTLE_AGAIN, self._desk.till.settle_kept),
        ]

    def attempt(self, step: Callable[[], None]) -> None:
        """Do something that is tried again if the database is away."""
        try:
            step()
        except Unavailable as trouble:
            _log.error("the database is away: %s", brief(trouble))
        except Superseded as news:
            _log.warning("left undone: %s", news)

    def take_due(self) -> None:
        """Ring whoever is due to be rung."""
        if self._switch.strained:
            return  # those who are on the line come first
        self._looked_at = time.monotonic()
        outlook = self._lookout.look()
        self._next_due = outlook.next_due
        if outlook.is_due(self._clock()):
            with self._taking:
                due.step(self._desk, self._start)

    @property
    def served(self) -> set[int]:
        """The sessions whose users are served here."""
        return set(self._reception.present.values())

    def _every(
        self, seconds: float, step: Callable[[], None], *, linked: bool = False
    ) -> Greenlet[[], None]:
        """Start a pump that works on a beat of its own."""
        return self._pump(partial(self._rest, seconds), step, linked=linked)

    def _pump(
        self, rest: Callable[[], None], step: Callable[[], None], *, linked: bool
    ) -> Greenlet[[], None]:
        """Start a pump; one that needs the switch rests while we cannot work there."""

        def pump() -> None:
            while True:
                rest()
                if self.stopping.is_set():
                    return
                if not linked or (self._switch.ready and self._works()):
                    self.attempt(step)

        return gevent.spawn(pump)

    def _rest(self, seconds: float) -> None:
        gevent.sleep(self._beat.left(seconds))  # cheaper than to wait for `stopping`

    def _until_due(self, poll: float) -> None:
        """Wait until somebody may be due to be rung."""
        if self._doorbell is None:
            self._rest(poll)
            return
        pause = self._beat.left(LOOK_UNRUNG)
        if self._next_due is not None:
            left = (self._next_due - self._clock()).total_seconds()
            pause = min(pause, max(left, self._beat.left(poll)))
        if self._doorbell.wait(pause) and time.monotonic() < self._looked_at + poll:
            self._rest(poll)  # so many ring that they are heard together
            self._doorbell.wait(0)

    def _start(self, call: DueCall) -> None:
        self._reception.present[call.uuid] = call.session_id
        self._calls.spawn(self._reception.serve, call)

    def _look_for_users(self) -> None:
        if self._lookout.look().on_the_line:
            with self._taking:  # who is being taken now is not left by anybody
                adopting.step(self._lobby, self._switch, self.served, self._resume)

    def _resume(self, stay: Stay) -> None:
        self._reception.present[stay.uuid] = stay.session_id
        self._calls.spawn(self._reception.resume, stay)

    def _extend(self) -> None:
        holds.step(self._desk, self._switch, self.served)

    def _warn(self) -> None:
        self._warnings.step(self._clock())

    def _hang_up(self) -> None:
        if self._lookout.look().to_hang_up:
            hangups.step(self._desk.till, self._switch)

    def _look_for_lost(self) -> None:
        self._caretaker.look_for_lost(self.served)

    def _look_at_life(self) -> None:
        self._caretaker.look_at_life(self.served)
