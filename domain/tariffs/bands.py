"""Weekly time bands: `mon-fri 08:00-18:00`. Pure: no database, no clock.

A band is one part or several, parted by `;`. A part is days, times or both:
`sat,sun`, `08:00-18:00` (every day), `mon-fri 08:00-12:00,13:00-18:00`. Times are
wall-clock times of the plan's zone, the end excluded; `24:00` ends a day, and
`fri 22:00-06:00` goes on into Saturday.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache
from itertools import groupby
from typing import Final, TypeAlias

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY: Final = 24 * 60
"""Minutes."""

Span: TypeAlias = tuple[int, int]
"""From and to, in minutes of a day; the end excluded."""

_PART: Final = re.compile(r"([a-z][a-z,\- ]*)?([0-9][0-9:,\- ]*)?")
_TIMES: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})-([0-9]{1,2}):([0-9]{2})")


class NotABand(ValueError):
    """The text is no weekly time band."""


@dataclass(frozen=True, slots=True)
class Band:
    """When in a week something holds: the spans of each day, Monday first."""

    days: tuple[tuple[Span, ...], ...]

    def contains(self, moment: datetime, zone: tzinfo) -> bool:
        """Whether the clocks of `zone` stand within the band at that moment.

        An hour that a clock shows twice belongs to the band both times.
        """
        local = moment.astimezone(zone)
        minute = local.hour * 60 + local.minute
        return any(start <= minute < end for start, end in self.days[local.weekday()])

    def __str__(self) -> str:
        """The band as `parse` reads it, one way for every spelling of it."""
        alike = groupby(enumerate(self.days), key=lambda day: day[1])
        runs = [(spans, [number for number, _ in run]) for spans, run in alike]
        return "; ".join(
            " ".join([_days_in_words(numbers), *_times_in_words(spans)])
            for spans, numbers in runs
            if spans
        )


@lru_cache(maxsize=1024)
def parse(text: str) -> Band:
    """Read a band. Raises NotABand.

    >>> str(parse("MON-FRI 8:00-18:00; sat,sun"))
    'mon-fri 08:00-18:00; sat-sun'
    """
    week: list[list[Span]] = [[] for _ in DAYS]
    for part in text.casefold().split(";"):
        for day, (start, end) in _spans(part.strip(), text):
            if end > start:
                week[day].append((start, end))
            else:  # over midnight
                week[day].append((start, DAY))
                week[(day + 1) % 7].append((0, end))
    return Band(tuple(_merged(spans) for spans in week))


def _spans(part: str, text: str) -> Iterator[tuple[int, Span]]:
    found = _PART.fullmatch(part)
    if found is None or not part:
        raise NotABand(f"{text!r} is no time band such as mon-fri 08:00-18:00")
    days, times = found.groups()
    for day in _days(days, text) if days else range(7):
        for span in _times(times, text) if times else [(0, DAY)]:
            yield day, span


def _days(words: str, text: str) -> Iterator[int]:
    for word in words.replace(" ", "").split(","):
        first, _, last = word.partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            raise NotABand(f"{text!r}: {word!r} is no day such as mon or mon-fri")
        begins, ends = DAYS.index(first), DAYS.index(last or first)
        yield from ((begins + n) % 7 for n in range((ends - begins) % 7 + 1))


def _times(words: str, text: str) -> Iterator[Span]:
    for word in words.replace(" ", "").split(","):
        found = _TIMES.fullmatch(word)
        hours = [int(each) for each in found.groups()] if found else []
        if not hours or max(hours[1::2]) > 59:  # noqa: PLR2004 - minutes
            raise NotABand(f"{text!r}: {word!r} is no time such as 08:00-18:00")
        start, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
        if start >= DAY or end > DAY or start == end:
            raise NotABand(f"{text!r}: {word!r} is no time of a day")
        yield start, end


def _merged(spans: list[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if start == end:  # nothing of the next day
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _days_in_words(numbers: list[int]) -> str:
    first, last = DAYS[numbers[0]], DAYS[numbers[-1]]
    return first if first == last else f"{first}-{last}"


def _times_in_words(spans: tuple[Span, ...]) -> list[str]:
    if spans == ((0, DAY),):
        return []
    return [",".join(f"{_clock(start)}-{_clock(end)}" for start, end in spans)]


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
