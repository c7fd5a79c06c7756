"""An SMS on its way in, before anything is stored. Pure."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, TypeAlias

from domain.errors import NotAPhoneNumber
from domain.numbers import is_e164, parse

SHORTEST_NUMBER: Final = 7
"""Digits; below that it is a short code, which nobody answers."""


@dataclass(frozen=True, slots=True)
class Sms:
    """A message as a carrier tells it. `text` may hold a password: never log it."""

    carrier: str
    external_id: str
    """The carrier's own id, the same whenever it tells the message again."""
    sender: str
    """E.164 where it is a number; a name or a short code stays as it is."""
    recipient: str
    """E.164: which of our access numbers it was sent to."""
    text: str
    posted: str | None = None
    """How the carrier told it, all secrets hidden: for operators."""

    def __repr__(self) -> str:
        """Without the text."""
        return f"Sms({self.carrier} {self.external_id})"

    @property
    def from_a_telephone(self) -> bool:
        """Whether the sender is a number that can be rung and answered."""
        return is_e164(self.sender)


@dataclass(frozen=True, slots=True)
class SmsPart:
    """One part of a text that was too long for one SMS. It may hold a password."""

    sms: Sms
    """The part as if it were a message of its own."""
    reference: str
    """The same for all parts of one text."""
    total: int
    place: int
    """From 1."""

    def __repr__(self) -> str:
        """Without the text."""
        return f"SmsPart({self.sms} {self.place}/{self.total})"


@dataclass(frozen=True, slots=True)
class MissedCall:
    """Somebody rang one of our numbers and was not answered: they want a callback."""

    carrier: str
    external_id: str
    caller: str
    """E.164 where it is a number; else as the carrier writes it."""
    recipient: str
    """E.164: which of our access numbers was rung."""
    posted: str | None = field(default=None, repr=False)
    """How the carrier told it, as of an SMS."""


Incoming: TypeAlias = Sms | SmsPart | MissedCall
"""What a carrier may tell us of."""


@lru_cache(maxsize=4096)
def address(text: str) -> str:
    """A carrier's from or to: E.164 if it is an international number, else as it is.

    Carriers leave the plus out as they please.

    >>> address("48600316058"), address("INFO"), address("7123")
    ('+48600316058', 'INFO', '7123')
    """
    digits = text.strip().removeprefix("+").removeprefix("00")
    if not (digits.isascii() and digits.isdecimal() and len(digits) >= SHORTEST_NUMBER):
        return text.strip()
    try:
        return parse(f"+{digits}")
    except NotAPhoneNumber:
        return text.strip()
