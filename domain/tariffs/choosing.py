"""Which of several rates holds, and what a plan lets be rung. Pure: no database.

Of the rows that are valid at the moment the longest prefix wins, however cheap a
shorter one is; of one prefix a row with a time band before one without, then the
later one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final

from domain.numbers import E164, is_costly, is_country_code, prefixes
from domain.tariffs import bands
from domain.tariffs.rating import Rate

BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""From when a rate without a beginning of its own is valid: always."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rate that may hold: for which numbers, and when."""

    prefix: str
    destination: str
    rate: Rate
    valid_from: datetime = BEGINNING
    valid_to: datetime | None = None
    band: str = ""
    """As `bands.parse` reads it; empty for the whole week."""

    def holds(self, at: datetime, zone: tzinfo) -> bool:
        """Whether the row is valid at that moment, by the clocks of `zone`."""
        if at < self.valid_from or (self.valid_to is not None and at >= self.valid_to):
            return False
        return not self.band or bands.parse(self.band).contains(at, zone)


def choose(
    candidates: Iterable[Candidate], at: datetime, zone: tzinfo
) -> Candidate | None:
    """The one that holds at that moment; None if none does."""
    holding = [each for each in candidates if each.holds(at, zone)]
    return max(
        holding,
        key=lambda row: (len(row.prefix), row.band != "", row.valid_from, row.band),
        default=None,
    )


def may_ring(number: E164, rules: Mapping[str, bool], *, allows_costly: bool) -> bool:
    """Whether a plan lets `number` be rung.

    `rules` allow (True) or forbid prefixes: the longest that matches decides, the
    empty one is for every other number. A rule that allows more than a country's
    code names a range, and switches it on if it is a costly one; else
    `allows_costly` decides about premium, satellite and shared-cost numbers.
    """
    for prefix in (*prefixes(number), ""):
        if prefix in rules:
            if not rules[prefix]:
                return False
            if prefix and not is_country_code(prefix):
                return True
            break
    return allows_costly or not is_costly(number)
