"""How long a switch has lived, read from its answer to `status`. Pure."""

import re
from datetime import timedelta
from typing import Final

_SECONDS: Final = {
    "year": 365 * 86_400.0,
    "day": 86_400.0,
    "hour": 3_600.0,
    "minute": 60.0,
    "second": 1.0,
    "millisecond": 0.001,
    "microsecond": 0.000_001,
}
_PART: Final = re.compile(rf"([0-9]{{1,9}}) ({'|'.join(_SECONDS)})s?\b")


def uptime(status: str) -> timedelta:
    """What the first line of a `status` says; nothing where it cannot be read.

    >>> uptime("UP 0 years, 1 day, 2 hours, 0 minutes, 5 seconds, 250 milliseconds")
    datetime.timedelta(days=1, seconds=7205, microseconds=250000)
    """
    first, _, _ = status.partition("\n")
    parts = _PART.findall(first) if first.startswith("UP ") else []
    return timedelta(seconds=sum(int(n) * _SECONDS[unit] for n, unit in parts))
