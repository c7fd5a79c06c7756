"""The Event Socket: clients that command the switch and listen to it."""

import time
from socket import IPPROTO_TCP, TCP_NODELAY

from gevent.server import StreamServer
from gevent.socket import socket

from sandbox.faults import Faults
from sandbox.switch import wire
from sandbox.switch.connection import Connection
from sandbox.switch.core import Switch

_FAREWELL_S = 1.0  # that a client has to read the last frames


_FAREWELL_S = 0.5  # that clients have to read the last frames


class EventSocket:
    """The door of a switch; port 0 takes any free one."""

    def __init__(self, switch: Switch, address: tuple[str, int], password: str) -> None:
        self._switch = switch
        self._password = password
        self._server = StreamServer(address, self._welcome)
        self._connections: set[Connection] = set()
        self._opens_at = 0.0

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
        self._server.stop(timeout=_FAREWELL_S)

    @property
    def faults(self) -> Faults:
        """What goes wrong on purpose."""
        return self._switch.mishaps.faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self._switch.mishaps.faults = faults

    def cut(self, *, listening: bool | None = None) -> None:
        """Cut the links without a word: all, or those (not) subscribed to events."""
        for connection in list(self._connections):
            if listening in (None, connection.listening):
                connection.cut()

    def cut_in_frame(self) -> None:
        """Let each link be cut in the middle of what is written on it next."""
        for connection in self._connections:
            connection.breaks = True

    def leave_unanswered(self) -> None:
        """Let each link be cut instead of answering the next command, which is done."""
        for connection in self._connections:
            connection.leaves = True

    def lose_events(self) -> None:
        """Let whoever listens go, as those are who read too slowly."""
        for connection in list(self._connections):
            if connection.listening:
                connection.dismiss(wire.LOST_EVENTS)

    def restart(self, *, away: float = 0.0, crashed: bool = False) -> None:
        """Let the switch restart and everybody in again `away` seconds later."""
        self._opens_at = time.monotonic() + away
        if crashed:
            self.cut()
        self._switch.restart(crashed=crashed)
        for connection in list(self._connections):
            connection.dismiss("The system is being shut down.\n")

    def _welcome(self, link: socket, _address: object) -> None:
        link.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)  # as FreeSWITCH does
        if time.monotonic() < self._opens_at:
            link.close()
            return
        connection = Connection(link, self._switch, self._password)
        self._connections.add(connection)
        try:
            connection.serve()
        finally:
            self._connections.discard(connection)
