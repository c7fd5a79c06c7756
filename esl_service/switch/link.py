"""One connection to FreeSWITCH, for one life: framing, replies, deadlines.

greenswitch gives the shape (connect, send, register_handle, stop); its input
and output are replaced, because they freeze on a cut connection, lose step
after a late reply and decode before they split.
"""

from __future__ import annotations  # gevent's classes take no [] at run time

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import gevent
from gevent.event import AsyncResult
from gevent.lock import BoundedSemaphore
from gevent.queue import Queue
from greenswitch import InboundESL

from esl_service.switch.framing import (
    BadFrame,
    Event,
    Frame,
    Framer,
    command_block,
    event_of,
)
from esl_service.switch.losses import (
    LinkClosed,
    NoReply,
    NotSent,
    Rejected,
    WrongPassword,
)
from esl_service.switch.replies import Replies, awaited
from esl_service.switch.standstill import catch_up
from esl_service.switch.wire import dialled, shut

_log = logging.getLogger(__name__)

_CHUNK: Final = 64 * 1024
_SILENT_COMMANDS: Final = 3
"""So many commands unanswered in a row, and the link counts as dead."""
_ACCEPTED: Final = "+OK accepted"


class SwitchLink(InboundESL):  # type: ignore[misc] # greenswitch has no types
    """One authenticated connection. Once it has ended, make another object.

    Handlers registered for an event's name, or else for `*`, are called in the
    order of the events and must not wait. Those for `DISCONNECT` are called
    once, after the last event received.
    """

    def __init__(
        self, host: str, port: int, password: str, *, timeout: float = 5.0
    ) -> None:
        super().__init__(host, port, password, timeout)
        self.event_handlers: dict[str, list[Callable[[Event], None]]] = {}
        self.rests: Callable[[], float] = lambda: 0.0
        """For how many seconds nothing more is read once all that came has been."""
        self._events: Queue[Event | None] = Queue()
        self._greeting: AsyncResult[None] = AsyncResult()
        self._replies = Replies()
        self._unanswered = 0
        self._writing = BoundedSemaphore(1)
        self._ending: LinkClosed | None = None

    def connect(self) -> None:
        """Connect and authenticate within `timeout` seconds altogether.

        Raises Unreachable, Rejected, WrongPassword, or LinkClosed.
        """
        if self._ending is not None:
            raise NotSent(f"this link has ended: {self._ending}") from self._ending
        late = LinkClosed(f"{self._where} did not answer within {self.timeout} s")
        try:
            with gevent.Timeout(self.timeout, late):
                self.sock = dialled(self.host, self.port, self.timeout)
                self.connected = True
                self.start_event_handlers()
                self._greeting.get()
                self.authenticate()
        except BaseException:
            self.stop()
            raise

    def authenticate(self) -> None:
        """Give the password. Raises WrongPassword."""
        if self.send(f"auth {self.password}").text != _ACCEPTED:
            raise WrongPassword(f"{self._where} refuses our password")

    def send(
        self,
        command: str,
        headers: Mapping[str, str] | None = None,
        *,
        seconds: float | None = None,
    ) -> Frame:
        """Send one command, with header lines, and return its reply.

        Raises NoReply after `seconds` (by default the link's timeout),
        LinkClosed at once when the connection ends, and ValueError when the
        command would be more than one.
        """
        return self._ask([command_block(command, headers or {})], seconds)[0]

    def send_together(
        self, commands: Sequence[tuple[str, Mapping[str, str]]]
    ) -> list[Frame]:
        """Send commands in one write, so that all of them arrive or none does.

        Each is given with its header lines. Returns their replies; raises as
        `send`.
        """
        return self._ask([command_block(*command) for command in commands], None)

    def stop(self) -> None:
        """End the connection and wait until its last events have been handled."""
        self._end(LinkClosed("closed by us"))
        handling = self._process_events_greenlet
        if handling is not None and handling is not gevent.getcurrent():
            handling.join(self.timeout)

    def receive_events(self) -> None:
        """Read frames until the connection ends. Runs in its own greenlet."""
        framer = Framer()
        try:
            while received := self.sock.recv(_CHUNK):
                for frame in framer.feed(received):
                    self.handle_event(frame)
                if len(received) < _CHUNK and (seconds := self.rests()) > 0:
                    gevent.sleep(seconds)
            cut = " in the middle of a frame" if framer.unfinished else ""
            self._end(LinkClosed(f"{self._where} closed the connection{cut}"))
        except BadFrame as fault:
            self._end(LinkClosed(f"{self._where} sent nonsense: {fault}"))
        except OSError as fault:
            self._end(LinkClosed(f"{self._where}: {fault}"))
        finally:
            self.sock.close()

    def handle_event(self, frame: Frame) -> None:
        """Take one frame to where it is awaited. Raises BadFrame."""
        match frame.kind:
            case "text/event-json":
                self._keep(frame)
            case "command/reply" | "api/response":
                self._unanswered = 0
                self._replies.give(frame)
            case "auth/request":
                self._greeting.set(None)
            case "text/rude-rejection":
                self._end(Rejected(f"the access list of {self._where} refuses us"))
            case "text/disconnect-notice":
                _log.info("%s says goodbye: %s", self._where, frame.text[:80])
            case other:
                _log.debug("ignored a frame of %s", other)

    def process_events(self) -> None:
        """Hand the events to their handlers, to the last one, in order."""
        try:
            for event in iter(self._events.get, None):
                name = event.get("Event-Name", "")
                for handler in self.event_handlers.get(name) or self._for_any:
                    handler(event)
        finally:
            # A link whose events are handled no more must not seem alive.
            self._end(LinkClosed("events are handled no more"))
            for handler in self.event_handlers.get("DISCONNECT", []):
                handler({"Event-Name": "DISCONNECT", "Reason": str(self._ending)})

    @property
    def _for_any(self) -> list[Callable[[Event], None]]:
        return self.event_handlers.get("*", [])

    @property
    def _where(self) -> str:
        return f"the switch at {self.host}:{self.port}"

    def _keep(self, frame: Frame) -> None:
        event = event_of(frame.body)
        if event is None:
            _log.error("%s sent an event that is no JSON object", self._where)
        else:
            self._events.put(event)

    def _ask(self, blocks: Sequence[bytes], seconds: float | None) -> list[Frame]:
        seconds = seconds or self.timeout
        owed: list[AsyncResult[Frame]] = [AsyncResult() for _ in blocks]
        try:
            with gevent.Timeout(seconds, NoReply(f"no reply within {seconds} s")):
                self._write(b"".join(blocks), owed)
                return [awaited(reply) for reply in owed]
        except NoReply:
            catch_up()
            if all(reply.successful() for reply in owed):
                return [awaited(reply) for reply in owed]
            self._unanswered += 1
            if self._unanswered >= _SILENT_COMMANDS:
                self._end(LinkClosed(f"{self._where} answers no more commands"))
            raise

    def _write(self, block: bytes, owed: list[AsyncResult[Frame]]) -> None:
        with self._writing:
            if self._ending is not None:
                raise NotSent(str(self._ending)) from self._ending
            if not self.connected:
                raise NotSent(f"not connected to {self._where}")
            self._replies.owe(owed)
            try:
                self.sock.sendall(block)
            except BaseException as fault:
                # Half a command may have gone out: no other can follow it.
                ending = LinkClosed(f"writing to {self._where} failed: {fault}")
                self._end(ending)
                if isinstance(fault, OSError):
                    raise ending from fault
                raise

    def _end(self, reason: LinkClosed) -> None:
        """End this life: everybody who waits for the link learns it now."""
        if self._ending is not None:
            return
        self._ending = reason
        self.connected = False
        self._greeting.set_exception(reason)
        self._replies.fail(reason)
        self._events.put(None)
        if (sock := getattr(self, "sock", None)) is not None:
            shut(sock)
