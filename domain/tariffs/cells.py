"""What the cell of a price list must be. Pure: no database, no file's format.

Each reads a cell or raises ValueError, which says what is wrong with it.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final, TypeAlias

from domain import money
from domain.numbers import LONGEST
from domain.tariffs.choosing import BEGINNING

Cell: TypeAlias = object
"""Text, a number or nothing; a workbook may hold more, which is refused."""

_LONGEST_TIME: Final = 10**6
"""Seconds: eleven days, and far inside what the database holds."""
_END: Final = datetime(3000, 1, 1, tzinfo=UTC)
"""No moment is so late: far inside what every clock and database can hold."""
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""What nobody can read; PostgreSQL takes neither NUL nor half a surrogate pair."""


def text_of(cell: Cell) -> str:
    """A cell as text without blanks around it; a number as the decimal that it shows.

    A workbook's number is binary: 0.1 is kept as its nearest neighbour, whose
    shortest writing is 0.1 again. What was computed shows its true digits
    (0.30000000000000004) and is refused later as having too many.
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        if cell.startswith("="):
            raise ValueError(f"{cell!r} is a formula: put its value there")
        text = cell.strip()
        if not text.isprintable() and _CONTROL.search(text):
            raise ValueError(f"{text!r} holds a control character")
        return text
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        kind = type(cell).__name__  # a date, or what Excel took for one
        raise ValueError(f"{cell} is a {kind}, neither text nor a number")  # noqa: TRY004
    text = repr(cell)
    if "e" in text:  # 1e-05
        text = format(Decimal(text), "f")
    return text.removesuffix(".0")


def prefix(text: str) -> str:
    """The digits that a number begins with, its plus taken away."""
    digits = text.removeprefix("+")
    if not (digits.isascii() and digits.isdecimal()):
        raise ValueError(f"prefix {text!r} is not digits")
    if len(digits) > LONGEST:
        raise ValueError(f"prefix {text!r} is not 1 to {LONGEST} digits")
    if digits.startswith("0"):
        raise ValueError(f"prefix {text!r} begins with 0: no country's code does")
    return digits


@lru_cache(maxsize=4096)
def amount(text: str) -> int:
    """Money in micro-units; the same few prices come again and again."""
    return money.parse(text)


def seconds(name: str, text: str) -> int:
    """A time, in whole seconds."""
    if not (text.isascii() and text.isdecimal()) or int(text) > _LONGEST_TIME:
        raise ValueError(f"{name} {text!r} is not a whole number of seconds")
    return int(text)


def moment(name: str, text: str) -> datetime | None:
    """A moment of ISO 8601 with its zone, in UTC; None for an empty cell."""
    if not text:
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{name} {text!r} is no moment of ISO 8601") from error
    if read.tzinfo is None:
        raise ValueError(f"{name} {text!r} names no time zone, such as Z or +01:00")
    if not BEGINNING <= read < _END:
        raise ValueError(f"{name} {text!r} is not from 1970 to 2999")
    return read.astimezone(UTC)
