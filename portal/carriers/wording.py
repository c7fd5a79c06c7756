"""What carriers' posts are answered with."""

from collections.abc import Sequence
from typing import ClassVar, Final
from xml.sax.saxutils import escape

from portal.carriers.base import Answer, OutgoingSms

SILENCE: Final = Answer("", "text/plain")
"""Taken, and nothing to say here."""


class Quiet:
    """A carrier that is answered with nothing: replies go out by its own API."""

    __slots__ = ()

    takes_get: ClassVar[bool] = False
    replies_at_once: ClassVar[bool] = False
    only_answers: ClassVar[bool] = False

    def answer(self, _replies: Sequence[OutgoingSms]) -> Answer:
        """Nothing but the status."""
        return SILENCE


class Speaking:
    """A gateway that sends the body of the answer back to the sender."""

    __slots__ = ()

    takes_get: ClassVar[bool] = True
    replies_at_once: ClassVar[bool] = True
    only_answers: ClassVar[bool] = False

    def answer(self, replies: Sequence[OutgoingSms]) -> Answer:
        """The first reply as plain text; there is seldom a second."""
        if not replies:
            return SILENCE
        return Answer(replies[0].text, "text/plain", (replies[0].id,))


def xml_text(text: str) -> str:
    """Escaped, and without the control characters that XML cannot hold."""
    return escape("".join(sign for sign in text if sign >= " " or sign in "\t\n"))
