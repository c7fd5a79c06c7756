"""What a new price list changes. Pure: no database.

Both lists are read once, side by side, in the order of their prefixes: neither need
fit into memory.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Final, TypeAlias

from domain.tariffs.rating import MINUTE, Rate
from domain.tariffs.sheet import Line

SHOWN: Final = 10
"""How many prefixes of each kind are told."""

_Terms: TypeAlias = dict[tuple[object, ...], Rate]
"""The rates of one prefix, by when they hold."""


@dataclass(slots=True)
class Some:
    """How many rates there are of a kind, and the prefixes of the first of them."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, prefix: str) -> None:
        """One more."""
        self.count += 1
        if len(self.first) < SHOWN:
            self.first.append(prefix)


@dataclass(slots=True)
class Difference:
    """What a new list changes: rates by kind."""

    new: Some = field(default_factory=Some)
    dearer: Some = field(default_factory=Some)
    cheaper: Some = field(default_factory=Some)
    gone: Some = field(default_factory=Some)
    same: int = 0

    def kinds(self) -> dict[str, Some]:
        """What changes, by name."""
        return {
            "new": self.new,
            "dearer": self.dearer,
            "cheaper": self.cheaper,
            "gone": self.gone,
        }

    def __str__(self) -> str:
        told = [f"{some.count} {name}" for name, some in self.kinds().items()]
        return ", ".join([*told, f"{self.same} unchanged"])


def difference(now: Iterable[Line], then: Iterable[Line]) -> Difference:
    """Compare two lists in the order of their prefixes, rate by rate.

    Dearer is what costs more for a minute, or as much on other terms.
    """
    found = Difference()
    for prefix, before, after in _side_by_side(_by_prefix(now), _by_prefix(then)):
        for when, rate in after.items():
            _compare(found, prefix, before.get(when), rate)
        for when in before:
            if when not in after:
                found.gone.add(prefix)
    return found


def _compare(found: Difference, prefix: str, before: Rate | None, after: Rate) -> None:
    if before is None:
        found.new.add(prefix)
    elif before == after:
        found.same += 1
    elif after.cost(MINUTE) >= before.cost(MINUTE):
        found.dearer.add(prefix)
    else:
        found.cheaper.add(prefix)


def _by_prefix(lines: Iterable[Line]) -> Iterator[tuple[str, _Terms]]:
    for prefix, alike in groupby(lines, attrgetter("prefix")):
        yield (
            prefix,
            {(line.valid_from, line.valid_to, line.band): line.rate for line in alike},
        )


def _side_by_side(
    left: Iterator[tuple[str, _Terms]], right: Iterator[tuple[str, _Terms]]
) -> Iterator[tuple[str, _Terms, _Terms]]:
    """Each prefix of either side, with what both have of it."""
    one, other = next(left, None), next(right, None)
    while one is not None or other is not None:
        prefix = min(side[0] for side in (one, other) if side is not None)
        mine: _Terms = {}
        theirs: _Terms = {}
        if one is not None and one[0] == prefix:
            mine, one = one[1], next(left, None)
        if other is not None and other[0] == prefix:
            theirs, other = other[1], next(right, None)
        yield prefix, mine, theirs
