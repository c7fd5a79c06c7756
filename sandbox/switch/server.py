"""The Event Socket: clients that command the switch and listen to it."""

import logging
from collections import deque
from typing import BinaryIO

import gevent
from gevent.event import Event as Signal
from gevent.server import StreamServer
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


class EventSocket:
    """The door of a switch; port 0 takes any free one."""

    def __init__(self, switch: Switch, address: tuple[str, int], password: str) -> None:
        self._switch = switch
        self._password = password
        self._server = StreamServer(address, self._welcome)
        self._connections: set[Connection] = set()

    @property
    def address(self) -> tuple[str, int]:
        """Where clients connect, once started."""
        return str(self._server.server_host), self._server.server_port or 0

    def start(self) -> None:
        """Open the door; OSError if somebody else stands in it."""
        self._server.start()

    def stop(self) -> None:
        """Close the door and see every client out."""
        for connection in list(self._connections):
            connection.dismiss("The system is being shut down.\n")
        self._server.stop(timeout=_FAREWELL_S / 2)

    def _welcome(self, link: socket, _address: object) -> None:
        connection = Connection(link, self._switch, self._password)
        self._connections.add(connection)
        try:
            connection.serve()
        finally:
            self._connections.discard(connection)


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
        frame = wire.event_frame(event, self._subscription.style)
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
            finally:
                held, self._held = self._held, None
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
                self._link.sendall(waiting)
            self._link.shutdown(2)
        except OSError:
            log.info("a client stopped listening")
