"""Event Socket frames: how commands are read and what is written. Pure.

A frame is header lines, an empty line, and as many bytes of body as
Content-Length says. Only a line feed ends a line.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

Event = dict[str, str | list[str]]

AUTH_REQUEST = b"Content-Type: auth/request\n\n"
GOODBYE = "Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n"
LOST_EVENTS = "killed listener because of lost events\n"

_LONGEST_COMMAND = 10_485_760
_LONGEST_BODY = 16 * 1024 * 1024
_ENCODED = re.compile(rb'%[0-9A-F]{2}|[\x00-\x20\x7f-\xff"#%&+:;<=>?@\[\\\]^`{|}]')


class BadFrame(Exception):
    """A command no switch would read on after; the connection ends."""


@dataclass(frozen=True)
class Command:
    """One command: its first line, its other headers in lower case, its body."""

    line: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    @property
    def verb(self) -> str:
        """The first word, by which commands are told apart."""
        return self.line.split(" ", 1)[0].lower()

    @property
    def rest(self) -> str:
        """What follows the first word."""
        return self.line.partition(" ")[2].strip()


class Stream(Protocol):
    """Bytes that arrive: a socket's file, or a test's BytesIO."""

    def readline(self, limit: int, /) -> bytes:
        """Read a line with its end; nothing at the end of the stream."""

    def read(self, size: int, /) -> bytes:
        """Read that many bytes, fewer only at the end of the stream."""


def read_command(stream: Stream) -> Command | None:
    """Read the next command, or None when the client has gone.

    Empty lines before a command are skipped, and a carriage return ends its
    line early. BadFrame for a size that nobody would allocate.
    """
    lines = _read_block(stream)
    if not lines:
        return None
    headers = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip().lower()] = value.lstrip(" ")
    body = _read_body(stream, headers.get("content-length", "0"))
    return None if body is None else Command(lines[0], headers, body)


def _read_block(stream: Stream) -> list[str]:
    lines: list[str] = []
    size = 0
    while True:
        raw = stream.readline(_LONGEST_COMMAND)
        if not raw.endswith(b"\n"):
            return []
        line = raw[:-1].split(b"\r", 1)[0]
        size += len(raw)
        if not line and lines:
            return lines
        if size > _LONGEST_COMMAND:
            raise BadFrame("a command is at most 10 MB")
        if line:
            lines.append(line.decode(errors="replace"))


def _read_body(stream: Stream, length: str) -> str | None:
    if not length.strip().isdecimal() or int(length) > _LONGEST_BODY:
        raise BadFrame(f"a body cannot be {length!r} bytes long")
    size = int(length)
    body = stream.read(size) if size else b""
    return body.decode(errors="replace") if len(body) == size else None


def reply(text: str, **headers: str) -> bytes:
    """Frame a command/reply; an underscore in a header's name is a hyphen."""
    more = "".join(f"{k.replace('_', '-')}: {v}\n" for k, v in headers.items())
    return f"Content-Type: command/reply\nReply-Text: {text}\n{more}\n".encode()


def api_response(text: str) -> bytes:
    """Frame what an api command answered."""
    body = (text or "-ERR no reply\n").encode()
    head = f"Content-Type: api/response\nContent-Length: {len(body)}\n\n"
    return head.encode() + body


def disconnect_notice(text: str = GOODBYE) -> bytes:
    """Frame the last words of a connection."""
    head = f"Content-Type: text/disconnect-notice\nContent-Length: {len(text)}\n\n"
    return (head + text).encode()


def event_frame(event: Event, style: str) -> bytes:
    """Frame an event as `json` or `plain`."""
    body = _json(event) if style == "json" else _plain(event)
    head = f"Content-Length: {len(body)}\nContent-Type: text/event-{style}\n\n"
    return head.encode() + body


def _json(event: Event) -> bytes:
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode(
        errors="surrogateescape"
    )


def _plain(event: Event) -> bytes:
    body = str(event.get("_body", "")).encode()
    lines = []
    for name, value in event.items():
        if name != "_body":
            text = value if isinstance(value, str) else f"ARRAY::{'|:'.join(value)}"
            lines.append(f"{name}: {_encode(text)}\n")
    return "".join(lines).encode() + b"\n" + body


def _encode(value: str) -> str:
    """Encode as the switch does: what looks encoded already is left alone."""

    def escaped(match: re.Match[bytes]) -> bytes:
        found = match[0]
        return found if len(found) > 1 else f"%{found[0]:02X}".encode()

    return _ENCODED.sub(escaped, value.encode()).decode() or "_undef_"
