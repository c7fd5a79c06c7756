"""All that a call's script asks of any telephone switch.

`switch/channel.py` fulfils it on FreeSWITCH, `tests/doubles.py` in memory; both
pass the same contract tests.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from domain.causes import CALLED_OFF

TONE: Final = "tone"
"""Among clips: two short beeps, for which no clip is needed."""
CUT: Final = "*"
"""The key that cuts an announcement, and ends whatever is keyed."""


class HungUp(Exception):
    """The user has left; whatever the script was doing is over."""


class LinkLost(Exception):
    """The switch cannot be heard any more. Nobody is known to have left."""


class NotAsked(LinkLost):
    """There was no link to ask the switch by: what was asked was certainly not done."""


class Superseded(LinkLost):
    """Another service works at this switch now: what is left of ours must not."""


class MediaFault(Exception):
    """A prompt could not be played: a clip is missing or unreadable."""


class NotReached(Exception):
    """Leg A could not be brought onto the line.

    `cause` is FreeSWITCH's name for why (USER_BUSY, NO_ANSWER…), or SWITCH_REFUSED
    when the switch never tried (no such gateway, no capacity, a UUID in use), or
    SWITCH_AWAY when nobody could ask it.
    `goodbye` is how the leg ended, if there ever was one; somebody who answered
    and left at once is to be paid for.
    """

    def __init__(self, cause: str, goodbye: "Goodbye | None" = None) -> None:
        super().__init__(cause)
        self.cause = cause
        self.goodbye = goodbye


@dataclass(frozen=True, slots=True)
class Dial:
    """One leg to be rung, exactly once: `uuid` is ours and is stored before."""

    uuid: str
    number: str
    """E.164, with its plus."""
    gateway: str
    caller_id: str
    """What the called party's display shows, as the gateway wants it: digits, maybe
    with a plus."""
    ring_seconds: int
    stop_seconds: int
    """The switch itself hangs this leg up so many seconds after its answer."""
    tag: str
    """Shown by `show channels` as presence_data: `cb:<session>:A`, `cb:<session>:B`."""


@dataclass(frozen=True, slots=True)
class Goodbye:
    """How one leg ended, as the switch recorded it."""

    uuid: str
    cause: str
    """FreeSWITCH's name of the Q.850 cause: NORMAL_CLEARING, USER_BUSY, NO_ANSWER…"""
    answered_us: int
    """Microseconds from this leg's own answer to its end; 0 if it never answered."""
    answered_at: datetime | None
    ended_at: datetime

    @property
    def answered(self) -> bool:
        """Whether anybody picked up."""
        return self.answered_at is not None

    @property
    def called_off(self) -> bool:
        """Whether the leg ended because nobody wanted it any more, unanswered."""
        return self.cause == CALLED_OFF and not self.answered


@dataclass(frozen=True, slots=True)
class Record:
    """A leg's end as the switch wrote it down, for whoever was away then."""

    name: str
    goodbye: Goodbye


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody rings us: digits, perhaps with a plus, as nobody has checked them."""

    uuid: str
    called: str
    caller: str
    """Empty if it was withheld, or is no number."""
    found: bool = False
    """Whether they were there before we listened."""
    answered: bool = False


class Channel(Protocol):
    """A user on the line. Every verb raises HungUp once they have left."""

    @property
    def uuid(self) -> str:
        """The leg's UUID: ours if we rang it, the switch's if it rang us."""

    @property
    def answered_at(self) -> datetime | None:
        """When they picked up, by the switch's clock, if that was heard."""

    def answer(self) -> None:
        """Pick up a call that came to us; who was rung is up already.

        Raises HungUp, LinkLost, MediaFault.
        """

    def stop_after(self, seconds: int) -> None:
        """Let the switch itself hang this leg up so many seconds from now.

        It takes the place of every stop set before. Raises HungUp, LinkLost.
        """

    def play(self, sounds: Sequence[str]) -> bool:
        """Play the clips (absolute paths, or TONE) without a gap.

        Returns whether CUT was pressed, which ends them; other keys are lost.
        Raises HungUp, LinkLost, MediaFault.
        """

    def read(
        self,
        sounds: Sequence[str],
        *,
        longest: int,
        patience: float,
        pause: float,
        secret: bool = False,
    ) -> str:
        """Play the clips and return the keys pressed, without the closing `#`.

        Any key silences the clips. Waits `patience` seconds for the first key
        after them and `pause` seconds for each further one; `#`, the `longest`-th
        key, or CUT, which is returned, ends it at once. Silence returns "". The
        switch forgets keys that are `secret`, and writes them nowhere.
        Raises HungUp, LinkLost, MediaFault.
        """

    def bridge(
        self,
        dial: Dial,
        *,
        drop_keys: Sequence[str],
        answered: Callable[[datetime], int],
    ) -> Goodbye:
        """Ring another party, join them, and return how *their* leg ended.

        While they ring or talk, each combination of `drop_keys` (such as `##`)
        drops them and not the user. `answered` is called once, when they pick up,
        with that moment by the switch's clock, and returns how many seconds after it
        the switch shall drop them. Raises HungUp when the user leaves; the other leg
        then ends too, and its end goes to whoever watches for orphaned legs, even if
        it was never rung. Raises LinkLost, and whatever `answered` raises; then too
        the other leg's end goes there, as soon as it is heard.
        """

    def rejoin(
        self, dial: Dial, *, answered: Callable[[datetime], int | None]
    ) -> Goodbye | None:
        """Stay with a party that another life of this service has rung for the user.

        Returns as `bridge` does how their leg ended; if it had ended already, what the
        switch still says of it: None if nothing. One that was never rung was called
        off. `answered` may leave their stop as it is (None). Raises as `bridge`.
        """

    def hush(self) -> None:
        """Break off what the user is hearing, and take their keys for prompts.

        Raises HungUp, LinkLost.
        """

    def hang_up(self, cause: str = "NORMAL_CLEARING") -> None:
        """Say goodbye; who was never answered is rejected for that cause.

        Never raises; harmless when they have left already.
        """

    def goodbye(self, patience: float) -> Goodbye | None:
        """Wait up to `patience` seconds for this leg's own end; None if unheard.

        One that comes later goes to whoever watches for orphaned legs.
        """
