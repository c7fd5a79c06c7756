"""A client of the Event Socket, as simple as a test wants it."""

import json

import gevent
from gevent import socket
from gevent.event import Event as Signal


class Client:
    """One connection: commands are answered in turn, events are kept."""

    def __init__(self, address, password) -> None:
        self.events: list[dict] = []
        self.notices: list[str] = []
        self.closed = False
        self._answers: list[str] = []
        self._signal = Signal()
        self._link = socket.create_connection(address)
        self._stream = self._link.makefile("rb")
        self._reader = gevent.spawn(self._read)
        assert self._await(lambda: self._answers and self._answers.pop(0)) == ""
        if password is not None:
            assert self.ask(f"auth {password}") == "+OK accepted"

    def ask(self, command: str) -> str:
        """Send a command and return its Reply-Text, or its body."""
        self.send(f"{command}\n\n")
        self._await(lambda: self._answers)
        return self._answers.pop(0)

    def send(self, text: str) -> None:
        self._link.sendall(text.encode())

    def subscribe(self, *names: str) -> None:
        answer = self.ask(f"event json {' '.join(names or ['ALL'])}")
        assert answer == "+OK event listener enabled json"

    def run(self, leg: str, application: str, argument: str = "", **headers) -> str:
        """Have a leg run an application; returns the reply."""
        more = "".join(
            f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items()
        )
        return self.ask(
            f"sendmsg {leg}\ncall-command: execute\nexecute-app-name: {application}\n"
            f"execute-app-arg: {argument}\n{more}".rstrip("\n")
        )

    def wait(self, name: str, leg: str = "", **headers: str) -> dict:
        """Wait for an event; an underscore in a header's name is a hyphen."""
        wanted = {key.replace("_", "-"): value for key, value in headers.items()}
        wanted |= {"Event-Name": name} | ({"Unique-ID": leg} if leg else {})

        def found():
            fits = (e for e in self.events if wanted.items() <= e.items())
            return next(fits, None)

        return self._await(found)

    def completes(self, leg: str, application: str) -> dict:
        return self.wait("CHANNEL_EXECUTE_COMPLETE", leg, Application=application)

    def names(self, leg: str) -> list[str]:
        return [e["Event-Name"] for e in self.events if e.get("Unique-ID") == leg]

    def wait_for_the_end(self) -> None:
        self._await(lambda: self.closed)

    def close(self) -> None:
        self._reader.kill()
        self._stream.close()
        self._link.close()

    def _await(self, met):
        with gevent.Timeout(5):
            while not (value := met()):
                if isinstance(value, str):
                    return value
                self._signal.clear()
                self._signal.wait()
        return value

    def _read(self) -> None:
        try:
            while frame := self._frame():
                self._sort(*frame)
                self._signal.set()
        except OSError:
            pass
        self.closed = True
        self._signal.set()

    def _frame(self):
        headers = {}
        while (line := self._stream.readline().decode()) != "\n":
            if not line:
                return None
            name, _, value = line.rstrip("\n").partition(": ")
            headers[name] = value
        length = int(headers.get("Content-Length", 0))
        body = self._stream.read(length)
        return (headers, body.decode()) if len(body) == length else None

    def _sort(self, headers: dict[str, str], body: str) -> None:
        match headers["Content-Type"]:
            case "text/event-json":
                self.events.append(json.loads(body))
            case "text/event-plain":
                self.events.append({"plain": body})
            case "text/disconnect-notice":
                self.notices.append(body)
            case _:
                self._answers.append(headers.get("Reply-Text", body))
