"""Two clients of an Event Socket that can be asked the same: ours, and greenswitch's.

What a test asks of both shows what ours does where plain greenswitch does not.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import gevent
from gevent.event import AsyncResult
from greenswitch import InboundESL

from esl_service.switch.link import SwitchLink
from esl_service.switch.mailbox import Deadline, PostOffice
from sandbox.switch.wire import event_frame
from tests.switch.scripted import PASSWORD

LIMIT = 1.0
"""Seconds after which somebody who waits for nothing counts as frozen."""


@contextmanager
def in_time(seconds: float = LIMIT) -> Iterator[None]:
    """Fail whatever waits for ever."""
    with gevent.Timeout(seconds, AssertionError("it waits for ever")):
        yield


class Ours:
    """Our link, and the calls' mailboxes behind it."""

    style = "json"

    def __init__(self, port: int) -> None:
        self.link = SwitchLink("127.0.0.1", port, PASSWORD, timeout=0.5)
        self.events: list[dict] = []
        self.ended: AsyncResult = AsyncResult()
        self._office = PostOffice(lambda _goodbye: None)
        self.link.register_handle("*", self._hear)
        self.link.register_handle("DISCONNECT", self.ended.set)

    def ask(self, command: str) -> str:
        return self.link.send(command).text

    def serve(self, leg: str, handler: Callable[[dict], None]) -> None:
        """Let a call handle its own events."""
        mailbox = self._office.open(leg)
        gevent.spawn(lambda: handler(mailbox.next(Deadline(LIMIT))))

    def _hear(self, event: dict) -> None:
        self.events.append(event)
        self._office.deliver(event)

    def close(self) -> None:
        self.link.stop()


class Theirs:
    """Plain greenswitch, used as its manual says."""

    style = "plain"

    def __init__(self, port: int) -> None:
        self.link = InboundESL("127.0.0.1", port, PASSWORD, timeout=0.5)
        self.events: list[dict] = []
        self.ended: AsyncResult = AsyncResult()
        self.link.register_handle("*", lambda event: self.events.append(event.headers))
        self.link.register_handle("DISCONNECT", self.ended.set)

    def ask(self, command: str) -> str:
        return self.link.send(command).data.strip()

    def serve(self, leg: str, handler: Callable[[dict], None]) -> None:
        """Let a call handle its own events."""

        def for_leg(event) -> None:
            if event.headers.get("Unique-ID") == leg:
                handler(event.headers)

        self.link.register_handle("*", for_leg)

    def close(self) -> None:
        self.link._run = False  # to be killed is not enough: it swallows that
        greenlets = (
            self.link._receive_events_greenlet,
            self.link._process_events_greenlet,
        )
        gevent.killall([each for each in greenlets if each])
        for opened in ("sock_file", "sock"):
            if hasattr(self.link, opened):
                getattr(self.link, opened).close()


def event(client: Ours | Theirs, name: str, **headers: str) -> bytes:
    """An event's frame as this client has asked for them."""
    values = {k.replace("_", "-") if k[0] != "_" else k: v for k, v in headers.items()}
    if body := values.get("_body"):
        values["Content-Length"] = str(len(body))
    return event_frame({"Event-Name": name, **values}, client.style)
