"""What travels on an Event Socket, from bytes to frames and events. Pure.

A frame is a block of `Name: value` lines, an empty line, and exactly as many
bytes more as its Content-Length says. Nothing of it is ever decoded before it
has been split, so no value can pose as a header.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

Event = dict[str, str]
"""One event of the switch: its headers, and its body under `_body`."""

_LONGEST_BLOCK: Final = 64 * 1024
_LONGEST_BODY: Final = 16 * 1024 * 1024  # FreeSWITCH's own limit for Content-Length
_END_OF_BLOCK: Final = b"\n\n"
_PLAIN: Final = msgspec.json.Decoder(dict[str, str])


class BadFrame(Exception):
    """What was received cannot be a frame; nothing after it can be trusted."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message of the switch."""

    headers: dict[str, str]
    body: bytes = b""

    @property
    def kind(self) -> str:
        """Its Content-Type, such as `command/reply`."""
        return self.headers["Content-Type"]

    @property
    def text(self) -> str:
        """What it answers: the Reply-Text of a command, the body of an `api`."""
        reply = self.headers.get("Reply-Text")
        text = self.body.decode("utf-8", "replace") if reply is None else reply
        return text.strip()


class Framer:
    """Cuts a stream of bytes into frames, however the network has split it."""

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._headers: dict[str, str] | None = None
        self._missing = 0

    @property
    def unfinished(self) -> bool:
        """Whether a frame has begun and not ended."""
        return self._headers is not None or bool(self._waiting)

    def feed(self, received: bytes) -> Iterator[Frame]:
        """Yield the frames that `received` completes. Raises BadFrame."""
        self._waiting += received
        while (frame := self._next()) is not None:
            yield frame

    def _next(self) -> Frame | None:
        if self._headers is None and not self._read_block():
            return None
        if self._headers is None or len(self._waiting) < self._missing:
            return None
        body = bytes(self._waiting[: self._missing])
        del self._waiting[: self._missing]
        frame = Frame(self._headers, body)
        self._headers = None
        return frame

    def _read_block(self) -> bool:
        while self._waiting.startswith(b"\n"):
            del self._waiting[:1]
        end = self._waiting.find(_END_OF_BLOCK)
        if max(end, len(self._waiting) if end < 0 else 0) > _LONGEST_BLOCK:
            raise BadFrame(f"headers longer than {_LONGEST_BLOCK} bytes")
        if end < 0:
            return False
        headers = _headers(bytes(self._waiting[:end]))
        del self._waiting[: end + len(_END_OF_BLOCK)]
        self._missing = _content_length(headers)
        self._headers = headers
        return True


def command_block(command: str, headers: Mapping[str, str]) -> bytes:
    """One command as it is sent, or ValueError if it would be more than one."""
    lines = [command, *(f"{name}: {value}" for name, value in headers.items())]
    for line in lines:
        if "\n" in line or "\r" in line:
            raise ValueError(f"a line break inside {command.partition(' ')[0]!r}")
    return ("\n".join(lines) + "\n\n").encode()


def event_of(body: bytes) -> Event | None:
    """Read the body of a `text/event-json` frame; None if it is no JSON object.

    Callers put bytes of their own into events, so they need not be UTF-8.
    """
    try:
        return _PLAIN.decode(body)  # nearly all are, with two hundred headers each
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return _tolerantly(body)


def _tolerantly(body: bytes) -> Event | None:
    """Read what is no plain event: bytes of any kind, headers that came several times.

    A control character that FreeSWITCH has not escaped is let pass.
    """
    try:
        read = json.loads(body.decode("utf-8", "replace"), strict=False)
    except ValueError:
        return None
    if not isinstance(read, dict):
        return None
    return {name: _flat(value) for name, value in read.items()}


def _flat(value: object) -> str:
    """A header's value; one that came several times is joined as FreeSWITCH does."""
    if isinstance(value, list):
        return "ARRAY::" + "|:".join(map(str, value))
    return str(value)


def _headers(block: bytes) -> dict[str, str]:
    headers = {}
    for line in block.split(b"\n"):
        name, colon, value = line.partition(b":")
        if colon:
            headers[name.decode("utf-8", "replace").strip()] = value.decode(
                "utf-8", "replace"
            ).strip()
    if "Content-Type" not in headers:
        raise BadFrame("a frame without Content-Type")
    return headers


def _content_length(headers: dict[str, str]) -> int:
    length = headers.get("Content-Length", "0")
    if not re.fullmatch(r"[0-9]{1,9}", length) or int(length) > _LONGEST_BODY:
        raise BadFrame(f"Content-Length {length[:40]!r}")
    return int(length)
