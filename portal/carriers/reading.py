"""Reading what carriers post: fields, ids where there are none, parts. Pure."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from domain.messages.sms import Sms, SmsPart
from portal.carriers.base import LONGEST_NAME, Hook, Unreadable, sms_told

SAME_MESSAGE_S: Final = 600
"""Without an id and a time: the same text again within about this is a repetition."""

MOST_PARTS: Final = 255
_CONCATENATED: Final = {0x00: 1, 0x08: 2}
"""Of a user data header: the elements of long texts, and the octets of a reference."""
_PORTS: Final = {0x04, 0x05}


def field(fields: Mapping[str, str], name: str) -> str:
    """The text of that name, which may be empty. Raises Unreadable if there is none."""
    if name not in fields:
        raise Unreadable(f"The body has no text called {name!r}.")
    return fields[name]


def text_at(found: object, *path: str | int) -> str:
    """The text or whole number at the end of a path in JSON. Raises Unreadable."""
    value = value_at(found, *path)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Unreadable(f"The body has no text at {_spelled(path)}.")
    return str(value)


def value_at(found: object, *path: str | int) -> object:
    """What stands at the end of a path in JSON; None if there is nothing."""
    for step in path:
        if isinstance(step, str) and isinstance(found, dict):
            found = found.get(step)
        elif isinstance(step, int) and isinstance(found, list) and step < len(found):
            found = found[step]
        else:
            return None
    return found


@dataclass(frozen=True, slots=True)
class Names:
    """What a carrier calls the parts of a message."""

    id: str
    sender: str
    recipient: str
    text: str


def sms_of(carrier: str, told: object, names: Names) -> Sms:
    """The message whose parts have these names. Raises Unreadable."""
    return sms_told(
        carrier,
        external_id=text_at(told, names.id),
        sender=text_at(told, names.sender),
        recipient=text_at(told, names.recipient),
        text=text_at(told, names.text),
    )


def part_of(sms: Sms, reference: str, total: int, place: int) -> Sms | SmsPart:
    """The part of a text that a carrier told us of. Raises Unreadable."""
    if not 1 <= place <= total <= MOST_PARTS:
        raise Unreadable("A part does not say which of how many it is.")
    if not (0 < len(reference) <= LONGEST_NAME and reference.isprintable()):
        raise Unreadable("A part does not say which text it is of.")
    return SmsPart(sms, reference, total, place) if total > 1 else sms


def content_id(secret: str, hook: Hook, time: str, *content: str) -> str:
    """An id made of the content, for messages that have none.

    Keyed, for the text may hold a password. `time` is the carrier's; without it the
    same content is the same message for some minutes.
    """
    slot = str(int(hook.received_at.timestamp()) // SAME_MESSAGE_S)
    whole = json.dumps([*content, time.strip() or slot]).encode()
    return hmac.new(secret.encode(), whole, hashlib.sha256).hexdigest()


def concatenation(udh: bytes) -> tuple[str, int, int] | None:
    """Reference, total and place of a part, by the header of an SMS (3GPP TS 23.040).

    The header begins with its own length, as it does in an SMS. None if the message
    is whole, or the header is none.

    >>> concatenation(bytes.fromhex("050003A70201"))
    ('167', 2, 1)
    """
    for kind, value in _elements(udh):
        octets = _CONCATENATED.get(kind)
        if octets is not None and len(value) == octets + 2:
            total, place = value[octets], value[octets + 1]
            if 1 <= place <= total > 1:
                return str(int.from_bytes(value[:octets])), total, place
    return None


def is_for_a_port(udh: bytes) -> bool:
    """Whether a program of the telephone is meant: such a message is no command."""
    return any(kind in _PORTS for kind, _ in _elements(udh))


def _elements(udh: bytes) -> Iterator[tuple[int, bytes]]:
    at = 1
    while at + 1 < len(udh):
        end = at + 2 + udh[at + 1]
        if end > len(udh):
            return
        yield udh[at], udh[at + 2 : end]
        at = end


def _spelled(path: tuple[str | int, ...]) -> str:
    return ".".join(map(str, path))
