"""The composition root: makes the parts, keeps the pumps going, stops them."""

from __future__ import annotations  # gevent's classes take no [] at run time

import time
import uuid
from datetime import UTC, datetime
from typing import Final

import gevent
from gevent import Greenlet
from gevent.event import Event
from gevent.lock import BoundedSemaphore
from gevent.pool import Group

from domain.bell import bell_of
from domain.calls.rules import CallRules
from domain.database import Transaction, engine_for, transactions
from domain.lookout import Lookout
from esl_service import lease
from esl_service.beat import Beat
from esl_service.caretaker import Caretaker
from esl_service.channel import Arrival, Channel
from esl_service.desk import Desk
from esl_service.doorbell import Doorbell
from esl_service.front_desk import FrontDesk
from esl_service.lease import Lease
from esl_service.lobby import Lobby
from esl_service.porter import Porter
from esl_service.pumps import closing
from esl_service.pumps.warnings import Warnings
from esl_service.reception import Reception
from esl_service.rounds import Rounds
from esl_service.settings import Settings
from esl_service.shift import Shift
from esl_service.speech import Speech
from esl_service.switch.pair import SwitchAddress
from esl_service.switch.switch import Switch
from esl_service.visit import Site
from esl_service.voice import Voice

EVENTS_TOGETHER: Final = 0.1
"""Seconds; what the switch says within them, after it has said something, is heard at
once, on a beat of the look at the queue. A lone event is heard as it comes."""
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
        self._beat = Beat(time.monotonic)
        rules = CallRules(language=settings.language)
        # Two: a crowd of calls must not keep the lease waiting.
        self._engines = [engine_for(settings.database_url) for _ in range(2)]
        transaction = transactions(self._engines[0], rules)
        self._lease = Lease(
            transactions(self._engines[1]), f"switch {settings.switch_name}"
        )
        site = Site(settings.gateway, settings.caller_id, rules, settings.switch_name)
        self._desk = Desk(
            transaction, site, clock=clock, new_uuid=new_uuid, fence=self._lease.fence
        )
        self._shift = Shift(self._lease, self._desk, begin=self._begin, end=self._end)
        self._switch = self._linked(settings)
        self._caretaker = Caretaker(self._desk, self._switch, settings.records, clock)
        self._desk.reads_records = self._caretaker.all_is_read
        self._calls = Group()
        self._serve(settings, transaction, site)

    def _serve(self, settings: Settings, transaction: Transaction, site: Site) -> None:
        """Make those who serve users, whoever of the two has rung."""
        voice, taking = Voice(settings.sounds), BoundedSemaphore(1)
        lobby = Lobby(transaction, site, clock)
        self._reception = Reception(
            self._switch, self._desk, lobby, voice, settings.keys, clock
        )
        front = FrontDesk(
            transaction, clock=clock, switch=site.switch, fence=self._lease.fence
        )
        front.taking = taking
        self._porter = Porter(self._reception, front, self._desk, clock)
        self._lookout = Lookout(self._engines[1], site.switch)
        bell = bell_of(self._engines[0].url)
        self._doorbell = Doorbell(bell) if bell else None
        self._rounds = Rounds(
            desk=self._desk,
            switch=self._switch,
            lookout=self._lookout,
            lobby=lobby,
            reception=self._reception,
            caretaker=self._caretaker,
            warnings=Warnings(self._desk, self._switch, Speech(voice)),
            works=lambda: self._lease.held,
            taking=taking,
            calls=self._calls,
            beat=self._beat,
            doorbell=self._doorbell,
            clock=clock,
        )

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
            rests=lambda: self._beat.left(EVENTS_TOGETHER),
        )

    def run(self) -> None:
        """Work until `stop` is called.

        Raises what a greenlet died of without which there is no service, so that
        whoever supervises the program starts it again.
        """
        self._rounds.attempt(self._caretaker.recount)
        vital = [
            self._switch.start(),
            *self._rounds.start(self._settings),
            gevent.spawn(self._keep_lease),
        ]
        try:
            ends: list[Greenlet[[], None] | Event] = [*vital, self._rounds.stopping]
            gevent.wait(ends, count=1)
            for greenlet in vital:
                if greenlet.ready():
                    greenlet.get()
        finally:
            self._close()

    def stop(self) -> None:
        """Take no more calls and leave; who talks, talks on."""
        self._rounds.stopping.set()

    def _close(self) -> None:
        self._rounds.stopping.set()
        self._rounds.attempt(self._let_go)
        self._calls.join(timeout=PARTING)
        self._switch.stop()
        self._calls.kill(timeout=PARTING)
        self._rounds.attempt(self._desk.till.settle_kept)
        self._rounds.attempt(self._lease.give_back)
        self._lookout.close()
        if self._doorbell is not None:
            self._doorbell.close()
        for engine in self._engines:
            engine.dispose()

    def _begin(self) -> None:
        """The switch is ours: whoever rang meanwhile waits for us."""
        self._rounds.attempt(self._caretaker.recount)  # another has filled the gateways
        if self._switch.ready:
            self._calls.spawn(self._switch.meet_waiting)

    def _end(self) -> None:
        """The switch is another's: all our calls are theirs now."""
        self._switch.cut()

    def _keep_lease(self) -> None:
        while True:
            self._rounds.attempt(self._shift.look)
            if self._rounds.stopping.wait(self._beat.left(lease.KEPT_EVERY)):
                return

    def _arrived(self, arrival: Arrival, channel: Channel) -> None:
        if not self._shift.works:
            gevent.spawn(channel.goodbye, 0)  # another serves them
        elif self._switch.strained and not arrival.found:  # who was found is few
            self._calls.spawn(self._porter.turn_away, arrival, channel)
        elif not self._rounds.stopping.is_set():
            self._calls.spawn(self._porter.serve, arrival, channel)

    def _let_go(self) -> None:
        closing.step(self._desk.till, self._switch, self._rounds.served)
        self._porter.send_away()
