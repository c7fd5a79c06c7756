"""The doubles of the outermost edge: a telephone in memory, a clock in the hand."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from esl_service.channel import CUT, Dial, Goodbye, HungUp, LinkLost, MediaFault
from esl_service.voice import Prompt
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
    answered_at: datetime | None = None
    """When they picked up, if that was before anybody came back to the user."""
    never_rung: bool = False
    unheard: bool = False
    """Whether they are gone and the switch does not say how they ended."""


@dataclass
class FakeChannel:
    """A user with a keypad, in memory; it passes the contract of the real one.

    `keys` are pressed one entry a question ("" is silence); when they are used up
    the user hangs up. `parties` are the legs B in turn; `orphans` is told of those
    that end after the user has left.
    """

    clock: Clock
    keys: list[str] = field(default_factory=list)
    parties: list[CalledParty] = field(default_factory=list)
    leaves_while_ringing: bool = False
    leaves_while_talking: bool = False
    drops_after: float | None = None
    """Seconds of talk after which the user presses a drop combination, if any."""
    cuts: list[str] = field(default_factory=list)
    """Clips at which the user presses CUT, each once, in this order."""
    unplayable: Collection[str] = ()
    """Names of clips that are missing."""
    lost: bool = False
    """Whether the link to the switch is cut."""
    prompt_seconds: float = 2.0

    uuid: str = ""
    heard: list[str] = field(default_factory=list)
    played: list[list[str]] = field(default_factory=list)
    """The same by their paths."""
    dialled: list[Dial] = field(default_factory=list)
    limits: list[int] = field(default_factory=list)
    stops: list[int] = field(default_factory=list)
    hushed: int = 0
    orphans: list[Goodbye] = field(default_factory=list)
    answered_at: datetime | None = None
    gone: Goodbye | None = None

    @property
    def told(self) -> list[str]:
        """The prompts heard, in order, each by its first clip."""
        firsts = {*Prompt, *(f"{prompt}-1" for prompt in Prompt)}
        clips = [clip for sentence in self.heard for clip in sentence.split()]
        return [clip for clip in clips if clip in firsts]

    def play(self, sounds: Sequence[str]) -> bool:
        self._hear(sounds)
        heard = {Path(sound).stem for sound in sounds}
        cut = bool(self.cuts) and self.cuts[0] in heard
        if cut:
            self.cuts.pop(0)
        return cut

    def _hear(self, sounds: Sequence[str]) -> None:
        self._stay()
        clips = [Path(sound).stem for sound in sounds]
        if missing := set(clips) & set(self.unplayable):
            raise MediaFault(f"FILE NOT FOUND: {missing}")
        if clips:
            self.played.append(list(sounds))
            self.clock.pass_by(self.prompt_seconds)
            self.heard.append(" ".join(clips))

    def answer(self) -> None:
        self._stay()
        if self.answered_at is None:
            self.answered_at = self.clock.now

    def stop_after(self, seconds: int) -> None:
        self._stay()
        self.stops.append(seconds)

    def read(
        self,
        sounds: Sequence[str],
        *,
        longest: int,
        patience: float,
        pause: float,
        secret: bool = False,
    ) -> str:
        self._hear(sounds)
        if not self.keys:
            self._leave()
        keyed = self.keys.pop(0)
        self.clock.pass_by(patience if not keyed else pause)
        keyed, cut, _ = keyed.partition("#")[0].partition(CUT)
        return (keyed + cut)[:longest]

    def bridge(
        self,
        dial: Dial,
        *,
        drop_keys: Sequence[str],
        answered: Callable[[datetime], int],
    ) -> Goodbye:
        if self.gone is not None:
            self._orphan(dial)
        self._stay()
        self.dialled.append(dial)
        party = self.parties.pop(0) if self.parties else CalledParty(cause="USER_BUSY")
        self.clock.pass_by(party.rings)
        if self.leaves_while_ringing:
            self._orphan(dial)
            self._leave()
        if party.talks is None:
            return Goodbye(dial.uuid, party.cause, 0, None, self.clock.now)
        return self._talk(dial, party, drop_keys, answered)

    def rejoin(
        self, dial: Dial, *, answered: Callable[[datetime], int | None]
    ) -> Goodbye | None:
        self._stay()
        self.dialled.append(dial)
        party = self.parties.pop(0)
        if party.never_rung:
            self.dialled.pop()
            return Goodbye(dial.uuid, "ORIGINATOR_CANCEL", 0, None, self.clock.now)
        if party.unheard:
            return None
        if party.talks is None:
            return Goodbye(dial.uuid, party.cause, 0, None, self.clock.now)
        return self._talk(dial, party, (), answered)

    def hush(self) -> None:
        self._stay()
        self.hushed += 1

    def hang_up(self, cause: str = "NORMAL_CLEARING") -> None:
        if self.gone is None and not self.lost:
            self._go(cause)

    def goodbye(self, patience: float) -> Goodbye | None:
        return self.gone

    def _talk(
        self,
        dial: Dial,
        party: CalledParty,
        drop_keys: Sequence[str],
        answered: Callable[[datetime], int | None],
    ) -> Goodbye:
        answered_at = self.clock.now
        since = party.answered_at or answered_at
        try:
            limit = answered(since)
        except BaseException:
            self._orphan(dial, answered_at)
            raise
        ends = [(party.talks or 0, party.cause)]
        if limit is not None:
            self.limits.append(limit)
            left = limit - (answered_at - since).total_seconds()
            ends.append((max(0, left), "ALLOTTED_TIMEOUT"))
        if drop_keys and self.drops_after is not None:
            ends.append((self.drops_after, "NORMAL_CLEARING"))
        talked, cause = min(ends)
        self.clock.pass_by(talked)
        if self.leaves_while_talking:
            self._orphan(dial, answered_at)
            self._leave()
        talked_us = round(talked * 1e6)
        return Goodbye(dial.uuid, cause, talked_us, answered_at, self.clock.now)

    def _orphan(self, dial: Dial, answered_at: datetime | None = None) -> None:
        """Let the called party end when nobody waits for it any more."""
        talked = self.clock.now - (answered_at or self.clock.now)
        cause = "NORMAL_CLEARING" if answered_at else "ORIGINATOR_CANCEL"
        talked_us = talked // timedelta(microseconds=1)
        self.orphans.append(
            Goodbye(dial.uuid, cause, talked_us, answered_at, self.clock.now)
        )

    def _stay(self) -> None:
        if self.lost:
            raise LinkLost
        if self.gone is not None:
            raise HungUp

    def _leave(self) -> None:
        self._go("NORMAL_CLEARING")
        raise HungUp

    def _go(self, cause: str) -> None:
        lasted = self.clock.now - (self.answered_at or self.clock.now)
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
    failure: Exception | None = None
    rung: list[Dial] = field(default_factory=list)
    alive: bool = True
    """Whether a leg that was rung before still is there."""

    def take_up(self, dial: Dial, *, came_in: bool) -> FakeChannel | None:
        if self.failure is not None:
            raise self.failure
        if not self.alive:
            return None
        self.channel.uuid = dial.uuid
        self.channel.answered_at = self.channel.answered_at or self.channel.clock.now
        return self.channel

    def answered_at(self, _uuid: str) -> datetime | None:
        return self.channel.answered_at

    def ring(self, dial: Dial) -> FakeChannel:
        self.rung.append(dial)
        self.channel.clock.pass_by(4)
        if self.failure is not None:
            raise self.failure
        self.channel.uuid = dial.uuid
        self.channel.answered_at = self.channel.clock.now
        return self.channel
