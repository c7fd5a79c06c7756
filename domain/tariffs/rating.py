"""What a leg costs, and how long two legs may last. Pure: no database, no clock.

The law (seconds t of answered time, rate r a minute, setup S, first block I, steps
b, free seconds F, minimum charge M, nothing below D seconds):

    t' = max(0, t − F)
    billed = 0 if t' = 0, I if t' ≤ I, else I + ceil((t' − I) / b) · b
    cost = 0 if t = 0 or t < D, else max(M, S + ceil(billed · r / 60))
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from domain.money import Micros

MINUTE = 60


@dataclass(frozen=True, slots=True)
class Rate:
    """The terms of one price: money in micro-units, times in seconds."""

    per_minute: Micros
    setup: Micros = 0
    first_block: int = 1
    step: int = 1
    free_seconds: int = 0
    minimum_charge: Micros = 0
    minimum_seconds: int = 0

    def __post_init__(self) -> None:
        """Refuse terms that could pay the caller or never advance."""
        if self.step < 1:
            raise ValueError(f"step must be at least 1 second, not {self.step}")
        terms = (self.per_minute, self.setup, self.first_block, self.free_seconds)
        if min(*terms, self.minimum_charge, self.minimum_seconds) < 0:
            below = [name for name in self.__slots__ if getattr(self, name) < 0]
            raise ValueError(f"{below[0]} must not be negative")

    def billed(self, seconds: int) -> int:
        """How many seconds are charged for `seconds` answered.

        >>> Rate(600, first_block=20, step=60).billed(21)
        80
        """
        paid = max(0, seconds - self.free_seconds)
        if paid == 0:
            return 0
        if paid <= self.first_block:
            return self.first_block
        return self.first_block + _ceil(paid - self.first_block, self.step) * self.step

    def cost(self, seconds: int) -> Micros:
        """What `seconds` of answered time cost; grows with them, never shrinks.

        >>> Rate(600_000, first_block=60, step=60).cost(61)
        1200000
        """
        if seconds <= 0 or seconds < self.minimum_seconds:
            return 0
        return max(self.minimum_charge, self.cost_before_minimum(seconds))

    def cost_before_minimum(self, seconds: int) -> Micros:
        """Connection and talk, the least that is charged for a call not considered."""
        return self.setup + _ceil(self.billed(seconds) * self.per_minute, MINUTE)


NOTHING = Rate(per_minute=0)
"""The price of a leg that is not charged."""


def whole_seconds(microseconds: int) -> int:
    """Answered time as it is charged: rounded up to a whole second.

    >>> whole_seconds(1_000_001)
    2
    """
    return _ceil(microseconds, 1_000_000)


def longest(fits: Callable[[int], bool], cap: int) -> int:
    """The largest whole T in 1…cap for which `fits`; 0 if there is none.

    `fits` must hold for every T below one for which it holds: cost is monotone.
    A closed form that forgets the first block sells calls nobody can pay.
    """
    low, high = 0, max(0, cap)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(middle):
            low = middle
        else:
            high = middle - 1
    return low


@dataclass(frozen=True, slots=True)
class Meter:
    """A leg that runs: its terms, and how long it has been up when time is counted."""

    rate: Rate
    up: int = 0


def cost_of(meters: Iterable[Meter], ahead: int) -> Micros:
    """What legs that all run on for `ahead` seconds will have cost."""
    return sum(meter.rate.cost(meter.up + ahead) for meter in meters)


def two_legs(leg_a: Rate, leg_b: Rate, *, elapsed: int, tail: int) -> list[Meter]:
    """Leg A, up `elapsed` when B answers and `tail` longer than B; and leg B."""
    return [Meter(leg_a, elapsed + tail), Meter(leg_b)]


def longest_run(available: Micros, meters: Sequence[Meter], cap: int) -> int:
    """How many whole seconds, at most `cap`, legs can all run on for that money.

    Of two legs it is how long B may talk: the largest T ≤ cap with
    cost_A(elapsed + T + tail) + cost_B(T) ≤ available.

    >>> block = Rate(100_000, first_block=60, step=60)
    >>> minute = Rate(300_000, first_block=60, step=60)
    >>> legs = two_legs(minute, block, elapsed=40, tail=0)
    >>> longest_run(1_000_000, legs, cap=3600)
    80
    """
    return longest(lambda ahead: cost_of(meters, ahead) <= available, cap)


def _ceil(dividend: int, divisor: int) -> int:
    return -(-dividend // divisor)
