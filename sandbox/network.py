"""A telephone network: handsets by number, and everything that happens to them.

People (through the page, JSON or a test) answer, press and hang up on one
side; the switch rings and plays on the other. Neither knows the other.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Protocol, Self

from gevent.queue import Empty, Queue

from sandbox.behaviour import BadBehaviour, Behaviour, Kind
from sandbox.handset import (
    BadKeys,
    Handset,
    Line,
    NetworkError,
    NotIdle,
    NotRinging,
    NotTalking,
    Sms,
    State,
)

__all__ = [
    "BadBehaviour",
    "BadKeys",
    "BadNumber",
    "Behaviour",
    "Handset",
    "Kind",
    "Line",
    "Network",
    "NetworkError",
    "NotIdle",
    "NotRinging",
    "NotTalking",
    "Sms",
    "State",
    "Subscription",
]

Event = dict[str, object]


class Switchboard(Protocol):
    """Where the calls of handsets come in."""

    def __call__(self, caller: str, number: str, *, shown: str | None) -> object:
        """Take a call from a handset to a number."""


_BACKLOG = 1000  # events kept for a subscriber who does not read
_NUMBER = re.compile(r"\+?([0-9]{3,15})", re.ASCII)


class BadNumber(NetworkError):
    """A number no telephone can have."""


class Subscription:
    """Everything that happens in the network from now on, in order.

    Whoever does not read loses the oldest events first.
    """

    def __init__(self, forget: Callable[["Subscription"], None]) -> None:
        self._forget = forget
        self._events: Queue[Event | None] = Queue()
        self._open = True

    def get(self, timeout: float | None = None) -> Event | None:
        """Wait for the next event; None after `timeout` seconds, or when closed."""
        if not self._open and self._events.empty():
            return None
        try:
            return self._events.get(timeout=timeout)
        except Empty:
            return None

    def put(self, event: Event) -> None:
        """Add an event, forgetting the oldest of too many."""
        if self._events.qsize() >= _BACKLOG:
            self._events.get()
        self._events.put(event)

    def close(self) -> None:
        """Stop listening; a reader who waits is let go."""
        if self._open:
            self._open = False
            self._forget(self)
            self._events.put(None)

    def __iter__(self) -> Iterator[Event]:
        while (event := self.get()) is not None:
            yield event

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Network:
    """All the telephones there are; one comes into being when it is named."""

    def __init__(
        self,
        *,
        habit: Behaviour | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`habit` is what a handset does until it is told otherwise."""
        self._habit = habit or Behaviour()
        self._clock = clock
        self._handsets: dict[str, Handset] = {}
        self._subscriptions: list[Subscription] = []
        self.switchboard: Switchboard | None = None
        """The switch that handsets ring."""

    def handset(self, number: str) -> Handset:
        """Find the telephone of that number (E.164, with or without its plus)."""
        match = _NUMBER.fullmatch(number.strip())
        if match is None:
            raise BadNumber(f"A telephone number is 3 to 15 digits, not {number!r}.")
        number = f"+{match[1]}"
        if number not in self._handsets:
            self._handsets[number] = Handset(number, self._publish)
            self._handsets[number].behaviour = self._habit
        return self._handsets[number]

    def handsets(self) -> list[Handset]:
        """Every telephone named so far, oldest first."""
        return list(self._handsets.values())

    def subscribe(self) -> Subscription:
        """Listen to everything that happens from now on."""
        subscription = Subscription(self._subscriptions.remove)
        self._subscriptions.append(subscription)
        return subscription

    def ring(self, handset: Handset, number: str, shown: str | None = None) -> None:
        """Let a handset ring a number of the switch's.

        `shown` is the number that is told in the place of its own: telephones can
        forge it, or withhold it, which is "". Raises NotIdle, BadNumber.
        """
        for digits in filter(None, (number, shown)):
            if not _NUMBER.fullmatch(digits):
                raise BadNumber(f"A number is 3 to 15 digits, not {digits!r}.")
        if self.switchboard is None:
            raise NetworkError("There is no switch that could be rung.")
        self.switchboard(handset.number, number, shown=shown)

    def receive_sms(self, handset: Handset, sender: str, text: str) -> Sms:
        """Let a message arrive at a handset."""
        message = Sms(sender, handset.number, text, self._clock(), "in")
        handset.show(message)
        return message

    def record_sms(self, handset: Handset, recipient: str, text: str) -> Sms:
        """Keep a message that a handset sent."""
        message = Sms(handset.number, recipient, text, self._clock(), "out")
        handset.show(message)
        return message

    def _publish(self, kind: str, **fields: object) -> None:
        event: Event = {"event": kind, **fields}
        for subscription in list(self._subscriptions):
            subscription.put(event)
