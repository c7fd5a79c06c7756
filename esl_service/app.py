"""The composition root: makes the parts, keeps the pumps going, stops them."""

import logging
import logging.config
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import gevent
from gevent.event import Event
from gevent.pool import Group

from domain.calls.requests import DueCall
from domain.calls.rules import CallRules
from domain.database import engine_for, transactions
from esl_service.caller import Keys
from esl_service.channel import Goodbye
from esl_service.desk import Desk, Site
from esl_service.pumps import due, holds, lost
from esl_service.reception import Reception, current_call
from esl_service.settings import Settings
from esl_service.switch.pair import SwitchAddress
from esl_service.switch.switch import Switch
from esl_service.voice import Voice

_log = logging.getLogger(__name__)

LOOK_FOR_LOST: Final = 10.0
"""Seconds between two looks for legs that nobody serves."""


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
        rules = CallRules()
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
            on_orphan=self._orphan,
            on_connected=self._connected,
        )
        self._reception = Reception(
            self._switch, self._desk, Voice(settings.sounds), keys(settings), clock
        )
        self._calls = Group()
        self._stopping = Event()

    def run(self) -> None:
        """Work until `stop` is called. A pump that dies takes the service down."""
        self._switch.start()
        settings = self._settings
        pumps = [
            self._every(settings.poll, self._take_due),
            self._every(settings.extend_every, self._extend),
            self._every(LOOK_FOR_LOST, self._look_for_lost),
        ]
        try:
            gevent.joinall([gevent.spawn(pump) for pump in pumps], raise_error=True)
        finally:
            self._stopping.set()
            self._switch.stop()
            self._calls.kill(timeout=2)
            self._engine.dispose()

    def stop(self) -> None:
        """Stop taking calls and leave; who talks, talks on."""
        self._stopping.set()

    def _every(self, seconds: float, step: Callable[[], None]) -> Callable[[], None]:
        def pump() -> None:
            while not self._stopping.wait(seconds):
                if self._switch.ready:
                    step()

        return pump

    def _take_due(self) -> None:
        due.step(self._desk, self._start)

    def _extend(self) -> None:
        holds.step(self._desk, self._switch)

    def _look_for_lost(self) -> None:
        served = set(self._reception.present.values())
        lost.step(self._desk, self._switch, served, clock())

    def _start(self, call: DueCall) -> None:
        self._calls.spawn(self._reception.serve, call)

    def _orphan(self, goodbye: Goodbye) -> None:
        self._desk.settle(goodbye)

    def _connected(self) -> None:
        _log.info("the switch is there")


def keys(settings: Settings) -> Keys:
    """What the settings say of keypads."""
    return Keys(
        patience=settings.patience,
        pause=settings.pause,
        drop=settings.drop_keys,
        status=settings.status_key,
        redial=settings.redial_key,
    )


class CallFilter(logging.Filter):
    """Puts the call's UUID on every log line."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every line."""
        record.call = current_call.get()
        return True
