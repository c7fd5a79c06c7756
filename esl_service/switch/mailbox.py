"""Sorting the switch's events to the calls they belong to.

A call has one mailbox, for all its legs, read by the call's own greenlet: what
the switch said in order is heard in order, and a slow call delays no other.
"""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Final

from gevent.queue import Empty, Queue

from esl_service.channel import Goodbye, LinkLost
from esl_service.switch.framing import Event
from esl_service.switch.goodbyes import goodbye_of, occurred_at
from esl_service.switch.standstill import catch_up

_log = logging.getLogger(__name__)

ANSWERED: Final = "CHANNEL_ANSWER"
PARKED: Final = "CHANNEL_PARK"
EXECUTED: Final = "CHANNEL_EXECUTE_COMPLETE"
HUNG_UP: Final = "CHANNEL_HANGUP"
ENDED: Final = "CHANNEL_HANGUP_COMPLETE"
JOB_DONE: Final = "BACKGROUND_JOB"
INBOUND: Final = "inbound"


def has_left(event: Event, leg: str) -> bool:
    """Whether an event tells that this leg has hung up."""
    if event.get("Unique-ID") != leg:
        return False
    hung_up = event.get("Event-Name") in (HUNG_UP, ENDED)
    return hung_up or event.get("Answer-State") == "hangup"


class Silence(Exception):
    """Nothing more came before the deadline."""


class Deadline:
    """A moment so many seconds from now."""

    def __init__(self, seconds: float) -> None:
        self._moment = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds until then, never less than 0."""
        return max(0.0, self._moment - time.monotonic())


class Mailbox:
    """What the switch says about the legs of one call."""

    def __init__(self) -> None:
        self.keys: set[str] = set()
        self.goodbyes: dict[str, Goodbye] = {}
        """Of the legs that have ended, as soon as the switch has said so."""
        self.gone: set[str] = set()
        """Legs that have hung up; their goodbyes may still be on the way."""
        self.answered_at: dict[str, datetime] = {}
        """When legs were picked up, by the switch's clock."""
        self._events: Queue[Event | None] = Queue()
        self._lost = False

    def put(self, event: Event) -> None:
        """Add what the switch said. Never waits."""
        leg = event.get("Unique-ID", "")
        name = event.get("Event-Name")
        if name in (HUNG_UP, ENDED):
            self.gone.add(leg)
        if name == ENDED:
            self.goodbyes[leg] = goodbye_of(event)
        if name == ANSWERED:
            self.answered_at[leg] = occurred_at(event)
        self._events.put(event)

    @property
    def waiting(self) -> int:
        """How many events have not been read yet."""
        return len(self._events)

    def lose(self) -> None:
        """Say that nothing more will come: the link is gone."""
        self._events.put(None)

    def next(self, deadline: Deadline) -> Event:
        """The next event not yet read.

        Raises Silence when there is none before the deadline, and LinkLost
        after the last that came before the link was lost.
        """
        if not self._lost:
            event = self._next(deadline)
            if event is not None:
                return event
            self._lost = True
        raise LinkLost("the link to the switch was lost during the call")

    def _next(self, deadline: Deadline) -> Event | None:
        with suppress(Empty):
            return self._events.get(timeout=deadline.left)
        catch_up()
        try:
            return self._events.get_nowait()
        except Empty:
            raise Silence from None


class PostOffice:
    """Knows whose mailbox an event belongs in, by job or by leg."""

    def __init__(
        self,
        on_orphan: Callable[[Goodbye], None],
        on_arrival: Callable[[Event], None] = lambda _: None,
    ) -> None:
        """`on_arrival` is told of a leg that rings us, before anything more of it."""
        self._boxes: dict[str, Mailbox] = {}
        self._on_orphan = on_orphan
        self._on_arrival = on_arrival

    @property
    def waiting(self) -> int:
        """How many events no call has read yet."""
        boxes = {id(box): box for box in self._boxes.values()}
        return sum(box.waiting for box in boxes.values())

    def open(self, *keys: str) -> Mailbox:
        """A mailbox for everything about these legs and jobs from now on."""
        mailbox = Mailbox()
        for key in keys:
            self.attach(mailbox, key)
        return mailbox

    def attach(self, mailbox: Mailbox, key: str) -> None:
        """Send to this mailbox what is said about one more leg or job.

        Raises ValueError when another call is already waiting for it.
        """
        if key in self._boxes:
            raise ValueError(f"{key} is already in use by a call")
        self._boxes[key] = mailbox
        mailbox.keys.add(key)

    def release(self, mailbox: Mailbox, key: str, *, read: bool) -> None:
        """Stop waiting for a leg or job.

        Unless its goodbye has been `read`, it goes to whoever watches for
        orphans, be it already in the mailbox or yet to come.
        """
        if self._boxes.get(key) is mailbox:
            del self._boxes[key]
        if key in mailbox.keys:
            mailbox.keys.discard(key)
            goodbye = mailbox.goodbyes.get(key)
            if goodbye is not None and not read:
                self._on_orphan(goodbye)

    def orphan(self, goodbye: Goodbye) -> None:
        """Hand the end of a leg that no call awaits to whoever watches for it."""
        self._on_orphan(goodbye)

    def deliver(self, event: Event) -> None:
        """Put an event where it is awaited. Never waits."""
        name = event.get("Event-Name")
        key = event.get("Job-UUID" if name == JOB_DONE else "Unique-ID", "")
        mailbox = self._boxes.get(key)
        if mailbox is not None:
            mailbox.put(event)
        elif name == ENDED and key:
            self._on_orphan(goodbye_of(event))
        elif name == PARKED and event.get("Call-Direction") == INBOUND:
            self._on_arrival(event)
        if name == ENDED:
            self._boxes.pop(key, None)  # nothing is said about it any more

    def knows(self, key: str) -> bool:
        """Whether some call waits to hear of a leg or job."""
        return key in self._boxes

    def lose(self) -> None:
        """Tell every call that the link is gone, and wait for none of them.

        How their legs end is heard by the next link, as of orphans.
        """
        lost = {id(box): box for box in self._boxes.values()}
        self._boxes.clear()
        for mailbox in lost.values():
            mailbox.lose()
