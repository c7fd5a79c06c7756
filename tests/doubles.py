"""The doubles of the outermost edge: a telephone in memory, a clock in the hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from esl_service.channel import Dial, Goodbye, HungUp, NotReached
from tests.people import NOON


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class CalledParty:
    """What becomes of a leg B: `talks` seconds, or a `cause` for not being there."""

    talks: float | None = None
    cause: str = "NORMAL_CLEARING"
    rings: float = 5.0


@dataclass
class FakeChannel:
    """A user with a keypad, in memory.

    `keys` are pressed one entry a question ("" is silence); when they are used up
    the user hangs up. `parties` are the legs B in turn.
    """

    clock: Clock
    keys: list[str] = field(default_factory=list)
    parties: list[CalledParty] = field(default_factory=list)
    leaves_while_talking: bool = False
    prompt_seconds: float = 2.0

    uuid: str = ""
    heard: list[str] = field(default_factory=list)
    dialled: list[Dial] = field(default_factory=list)
    limits: list[int] = field(default_factory=list)
    answered_at: datetime | None = None
    gone: Goodbye | None = None

    def play(self, sounds: Sequence[str]) -> None:
        self._stay()
        self.clock.pass_by(self.prompt_seconds)
        self.heard.append(" ".join(Path(sound).stem for sound in sounds))

    def read(
        self, sounds: Sequence[str], *, longest: int, patience: float, pause: float
    ) -> str:
        self.play(sounds)
        if not self.keys:
            self._leave()
        keyed = self.keys.pop(0)
        self.clock.pass_by(patience if not keyed else pause)
        return keyed[:longest]

    def bridge(
        self, dial: Dial, *, drop_keys: Sequence[str], answered: Callable[[], int]
    ) -> Goodbye:
        self._stay()
        self.dialled.append(dial)
        party = self.parties.pop(0) if self.parties else CalledParty(cause="USER_BUSY")
        self.clock.pass_by(party.rings)
        if party.talks is None:
            return Goodbye(dial.uuid, party.cause, 0, None, self.clock.now)
        answered_at = self.clock.now
        limit = answered()
        self.limits.append(limit)
        cause = party.cause if party.talks < limit else "ALLOTTED_TIMEOUT"
        talked = min(party.talks, limit)
        self.clock.pass_by(talked)
        if self.leaves_while_talking:
            self._leave()
        return Goodbye(
            dial.uuid, cause, round(talked * 1e6), answered_at, self.clock.now
        )

    def hang_up(self, cause: str = "NORMAL_CLEARING") -> None:
        if self.gone is None:
            self._go(cause)

    def goodbye(self, patience: float) -> Goodbye | None:
        return self.gone

    def _stay(self) -> None:
        if self.gone is not None:
            raise HungUp

    def _leave(self) -> None:
        self._go("NORMAL_CLEARING")
        raise HungUp

    def _go(self, cause: str) -> None:
        assert self.answered_at is not None
        lasted = self.clock.now - self.answered_at
        self.gone = Goodbye(
            self.uuid,
            cause,
            lasted // timedelta(microseconds=1),
            self.answered_at,
            self.clock.now,
        )


@dataclass
class FakeExchange:
    """A switch that hands out one prepared channel, or says why it cannot."""

    channel: FakeChannel
    failure: str | None = None
    rung: list[Dial] = field(default_factory=list)

    def ring(self, dial: Dial) -> FakeChannel:
        self.rung.append(dial)
        self.channel.clock.pass_by(4)
        if self.failure is not None:
            raise NotReached(self.failure)
        self.channel.uuid = dial.uuid
        self.channel.answered_at = self.channel.clock.now
        return self.channel
