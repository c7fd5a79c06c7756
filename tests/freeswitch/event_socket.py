"""A plain client of FreeSWITCH's event socket, apart from the product's own."""

import json
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Self
from uuid import uuid4

Event = dict[str, Any]
"""As JSON has it: strings, and lists where a header repeats."""


class Unheard(AssertionError):
    """What a test waited for did not come in time."""


class EventSocket:
    """One connection for commands and events alike, read only while one waits.

    `events` keeps all that was heard, in order. Not for several threads.
    """

    def __init__(self, host: str, port: int, password: str) -> None:
        self.events: list[Event] = []
        self._socket = socket.create_connection((host, port), timeout=5)
        self._received = b""
        try:
            self._log_in(password)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up this connection; the calls go on."""
        self._socket.close()

    def command(self, text: str) -> str:
        """Send a command, with header lines if any, and return its Reply-Text."""
        self._socket.sendall(f"{text}\n\n".encode())
        return self._reply()[0]["Reply-Text"]

    def api(self, text: str) -> str:
        """Run an API command in the switch and return its answer."""
        self._socket.sendall(f"api {text}\n\n".encode())
        return self._reply()[1].decode(errors="replace").strip()

    def subscribe(self, *names: str) -> None:
        """Hear these events from now on."""
        self.command(f"event json {' '.join(names)}")

    def start(self, uuid: str, application: str, argument: str = "") -> str:
        """Start an application on a leg and return its Application-UUID."""
        ours = str(uuid4())
        headers = {"execute-app-name": application, "Event-UUID": ours}
        if argument:
            headers["execute-app-arg"] = argument
        self.send_message(uuid, headers)
        return ours

    def execute(
        self, uuid: str, application: str, argument: str = "", *, seconds: float = 5
    ) -> Event:
        """Run an application to its end; returns its CHANNEL_EXECUTE_COMPLETE."""
        ours = self.start(uuid, application, argument)
        return self.wait(
            "CHANNEL_EXECUTE_COMPLETE", {"Application-UUID": ours}, seconds=seconds
        )

    def send_message(
        self, uuid: str, headers: Mapping[str, str], body: str = ""
    ) -> None:
        """Send an `execute` message to a leg, with its argument in `body` if given."""
        lines = [f"sendmsg {uuid}", "call-command: execute"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if body:
            lines += ["content-type: text/plain", f"content-length: {len(body)}"]
        self._socket.sendall(("\n".join(lines) + f"\n\n{body}").encode())
        if (reply := self._reply()[0]["Reply-Text"]) != "+OK":
            raise ValueError(reply)

    def mark(self) -> int:
        """A place in `events` behind everything that has happened by now."""
        # The switch writes the events it has before it reads another command.
        self.api("uptime")
        return len(self.events)

    def wait(
        self,
        name: str,
        where: Mapping[str, str] | None = None,
        *,
        since: int = 0,
        seconds: float = 5,
    ) -> Event:
        """The first event of that name, heard or yet to come, with those headers.

        Raises Unheard.
        """
        wanted = {"Event-Name": name, **(where or {})}
        deadline = time.monotonic() + seconds
        while True:
            for event in self.events[since:]:
                if wanted.items() <= _plain(event).items():
                    return event
            since = len(self.events)
            try:
                self._frame(deadline - time.monotonic())
            except TimeoutError:
                heard = [event.get("Event-Name") for event in self.events[-20:]]
                raise Unheard(
                    f"no {wanted} within {seconds} s; heard {heard}"
                ) from None

    def hear(self, seconds: float) -> None:
        """Listen for so long, whatever comes."""
        deadline = time.monotonic() + seconds
        with suppress(TimeoutError):
            while True:
                self._frame(deadline - time.monotonic())

    def _log_in(self, password: str) -> None:
        self._frame(5)
        if (reply := self.command(f"auth {password}")) != "+OK accepted":
            raise PermissionError(f"the switch says {reply}")

    def _reply(self) -> tuple[dict[str, str], bytes]:
        while True:
            headers, body = self._frame(5)
            if headers["Content-Type"] in {"command/reply", "api/response"}:
                return headers, body

    def _frame(self, seconds: float) -> tuple[dict[str, str], bytes]:
        """Take the next frame, and keep it if it is an event. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        while b"\n\n" not in self._received:
            self._receive(deadline)
        head, _, rest = self._received.partition(b"\n\n")
        lines = head.decode(errors="replace").split("\n")
        headers = dict(line.split(": ", 1) for line in lines)
        length = int(headers.get("Content-Length", "0"))
        while len(rest) < length:
            self._receive(deadline)
            rest = self._received[len(head) + 2 :]
        body, self._received = rest[:length], rest[length:]
        if headers["Content-Type"] == "text/event-json":
            self.events.append(json.loads(body.decode(errors="replace")))
        return headers, body

    def _receive(self, deadline: float) -> None:
        """Receive some bytes. Nothing is lost of a frame that comes in parts."""
        if (left := deadline - time.monotonic()) <= 0:
            raise TimeoutError
        self._socket.settimeout(left)
        if not (received := self._socket.recv(65536)):
            raise ConnectionError("the switch closed the connection")
        self._received += received


def _plain(event: Event) -> dict[str, str]:
    return {name: value for name, value in event.items() if isinstance(value, str)}
