"""An Event Socket that says what a test tells it to, right or wrong."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import gevent
from gevent.server import StreamServer

from esl_service.switch.link import SwitchLink
from esl_service.switch.switch import Switch

AUTH = b"Content-Type: auth/request\n\n"
PASSWORD = "ClueCon"
CORE = "1b2c3d4e-0000-4000-8000-000000000001"


def reply(text: str, **headers: str) -> bytes:
    more = "".join(f"{name.replace('_', '-')}: {v}\n" for name, v in headers.items())
    return f"Content-Type: command/reply\nReply-Text: {text}\n{more}\n".encode()


def api_response(text: str) -> bytes:
    length = len(text.encode())
    return f"Content-Type: api/response\nContent-Length: {length}\n\n{text}".encode()


def json_event(name: str = "", body: bytes = b"", **headers: str) -> bytes:
    """An event's frame; `body` replaces the JSON made of the headers."""
    event = {"Event-Name": name, "Core-UUID": CORE} if name else {}
    for key, value in headers.items():
        event[key.replace("_", "-") if key[0].isupper() else key] = value
    body = body or json.dumps(event).encode()
    head = f"Content-Length: {len(body)}\nContent-Type: text/event-json\n\n"
    return head.encode() + body


class ScriptedSwitch:
    """Answers what any switch answers, unless `answers` says otherwise.

    `answers` maps the beginning of a command to what is sent back, or to a
    function of the whole command; None sends nothing at all.
    """

    def __init__(self) -> None:
        self.greeting = AUTH
        self.core = CORE
        self.heard: list[str] = []
        self.answers: dict[str, bytes | Callable[[str], bytes | None] | None] = {}
        self.on_originate: Callable[[str], None] = lambda _leg: None
        self.on_execute: Callable[[str, str, str, str], None] = lambda *_: None
        self.on_park: Callable[[str], None] = partial(self.tell, "CHANNEL_PARK")
        self.connections = []
        self.listeners = []
        self._server = StreamServer(("127.0.0.1", 0), self._serve)

    @property
    def port(self) -> int:
        return self._server.server_port

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        self._server.stop(timeout=0)
        self.drop()

    def drop(self) -> None:
        """Close all connections."""
        for connection in self.connections:
            try:
                connection.shutdown(2)
            except OSError:
                continue  # the client was first

    def say(self, frames: bytes) -> None:
        """Send bytes on the latest connection."""
        self.connections[-1].sendall(frames)

    def tell(self, name: str, leg: str = "", **headers: str) -> None:
        """Send an event to whoever has subscribed."""
        if leg:
            headers["Unique_ID"] = leg
        headers.setdefault("Core_UUID", self.core)
        for listener in self.listeners:
            listener.sendall(json_event(name, **headers))

    def commands(self, beginning: str) -> list[str]:
        return [command for command in self.heard if command.startswith(beginning)]

    def _serve(self, connection, _address) -> None:
        self.connections.append(connection)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as theirs
        connection.sendall(self.greeting)
        with connection.makefile("rb") as stream:
            try:
                while command := self._read(stream):
                    self.heard.append(command)
                    if (answer := self._answer(command, connection)) is not None:
                        connection.sendall(answer)
                    self._act(command)
            except OSError:
                pass  # a cut link is what some tests are about
        if connection in self.listeners:
            self.listeners.remove(connection)
        connection.close()

    def _read(self, stream) -> str:
        lines = []
        while line := stream.readline().decode():
            if line == "\n":
                return "".join(lines).rstrip("\n")
            lines.append(line)
        return ""

    def _answer(self, command: str, connection) -> bytes | None:
        for beginning, answer in self.answers.items():
            if command.startswith(beginning):
                return answer(command) if callable(answer) else answer
        return self._usual_answer(command, connection)

    def _usual_answer(self, command: str, connection) -> bytes:
        match command.split(maxsplit=1)[0]:
            case "auth":
                known = command == f"auth {PASSWORD}"
                return reply("+OK accepted" if known else "-ERR invalid")
            case "event":
                self.listeners.append(connection)
                return reply("+OK event listener enabled json")
            case "bgapi":
                return reply(f"+OK Job-UUID: {_header(command, 'Job-UUID')}")
            case "api":
                return api_response("+OK\n")
        return reply("+OK")

    def _act(self, command: str) -> None:
        if command.startswith("bgapi status"):
            job = _header(command, "Job-UUID")
            self.tell("BACKGROUND_JOB", Job_UUID=job, _body="UP 0 years")
        elif command.startswith("bgapi originate"):
            leg = command.partition("origination_uuid=")[2].partition(",")[0]
            self.on_originate(leg)
        elif command.startswith("api uuid_transfer"):
            self.on_park(command.split()[2])
        elif command.startswith("sendmsg"):
            leg = command.split()[1]
            self.on_execute(
                leg,
                _header(command, "execute-app-name"),
                _header(command, "execute-app-arg"),
                _header(command, "Event-UUID"),
            )


def _header(command: str, name: str) -> str:
    lines = [line for line in command.split("\n") if line.startswith(f"{name}: ")]
    return lines[0].partition(": ")[2] if lines else ""


@contextmanager
def connected(
    scripted: ScriptedSwitch, password: str = PASSWORD, timeout: float = 2.0
) -> Iterator[SwitchLink]:
    """One link to it."""
    link = SwitchLink("127.0.0.1", scripted.port, password, timeout=timeout)
    try:
        link.connect()
        yield link
    finally:
        link.stop()


def is_ready(switch: Switch, seconds: float) -> bool:
    """Whether our side of a switch is linked within so many seconds."""
    with gevent.Timeout(seconds, False):
        while not switch.ready:
            gevent.sleep(0.005)
    return switch.ready


def wait_until(met: Callable[[], bool], seconds: float = 30) -> None:
    with gevent.Timeout(seconds):
        while not met():
            gevent.sleep(0.005)
