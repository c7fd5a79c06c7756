"""One client of the Event Socket: what is read from it and written to it."""

import logging
from collections import deque
from contextlib import suppress
from typing import BinaryIO

import gevent
from gevent.event import Event as Signal
from gevent.socket import socket

from sandbox.switch import wire
from sandbox.switch.core import Switch
from sandbox.switch.session import Session
from sandbox.switch.subscription import Subscription

log = logging.getLogger(__name__)

_QUEUE = 100_000  # events that wait for a client who does not read
_MISSED = 500  # events lost before the client is let go
_FIRST_WORD_S = 25.0
_FAREWELL_S = 1.0  # that a client has to read the last frames


class Connection:
    """One client: frames in, frames out, in the order the switch keeps.

    The answer to a command is always written before the events it caused.
    """

    def __init__(self, link: socket, switch: Switch, password: str) -> None:
        self._link = link
        self._switch = switch
        self._subscription = Subscription()
        self._session = Session(switch, self._subscription, password)
        self._frames: deque[bytes] = deque()
        self._held: list[bytes] | None = None
        self._signal = Signal()
        self._missed = 0
        self._open = True
        self.breaks = False
        """Whether the link is cut in the middle of what is written next."""
        self.leaves = False
        """Whether the link is cut instead of answering the next command."""

    @property
    def listening(self) -> bool:
        """Whether this client has subscribed to events."""
        return self._subscription.listening

    def cut(self) -> None:
        """End the connection without a word."""
        self._frames.clear()
        self._open = False
        self._signal.set()
        with suppress(OSError):  # the client was first
            self._link.shutdown(2)

    def serve(self) -> None:
        """Talk with the client until either goes."""
        writer = gevent.spawn(self._write)
        self._put(wire.AUTH_REQUEST)
        self._switch.listen(self.tell, self._subscription.wants)
        try:
            with self._link.makefile("rb") as stream:
                self._converse(stream)
        except (OSError, wire.BadFrame) as error:
            log.info("a client was let go: %s", error)
        finally:
            self._switch.ignore(self.tell)
            self._open = False
            self._signal.set()
            writer.join(_FAREWELL_S)
            writer.kill()
            self._link.close()

    def tell(self, event: wire.Event) -> None:
        """Send an event, if the client wants it."""
        if not self._subscription.takes(event):
            return
        if len(self._frames) >= _QUEUE:
            self._missed += 1
            if self._missed > _MISSED:
                self.dismiss(wire.LOST_EVENTS)
            return
        style = self._subscription.style
        for each in self._switch.mishaps.spoilt(event):
            frame = wire.event_frame(each, style)
            if self._held is None:
                self._put(frame)
            else:
                self._held.append(frame)

    def dismiss(self, notice: str) -> None:
        """End the connection with these last words, unread events or not."""
        self._switch.ignore(self.tell)
        self._frames.clear()
        self._put(wire.disconnect_notice(notice))
        self._open = False

    def _converse(self, stream: BinaryIO) -> None:
        command = gevent.with_timeout(
            _FIRST_WORD_S, wire.read_command, stream, timeout_value=None
        )
        if command is None:
            self._put(wire.disconnect_notice())
        while command is not None:
            self._held = []
            try:
                answer = self._session.obey(command)
                gevent.sleep(self._switch.mishaps.faults.slow)
            finally:
                held, self._held = self._held, None
            if self.leaves:
                self.cut()
                return
            self._put(answer.frame, *held)
            if answer.last:
                self._put(wire.disconnect_notice())
                return
            command = wire.read_command(stream)

    def _put(self, *frames: bytes) -> None:
        self._frames.extend(frames)
        self._signal.set()

    def _write(self) -> None:
        """Write what waits, as much at once as there is."""
        try:
            while self._frames or self._open:
                if not self._frames:
                    self._signal.clear()
                    self._signal.wait()
                    continue
                waiting = b"".join(self._frames)
                self._frames.clear()
                if self.breaks:
                    self._link.sendall(waiting[: len(waiting) // 2])
                    break
                self._send(waiting)
            self._link.shutdown(2)
        except OSError:
            log.info("a client stopped listening")

    def _send(self, waiting: bytes) -> None:
        size = self._switch.mishaps.faults.split or len(waiting)
        for begin in range(0, len(waiting), size):
            self._link.sendall(waiting[begin : begin + size])
            gevent.sleep(0)  # whoever reads has a chance to read a part
