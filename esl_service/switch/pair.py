"""Keeps two links to one FreeSWITCH: one for its events, one for our commands.

Apart, because under a load of events FreeSWITCH stops reading commands.
"""

import logging
import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import gevent
from gevent.event import Event as Signal

from esl_service.channel import LinkLost
from esl_service.switch.commands import Commands
from esl_service.switch.framing import Event
from esl_service.switch.goodbyes import occurred_at
from esl_service.switch.link import SwitchLink
from esl_service.switch.losses import LinkClosed, Refused
from esl_service.switch.mailbox import (
    ANSWERED,
    ENDED,
    EXECUTED,
    HUNG_UP,
    JOB_DONE,
    PARKED,
    Deadline,
    PostOffice,
    Silence,
)
from esl_service.switch.pressure import Pressure
from esl_service.switch.standstill import BREATH, catch_up
from esl_service.switch.uptime import uptime

_log = logging.getLogger(__name__)

_HEARTBEAT: Final = "HEARTBEAT"
_CREATED: Final = "CHANNEL_CREATE"
_HEARD: Final = (
    JOB_DONE,
    _CREATED,
    ANSWERED,
    EXECUTED,
    HUNG_UP,
    ENDED,
    PARKED,
    _HEARTBEAT,
)
"""The events subscribed to; each is several kilobytes, so no more than needed."""

_UNAWAITED: Final = (
    "bind_digit_action",
    "clear_digit_action",
    "digit_action_set_realm",
    "park",
    "sched_hangup",
)
"""Applications that no call waits for; their ends would be a third of all events."""

_FILTERS: Final = (
    *(f"filter Event-Name {name}" for name in _HEARD),
    *(f"filter Application -{name}" for name in _UNAWAITED),
)
"""The switch keeps what no filter lets pass: all that is heard, save these ends."""

_HEARTBEATS_MISSED: Final = 3
_STOOD_STILL: Final = 0.25
"""Woken so many seconds late, we do not know who was silent: the switch, or we."""
_FIRST_PAUSE_SECONDS: Final = 0.2
_LONGEST_PAUSE_SECONDS: Final = 5.0


@dataclass(frozen=True)
class SwitchAddress:
    """Where a FreeSWITCH listens, and how patient to be with it."""

    host: str
    port: int
    password: str = field(repr=False)
    command_seconds: float = 5.0
    """How long a connection and a command may take."""
    heartbeat_seconds: float = 5.0
    """FreeSWITCH's `event-heartbeat-interval`; three missed, and it is lost."""


class Pair:
    """The two links, made anew for ever when either is lost."""

    def __init__(
        self,
        address: SwitchAddress,
        office: PostOffice,
        commands: Commands,
        *,
        on_up: Callable[[], None] = lambda: None,
        rests: Callable[[], float] = lambda: 0.0,
    ) -> None:
        """`on_up` is done each time the links are up, in a greenlet of its own.

        `rests` tells for how many seconds the events that follow others are left
        unread, so that they are read together. Less than BREATH.
        """
        self._address = address
        self._on_up = on_up
        self._rests = rests
        self._office = office
        self._commands = commands
        self.up = Signal()
        """Set while both links are up and events are known to arrive."""
        self.core_uuid = ""
        """The switch's life: another one after it restarted."""
        self.began_at = datetime.now(UTC)
        """When that life began, or later, by our clock."""
        self.pressure = Pressure()
        """Of this link, or of the last one."""
        self._over = Signal()
        self._beat_at = 0.0

    def keep(self) -> None:
        """Connect, serve, and connect again, for ever. Runs in its own greenlet."""
        pause = _FIRST_PAUSE_SECONDS
        while True:
            began = time.monotonic()
            try:
                self._live()
            except LinkLost as loss:
                _log.warning("no link to the switch: %s", loss)
            if time.monotonic() - began > _LONGEST_PAUSE_SECONDS:
                pause = _FIRST_PAUSE_SECONDS
            # Not in step with the other services that lost the same switch.
            gevent.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)

    def cut(self) -> None:
        """End both links; they are made anew. Every call hears LinkLost."""
        self._over.set()

    def _live(self) -> None:
        """One life of both links. Raises LinkLost when it is over."""
        events, commands = self._link(), self._link()
        self._over.clear()
        try:
            events.connect()
            commands.connect()
            self._commands.link = commands
            self._listen(events)
            events.rests = self._rests
            self.up.set()
            _log.info("linked to the switch, core %s", self.core_uuid)
            gevent.spawn(self._on_up)
            self._watch()
        finally:
            self.up.clear()
            self._commands.link = None
            commands.stop()
            events.stop()
            self._office.lose()

    def _link(self) -> SwitchLink:
        where = self._address
        link = SwitchLink(
            where.host, where.port, where.password, timeout=where.command_seconds
        )
        link.register_handle("*", self._office.deliver)
        link.register_handle(_HEARTBEAT, self._felt)
        link.register_handle("DISCONNECT", self._ended)
        return link

    def _listen(self, events: SwitchLink) -> None:
        """Subscribe, and prove it: what one link asks, the other must hear."""
        wishes = [*_FILTERS, f"event json {' '.join(_HEARD)}"]
        for reply in events.send_together([(wish, {}) for wish in wishes]):
            if not reply.text.startswith("+OK"):
                raise Refused(f"the switch does not give us events: {reply.text}")
        job = str(uuid.uuid4())
        mailbox = self._office.open(job)
        self._commands.ask_status(job)
        try:
            event = mailbox.next(Deadline(self._address.command_seconds))
        except Silence:
            raise LinkClosed("the switch does not send us its events") from None
        finally:
            self._office.release(mailbox, job, read=True)
        self._tell_life(event.get("Core-UUID", ""))
        self.began_at = datetime.now(UTC) - uptime(event.get("_body", ""))
        self.pressure = Pressure()
        self._beat_at = time.monotonic()

    def _tell_life(self, core_uuid: str) -> None:
        if self.core_uuid not in ("", core_uuid):
            _log.warning("the switch has restarted: core %s is over", self.core_uuid)
        self.core_uuid = core_uuid

    def _watch(self) -> None:
        patience = _HEARTBEATS_MISSED * self._address.heartbeat_seconds
        while (left := self._beat_at + patience - time.monotonic()) > 0:
            due = time.monotonic() + left
            if self._over.wait(left):
                raise LinkClosed("a link has ended")
            catch_up()
            if time.monotonic() > due + BREATH + _STOOD_STILL:
                self._beat_at = time.monotonic()
        raise LinkClosed(f"no heartbeat for {patience:.0f} s")

    def _felt(self, heartbeat: Event) -> None:
        self._beat_at = time.monotonic()
        took = datetime.now(UTC) - occurred_at(heartbeat)
        self.pressure.felt(waiting=self._office.waiting, took=took.total_seconds())
        if heartbeat.get("Core-UUID", self.core_uuid) != self.core_uuid:
            _log.warning("another switch has answered in this one's place")
            self._over.set()

    def _ended(self, news: Event) -> None:
        _log.info("a link has ended: %s", news["Reason"])
        self._over.set()
