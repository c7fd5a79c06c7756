"""When a gateway is put to rest, and for how long. Pure."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class HealthRules:
    """So many carrier faults in a row, and a gateway rests; each rest is longer."""

    faults: int = 5
    first_rest: timedelta = timedelta(seconds=30)
    longest_rest: timedelta = timedelta(minutes=15)


def rest(rests: int, rules: HealthRules) -> timedelta:
    """How long it rests after so many rests that did not mend it.

    >>> [rest(n, HealthRules()).seconds for n in (0, 1, 2, 99)]
    [30, 60, 120, 900]
    """
    doubled = rules.first_rest * (1 << min(rests, 16))
    return min(doubled, rules.longest_rest)
