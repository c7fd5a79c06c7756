"""The composition root: makes the parts, keeps the pumps going, stops them."""

from __future__ import annotations  # gevent's classes take no [] at run time

import logging
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import gevent
from gevent import Greenlet
from gevent.event import Event
from gevent.pool import Group

from domain.calls.requests import DueCall
from domain.calls.rules import CallRules
from domain.database import Unavailable, engine_for, transactions
from esl_service.caller import Keys
from esl_service.desk import Desk, Site
from esl_service.pumps import closing, due, holds, lost, records
from esl_service.pumps.records import Left
from esl_service.pumps.warnings import Warnings
from esl_service.reception import Reception, current_call
from esl_service.settings import Settings
from esl_service.speech import Speech
from esl_service.switch.pair import SwitchAddress
from esl_service.switch.records import Records
from esl_service.switch.switch import Switch
from esl_service.till import brief
from esl_service.voice import Voice

_log = logging.getLogger(__name__)

LOOK_AT_ENDS: Final = 0.5
"""Seconds between two looks for calls that are about to end."""
LOOK_FOR_LOST: Final = 5.0
"""Seconds between two looks for legs that nobody serves."""
SETTLE_AGAIN: Final = 1.0
"""Seconds between two attempts to settle what a database that was away left over."""
_BREATH: Final = 0.02
"""Seconds for the calls between two readings of records, where many wait."""
PARTING: Final = 2.0
"""Seconds that calls are given to end when the service does."""


def clock() -> datetime:
    """Tell the time, in UTC."""
    return datetime.now(UTC)


def new_uuid() -> str:
    """Make a UUID for a channel."""
    return str(uuid.uuid4())


class App:
    """One ESL service: one switch, one database, any number of calls."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        rules = CallRules(language=settings.language)
        self._engine = engine_for(settings.database_url)
        self._desk = Desk(
            transactions(self._engine, rules),
            Site(settings.gateway, settings.caller_id, rules),
            clock=clock,
            new_uuid=new_uuid,
        )
        self._switch = Switch(
            SwitchAddress(
                *settings.switch_address,
                settings.switch_password,
                heartbeat_seconds=settings.heartbeat,
            ),
            on_orphan=self._desk.settle,
        )
        self._records = (
            records.Reader(self._desk.till, Records(settings.records))
            if settings.records
            else None
        )
        self._search = lost.Search(self._desk.till, self._switch)
        voice = Voice(settings.sounds)
        self._reception = Reception(
            self._switch, self._desk, voice, keys(settings), clock
        )
        self._warnings = Warnings(self._desk, self._switch, Speech(voice))
        self._calls = Group()
        self._stopping = Event()

    def run(self) -> None:
        """Work until `stop` is called.

        Raises what a greenlet died of without which there is no service, so that
        whoever supervises the program starts it again.
        """
        vital = [
            self._switch.start(),
            self._every(self._settings.poll, self._take_due, linked=True),
            self._every(self._settings.extend_every, self._extend, linked=True),
            self._every(LOOK_AT_ENDS, self._warn, linked=True),
            self._every(LOOK_FOR_LOST, self._look_for_lost, linked=True),
            self._every(SETTLE_AGAIN, self._desk.till.settle_kept),
        ]
        try:
            ends: list[Greenlet[[], None] | Event] = [*vital, self._stopping]
            gevent.wait(ends, count=1)
            for greenlet in vital:
                if greenlet.ready():
                    greenlet.get()
        finally:
            self._close()

    def stop(self) -> None:
        """Take no more calls and leave; who talks, talks on."""
        self._stopping.set()

    def _close(self) -> None:
        self._stopping.set()
        self._attempt(self._let_go)
        self._calls.join(timeout=PARTING)
        self._switch.stop()
        self._calls.kill(timeout=PARTING)
        self._attempt(self._desk.till.settle_kept)
        self._engine.dispose()

    def _every(
        self, seconds: float, step: Callable[[], None], *, linked: bool = False
    ) -> Greenlet[[], None]:
        """Start a pump; one that needs the switch rests while there is no link."""

        def pump() -> None:
            while not self._stopping.wait(seconds):
                if self._switch.ready or not linked:
                    self._attempt(step)

        return gevent.spawn(pump)

    def _attempt(self, step: Callable[[], None]) -> None:
        """Do something that is tried again if the database is away."""
        try:
            step()
        except Unavailable as trouble:
            _log.error("the database is away: %s", brief(trouble))

    def _take_due(self) -> None:
        due.step(self._desk, self._start)

    def _start(self, call: DueCall) -> None:
        self._calls.spawn(self._reception.serve, call)

    def _extend(self) -> None:
        holds.step(self._desk, self._switch, self._served)

    def _warn(self) -> None:
        self._warnings.step(clock())

    def _look_for_lost(self) -> None:
        if not self._all_is_read():
            return  # who is on record is not lost
        self._search.step(self._served, clock())

    def _all_is_read(self) -> bool:
        """Read the switch's records; whether none is left."""
        if self._records is None:
            return True
        while (left := self._records.step(clock())) is Left.MORE:
            gevent.sleep(_BREATH)
        return left is Left.NOTHING

    def _let_go(self) -> None:
        closing.step(self._desk.till, self._switch, self._served)

    @property
    def _served(self) -> set[int]:
        return set(self._reception.present.values())


def keys(settings: Settings) -> Keys:
    """What the settings say of keypads."""
    return Keys(
        patience=settings.patience,
        pause=settings.pause,
        drop=settings.drop_keys,
        status=settings.status_key,
        redial=settings.redial_key,
        language=settings.language_key,
    )


class CallFilter(logging.Filter):
    """Puts the call's UUID on every log line that is about one."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every line; the UUID stands behind the logger's name."""
        call = current_call.get()
        if call:
            record.name = f"{record.name} [{call}]"
        return True
