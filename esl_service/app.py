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
from gevent.lock import BoundedSemaphore
from gevent.pool import Group

from domain.calls.requests import DueCall
from domain.calls.rules import CallRules
from domain.database import Unavailable, engine_for, transactions
from domain.lookout import Lookout
from esl_service import lease
from esl_service.caller import Keys
from esl_service.channel import Arrival, Channel, Superseded
from esl_service.desk import Desk
from esl_service.front_desk import FrontDesk
from esl_service.lease import Lease
from esl_service.lobby import Lobby, Stay
from esl_service.porter import Porter
from esl_service.pumps import (
    adopting,
    closing,
    due,
    hangups,
    holds,
    lives,
    lost,
    records,
    strangers,
)
from esl_service.pumps.records import Left
from esl_service.pumps.warnings import Warnings
from esl_service.reception import Reception, current_call
from esl_service.settings import Settings
from esl_service.shift import Shift
from esl_service.speech import Speech
from esl_service.switch.pair import SwitchAddress
from esl_service.switch.records import Records
from esl_service.switch.switch import Switch
from esl_service.till import brief
from esl_service.visit import Site
from esl_service.voice import Voice

_log = logging.getLogger(__name__)

LOOK_FOR_USERS: Final = 0.5
"""Seconds between two looks for users whom nobody serves."""
LOOK_AT_ENDS: Final = 0.5
"""Seconds between two looks for calls that are about to end."""
LOOK_FOR_LOST: Final = 5.0
"""Seconds between two looks for legs that are gone and have not been settled."""
LOOK_FOR_STRANGERS: Final = 30.0
"""Seconds between two looks for legs that the database does not know."""
LOOK_AT_LIFE: Final = 0.2
"""Seconds between two looks whether the switch has restarted."""
LOOK_FOR_HANG_UPS: Final = 1.0
"""Seconds between two looks for calls that their users want to end."""
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
        # Two: a crowd of calls must not keep the lease waiting.
        self._engines = [engine_for(settings.database_url) for _ in range(2)]
        transaction = transactions(self._engines[0], rules)
        self._lookout = Lookout(self._engines[1], settings.switch_name)
        self._lease = Lease(
            transactions(self._engines[1]), f"switch {settings.switch_name}"
        )
        site = Site(settings.gateway, settings.caller_id, rules, settings.switch_name)
        fence = self._lease.fence
        self._desk = Desk(
            transaction, site, clock=clock, new_uuid=new_uuid, fence=fence
        )
        self._desk.reads_records = self._all_is_read
        self._shift = Shift(self._lease, self._desk, begin=self._begin, end=self._end)
        self._switch = self._linked(settings)
        self._look_after(settings)
        self._lobby = Lobby(transaction, site, clock)
        voice = Voice(settings.sounds)
        self._reception = Reception(
            self._switch, self._desk, self._lobby, voice, keys(settings), clock
        )
        self._warnings = Warnings(self._desk, self._switch, Speech(voice))
        self._taking = BoundedSemaphore(1)
        front = FrontDesk(
            transaction, clock=clock, switch=settings.switch_name, fence=fence
        )
        front.taking = self._taking
        self._porter = Porter(self._reception, front, self._desk, clock)
        self._calls = Group()
        self._reading = BoundedSemaphore(1)
        self._stopping = Event()

    def _linked(self, settings: Settings) -> Switch:
        """The switch, told to listen to us only while the lease is ours."""
        return Switch(
            SwitchAddress(
                *settings.switch_address,
                settings.switch_password,
                heartbeat_seconds=settings.heartbeat,
            ),
            on_orphan=self._shift.overhear,
            on_arrival=self._arrived,
            leads=lambda: self._lease.held,
        )

    def _look_after(self, settings: Settings) -> None:
        """Get ready to look for legs that nobody hears of."""
        till = self._desk.till
        self._records = (
            records.Reader(till, Records(settings.records))
            if settings.records
            else None
        )
        self._search = lost.Search(
            till, self._switch, all_is_written=self._records is not None
        )
        self._strangers = strangers.Watch(till, self._switch)
        self._lives = lives.Lives(till, self._switch)

    def run(self) -> None:
        """Work until `stop` is called.

        Raises what a greenlet died of without which there is no service, so that
        whoever supervises the program starts it again.
        """
        self._attempt(self._recount)
        vital = [
            self._switch.start(),
            self._every(self._settings.poll, self._take_due, linked=True),
            self._every(self._settings.extend_every, self._extend, linked=True),
            self._every(LOOK_FOR_USERS, self._look_for_users, linked=True),
            self._every(LOOK_AT_ENDS, self._warn, linked=True),
            self._every(LOOK_FOR_LOST, self._look_for_lost, linked=True),
            self._every(LOOK_FOR_STRANGERS, self._strangers.step, linked=True),
            self._every(LOOK_AT_LIFE, self._look_at_life, linked=True),
            self._every(LOOK_FOR_HANG_UPS, self._hang_up, linked=True),
            self._every(SETTLE_AGAIN, self._desk.till.settle_kept),
            gevent.spawn(self._keep_lease),
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
        self._attempt(self._lease.give_back)
        self._lookout.close()
        for engine in self._engines:
            engine.dispose()

    def _every(
        self, seconds: float, step: Callable[[], None], *, linked: bool = False
    ) -> Greenlet[[], None]:
        """Start a pump; one that needs the switch rests while we cannot work there."""

        def pump() -> None:
            while not self._stopping.wait(seconds):
                if not linked or (self._switch.ready and self._lease.held):
                    self._attempt(step)

        return gevent.spawn(pump)

    def _attempt(self, step: Callable[[], None]) -> None:
        """Do something that is tried again if the database is away."""
        try:
            step()
        except Unavailable as trouble:
            _log.error("the database is away: %s", brief(trouble))
        except Superseded as news:
            _log.warning("left undone: %s", news)

    def _begin(self) -> None:
        """The switch is ours: whoever rang meanwhile waits for us."""
        self._attempt(self._recount)  # another has filled the gateways
        if self._switch.ready:
            self._calls.spawn(self._switch.meet_waiting)

    def _end(self) -> None:
        """The switch is another's: all our calls are theirs now."""
        self._switch.cut()

    def _keep_lease(self) -> None:
        while True:
            self._attempt(self._shift.look)
            if self._stopping.wait(lease.KEPT_EVERY):
                return

    def _take_due(self) -> None:
        if self._switch.strained:
            return  # those who are on the line come first
        if self._lookout.look().is_due(clock()):
            with self._taking:
                due.step(self._desk, self._start)

    def _start(self, call: DueCall) -> None:
        self._reception.present[call.uuid] = call.session_id
        self._calls.spawn(self._reception.serve, call)

    def _look_for_users(self) -> None:
        if self._lookout.look().on_the_line:
            with self._taking:  # who is being taken now is not left by anybody
                adopting.step(self._lobby, self._switch, self._served, self._resume)

    def _resume(self, stay: Stay) -> None:
        self._reception.present[stay.uuid] = stay.session_id
        self._calls.spawn(self._reception.resume, stay)

    def _arrived(self, arrival: Arrival, channel: Channel) -> None:
        if not self._shift.works:
            gevent.spawn(channel.goodbye, 0)  # another serves them
        elif self._switch.strained and not arrival.found:  # who was found is few
            self._calls.spawn(self._porter.turn_away, arrival, channel)
        elif not self._stopping.is_set():
            self._calls.spawn(self._porter.serve, arrival, channel)

    def _extend(self) -> None:
        holds.step(self._desk, self._switch, self._served)

    def _warn(self) -> None:
        self._warnings.step(clock())

    def _recount(self) -> None:
        """Know how full the gateways are, whoever began the calls."""
        self._desk.trunks.recount(self._desk.till.open_legs())

    def _hang_up(self) -> None:
        if self._lookout.look().to_hang_up:
            hangups.step(self._desk.till, self._switch)

    def _look_for_lost(self) -> None:
        all_is_read = self._all_is_read()  # and who is on record is not lost
        open_legs = self._desk.till.open_legs()
        self._desk.trunks.recount(open_legs)
        if all_is_read:
            self._desk.till.settle_missed()
            self._search.step(open_legs, self._served)

    def _look_at_life(self) -> None:
        if self._lives.over and self._all_is_read():
            self._lives.step(self._served)

    def _all_is_read(self) -> bool:
        """Read the switch's records; whether none is left."""
        if self._records is None:
            return True
        with self._reading:
            while (left := self._records.step(clock())) is Left.MORE:
                gevent.sleep(_BREATH)
        return left is Left.NOTHING

    def _let_go(self) -> None:
        closing.step(self._desk.till, self._switch, self._served)
        self._porter.send_away()

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
