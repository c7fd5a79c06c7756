"""The switch's event socket, as far as `doctor` asks it: one thing after the other."""

import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import BinaryIO, Final

from portal.cli.site import Site

_PATIENCE_S: Final = 3.0
_UNKNOWN: Final = "Invalid Gateway"


class NotLetIn(Exception):
    """The switch does not want us; the text is what it said instead."""


class NoAnswer(Exception):
    """The switch cannot tell what it was asked."""


class Door:
    """A switch that has let us in."""

    def __init__(self, line: socket.socket, heard: BinaryIO) -> None:
        self._line = line
        self._heard = heard

    def knows_gateway(self, name: str) -> bool:
        """Whether a gateway of that name is configured. Raises NoAnswer, OSError."""
        said = self._api(f"sofia status gateway {name}")
        if said.startswith(_UNKNOWN):
            return False
        if re.search(rf"^Name\s+{re.escape(name)}\s*$", said, re.MULTILINE):
            return True
        raise NoAnswer(said[:80])

    def _api(self, text: str) -> str:
        self._line.sendall(_one_line(f"api {text}"))
        length = _headers(self._heard).get("Content-Length", "0")
        body = self._heard.read(int(length) if length.isdecimal() else 0)
        return body.decode("utf-8", "replace")


def address(site: Site) -> tuple[str, int, str]:
    """Where the switch listens, and its password. Raises BadSettings."""
    reader = site.reader("esl_service", "esl_service")
    host, port = reader.address("switch.address", "127.0.0.1:8021")
    password = reader.secret("switch.password")
    reader.check()
    return host, port, password


@contextmanager
def let_in(host: str, port: int, password: str) -> Iterator[Door]:
    """Give the password. Raises NotLetIn, and OSError for a switch that is away."""
    with socket.create_connection((host, port), _PATIENCE_S) as line:
        line.settimeout(_PATIENCE_S)
        with line.makefile("rb") as heard:
            said = _headers(heard)
            if said.get("Content-Type") == "auth/request":
                line.sendall(_one_line(f"auth {password}"))
                said = _headers(heard)
            if not said.get("Reply-Text", "").startswith("+OK"):
                told = said.get("Reply-Text") or said.get("Content-Type")
                raise NotLetIn(told or "nothing")
            yield Door(line, heard)


def _one_line(command: str) -> bytes:
    if "\n" in command or "\r" in command:
        raise OSError("what is said to a switch has no line breaks")
    return f"{command}\n\n".encode()


def _headers(heard: BinaryIO) -> Mapping[str, str]:
    """One message's headers; those that came before the line was cut."""
    found = {}
    while line := heard.readline().decode("utf-8", "replace").strip():
        name, _, value = line.partition(":")
        found[name] = value.strip()
    return found
