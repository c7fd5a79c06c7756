"""What a carrier is to us: it proves a post, reads it, answers it, takes messages."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Final, Protocol
from urllib.parse import parse_qsl, urlsplit

from requests import Session

from domain.messages.sms import Incoming, MissedCall, Sms, address

LONGEST_NAME: Final = 200
"""Letters of an id or an address: more than any carrier uses, less than an index."""


class Forged(Exception):
    """The post does not prove that it comes from the carrier."""


class Unreadable(Exception):
    """The carrier posted something that is no message; its text says why."""


class NotYet(Exception):
    """Whether the carrier posted this cannot be said yet: it should tell it again."""


class Undelivered(Exception):
    """The carrier did not take our message; its text says why."""

    def __init__(self, sentence: str, *, retry: bool) -> None:
        super().__init__(sentence)
        self.retry = retry
        """Whether a later try may do better."""


@dataclass(frozen=True)
class Hook:
    """One post of a carrier, as it came: nothing of any web framework."""

    url: str
    """Our configured public address, with path and query: what carriers sign."""
    headers: Mapping[str, str]
    """By their names in small letters."""
    body: bytes = field(repr=False)  # it may hold a password
    received_at: datetime
    method: str = "POST"

    def header(self, name: str) -> str:
        """A header, whatever the case of its name; empty if it is not there."""
        return self.headers.get(name.lower(), "")

    @cached_property
    def query(self) -> dict[str, str]:
        """The fields in the address, blank values kept."""
        return dict(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))

    @cached_property
    def fields(self) -> dict[str, str]:
        """The texts of a message: from the address, a form, or JSON. Raises Unreadable.

        Some carriers write ids and numbers without quotes.
        """
        if self.method == "GET":
            return self.query
        if not self.is_json:
            return dict(self.form)
        return {
            name: str(value)
            for name, value in self.json.items()
            if isinstance(value, str | int) and not isinstance(value, bool)
        }

    @cached_property
    def form(self) -> list[tuple[str, str]]:
        """The body as a form, blank values kept. Raises Unreadable."""
        try:
            return parse_qsl(
                self.body.decode(), keep_blank_values=True, errors="strict"
            )
        except ValueError as error:
            raise Unreadable("The body is not a form in UTF-8.") from error

    @cached_property
    def any_json(self) -> object:
        """The body as JSON, which may be anything. Raises Unreadable."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise Unreadable("The body is not JSON.") from error

    @property
    def json(self) -> dict[str, Any]:
        """The body as a JSON object, whose values may be anything.

        Raises Unreadable.
        """
        if not isinstance(self.any_json, dict):
            raise Unreadable("The body is JSON, but not an object in braces.")
        return self.any_json

    @property
    def is_json(self) -> bool:
        """Whether the body is JSON by its type, or plainly by its first sign."""
        kind = self.header("Content-Type").partition(";")[0].strip().lower()
        return kind.endswith("json") or self.body.lstrip()[:1] == b"{"


@dataclass(frozen=True, slots=True)
class OutgoingSms:
    """A message of ours on its way to a carrier."""

    id: int
    """Our own number for it: the same at every try."""
    carrier: str
    sender: str
    recipient: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the carrier's post is answered with."""

    body: str
    content_type: str
    said: tuple[int, ...] = ()
    """The ids of the messages in the body: nobody needs to send those again."""


class Carrier(Protocol):
    """A company, or our own modem, that hands us SMS by HTTP and takes replies."""

    @property
    def name(self) -> str:
        """What it is called in addresses and settings."""

    @property
    def takes_get(self) -> bool:
        """Whether it may also tell its messages in the address of a GET."""

    @property
    def replies_at_once(self) -> bool:
        """Whether `answer` takes replies: messages are then worked before it."""

    @property
    def only_answers(self) -> bool:
        """Whether nothing goes out but in the answers to its posts: `send` fails."""

    def verify(self, hook: Hook) -> None:
        """Make sure that the carrier itself posted this, or raise Forged or NotYet."""

    def read(self, hook: Hook) -> Sequence[Incoming]:
        """What a post that was verified tells of. Raises Unreadable."""

    def answer(self, replies: Sequence[OutgoingSms]) -> Answer:
        """What to answer its post with, and which replies that takes to the phone."""

    def send(self, message: OutgoingSms, http: Session) -> str:
        """Hand a message over; the carrier's id for it. Raises Undelivered."""


def sms_told(
    carrier: str, *, external_id: str, sender: str, recipient: str, text: str
) -> Sms:
    """The message a carrier told us of. Raises Unreadable if no message is like that.

    What neither a database nor a log could hold is refused here: control characters
    in names and numbers, half characters in texts, endless ids.
    """
    _check_names(id=external_id, sender=sender, recipient=recipient)
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise Unreadable("The message's text is not Unicode.")
    return Sms(carrier, external_id, address(sender), address(recipient), text)


def missed_call_told(
    carrier: str, *, external_id: str, sender: str, recipient: str
) -> MissedCall:
    """The missed call a carrier told us of. Raises Unreadable as `sms_told` does."""
    _check_names(id=external_id, sender=sender, recipient=recipient)
    return MissedCall(carrier, external_id, address(sender), address(recipient))


def _check_names(**named: str) -> None:
    for what, value in named.items():
        if not value.strip():
            raise Unreadable(f"The message's {what} is empty.")
        if len(value) > LONGEST_NAME:
            raise Unreadable(
                f"The message's {what} is longer than {LONGEST_NAME} letters."
            )
        if not value.isprintable():
            raise Unreadable(f"The message's {what} holds control characters.")
