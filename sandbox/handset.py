"""One telephone: it rings, somebody answers, listens, presses keys, hangs up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol

import gevent

from sandbox.behaviour import Behaviour, Kind

_REMEMBERED = 200  # sentences heard, and messages, that a handset keeps
_REFUSALS = {
    Kind.BUSY: "USER_BUSY",
    Kind.UNAVAILABLE: "NORMAL_TEMPORARY_FAILURE",
    Kind.INVALID: "UNALLOCATED_NUMBER",
}
_KEYS = frozenset("0123456789*#")

Publish = Callable[..., None]


class NetworkError(Exception):
    """Something a telephone cannot do now; the message is a sentence."""


class NotRinging(NetworkError):
    """Only a ringing handset can be answered."""


class NotTalking(NetworkError):
    """Only somebody in a call can press keys or hang up."""


class NotIdle(NetworkError):
    """A handset in a call cannot begin another."""


class BadKeys(NetworkError):
    """A telephone has the keys 0 to 9, star and hash."""


class State(StrEnum):
    """What a handset is doing."""

    IDLE = "idle"
    CALLING = "calling"  # it rang somebody and waits
    RINGING = "ringing"
    TALKING = "talking"


@dataclass(frozen=True)
class Sms:
    """A message as a handset's screen shows it; `at` is in UTC."""

    sender: str
    recipient: str
    text: str
    at: datetime
    direction: Literal["in", "out"]


class Line(Protocol):
    """The far end of a handset's call: what the switch is told."""

    def ringing(self) -> None:
        """Note that the telephone rings."""

    def answered(self) -> None:
        """Note that somebody picked it up."""

    def rejected(self, cause: str) -> None:
        """Note that nobody will answer, and why, in the switch's word."""

    def hung_up(self) -> None:
        """Note that somebody put it down after answering or calling."""

    def keyed(self, digits: str) -> None:
        """Take the keys that somebody pressed."""


class Handset:
    """A telephone with a number, a screen and at most one call."""

    def __init__(self, number: str, publish: Publish) -> None:
        self.number = number
        self.behaviour = Behaviour()
        self.state = State.IDLE
        self.caller_id = ""
        self.heard: list[str] = []
        self.sms: list[Sms] = []
        self._publish = publish
        self._line: Line | None = None

    def answer(self) -> None:
        """Pick up the ringing telephone."""
        if self.state is not State.RINGING or self._line is None:
            raise NotRinging(f"{self.number} is not ringing; it is {self.state}.")
        self._talk(self._line)
        self._line.answered()

    def hang_up(self) -> None:
        """Put the telephone down; while it rings, refuse the call."""
        if self._line is None:
            raise NotTalking(f"{self.number} is in no call, so it cannot hang up.")
        line, refused = self._line, self.state is State.RINGING
        self._leave("CALL_REJECTED" if refused else "NORMAL_CLEARING")
        if refused:
            line.rejected("CALL_REJECTED")
        else:
            line.hung_up()

    def press(self, digits: str) -> None:
        """Press these keys, one after the other."""
        if self.state is not State.TALKING or self._line is None:
            raise NotTalking(f"{self.number} is not talking; it is {self.state}.")
        if not digits or not set(digits) <= _KEYS:
            raise BadKeys(f"{digits!r} are not keys; a telephone has 0-9, * and #.")
        self._publish("keyed", number=self.number, digits=digits)
        self._line.keyed(digits)

    def ring(self, line: Line, caller_id: str) -> None:
        """Let the switch ring this telephone; it does as its behaviour says."""
        kind, after = self.behaviour.kind, self.behaviour.after
        if self._line is not None:
            line.rejected("USER_BUSY")
        elif kind in _REFUSALS:
            self._take(line, caller_id)
            gevent.spawn_later(after, self._refuse, line, _REFUSALS[kind])
        else:
            self._take(line, caller_id)
            self.state = State.RINGING
            self._publish("ringing", number=self.number, caller_id=caller_id)
            by_itself = kind in (Kind.ANSWERS, Kind.MAILBOX)
            if after or not by_itself:  # one that answers at once never rings
                line.ringing()
            if by_itself:
                gevent.spawn_later(after, self._answer_by_itself, line)

    def call(self, line: Line, callee: str) -> None:
        """Begin a call of its own; the switch says when somebody answers."""
        if self._line is not None:
            raise NotIdle(f"{self.number} is in a call already.")
        self._take(line, caller_id="")
        self.state = State.CALLING
        self._publish("calling", number=self.number, callee=callee)

    def connected(self, line: Line) -> None:
        """Note that whoever it called has answered."""
        if line is self._line and self.state is State.CALLING:
            self._talk(line)

    def hear(self, line: object, words: str, clips: Sequence[str] = ()) -> None:
        """Let the person hear a sentence of this call, said by these clips."""
        if line is self._line:
            self.heard = [*self.heard, words][-_REMEMBERED:]
            self._publish("heard", number=self.number, words=words, clips=[*clips])

    def hear_keys(self, line: object, digits: str) -> None:
        """Let the person hear the tones of keys pressed at the far end."""
        if line is self._line:
            self._publish("tones", number=self.number, digits=digits)

    def drop(self, line: object, cause: str) -> None:
        """End this call for the switch; one that is over already stays so."""
        if line is self._line:
            self._leave(cause)

    def show(self, message: Sms) -> None:
        """Put a message on the screen, sent or received."""
        self.sms = [*self.sms, message][-_REMEMBERED:]
        self._publish(
            "sms",
            number=self.number,
            sender=message.sender,
            recipient=message.recipient,
            text=message.text,
            at=message.at.isoformat(),
            direction=message.direction,
        )

    def _take(self, line: Line, caller_id: str) -> None:
        self._line = line
        self.caller_id = caller_id
        self.heard = []

    def _talk(self, line: Line) -> None:
        self.state = State.TALKING
        self._publish("answered", number=self.number)
        if self.behaviour.talks is not None:
            gevent.spawn_later(self.behaviour.talks, self._hang_up_by_itself, line)

    def _leave(self, cause: str) -> None:
        self._line = None
        self.state = State.IDLE
        self.caller_id = ""
        self._publish("hung_up", number=self.number, cause=cause)

    def _refuse(self, line: Line, cause: str) -> None:
        if line is self._line:
            self._leave(cause)
            line.rejected(cause)

    def _answer_by_itself(self, line: Line) -> None:
        if line is self._line and self.state is State.RINGING:
            self.answer()

    def _hang_up_by_itself(self, line: Line) -> None:
        if line is self._line:
            self.hang_up()
