"""What the cell of a price list must be. Pure: no database, no file's format.

Each reads a cell or raises ValueError, which says what is wrong with it.
"""

from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final, TypeAlias

from domain import money
from domain.numbers import LONGEST

Cell: TypeAlias = object
"""Text, a number or nothing; a workbook may hold more, which is refused."""

_LONGEST_TIME: Final = 10**6
"""Seconds: eleven days, and far inside what the database holds."""


def text_of(cell: Cell) -> str:
    """A cell as text; a number of a workbook as the exact decimal that it shows.

    A workbook's number is binary: 0.1 is kept as its nearest neighbour, whose
    shortest writing is 0.1 again. What was computed shows its true digits
    (0.30000000000000004) and is refused later as having too many.
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        if cell.startswith("="):
            raise ValueError(f"{cell!r} is a formula: put its value there")
        return cell
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
    """A moment of ISO 8601 with its zone; None for an empty cell."""
    if not text:
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{name} {text!r} is no moment of ISO 8601") from error
    if read.tzinfo is None:
        raise ValueError(f"{name} {text!r} names no time zone, such as Z or +01:00")
    return read
