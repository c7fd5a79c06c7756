"""Price lists as tables: what each cell must be. Pure: no database, no file's format.

The first row names the columns, in any order: `prefix` and `per_minute` are needed;
`destination setup first_block step free_seconds minimum_charge minimum_seconds
valid_from valid_to band` may be there. Money is written plainly (`0.123`), times are
seconds, moments are ISO 8601 with their zone, bands are `mon-fri 08:00-18:00`.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final, TypeAlias

from domain import money
from domain.tariffs import bands
from domain.tariffs.cells import Cell, amount, moment, prefix, seconds, text_of
from domain.tariffs.choosing import BEGINNING
from domain.tariffs.rating import Rate

Row: TypeAlias = tuple[int, Sequence[Cell]]
"""The number of a line, and its cells."""

COLUMNS: Final = (
    *("prefix", "destination", "per_minute", "setup", "first_block", "step"),
    *("free_seconds", "minimum_charge", "minimum_seconds"),
    *("valid_from", "valid_to", "band"),
)
MONEY: Final = frozenset({"per_minute", "setup", "minimum_charge"})
NAMED_AT_MOST: Final = 10_000
"""Bad lines that are named; the others are counted."""

_TERMS: Final = frozenset(field.name for field in fields(Rate))
_NEEDED: Final = ("prefix", "per_minute")


class BadSheet(ValueError):
    """The file is refused whole; `faults` name each bad line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        """A fault a line."""
        return "\n".join(self.faults)


@dataclass(frozen=True, slots=True)
class Line:
    """One price: the digits a number begins with, the terms, and when they hold."""

    prefix: str
    rate: Rate
    destination: str = ""
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    band: str = ""


class Reading:
    """The lines of a table, read one by one; what is wrong with others is kept."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows = rows
        self._faults: list[tuple[int, str]] = []
        self._unnamed = 0

    def __iter__(self) -> Iterator[tuple[int, Line]]:
        """The number of each good line, and the line.

        Raises BadSheet at once for a header that does not fit.
        """
        first, header = next(self._rows, (0, ()))
        try:
            columns = [text_of(cell) for cell in header]
        except ValueError as error:
            raise BadSheet([f"line {first}: {error}"]) from error
        if faults := _header_faults(columns):
            raise BadSheet(faults)
        for number, cells in self._rows:
            try:
                line = _line(columns, cells)
            except ValueError as error:
                self.refuse(number, str(error))
            else:
                yield number, line

    def refuse(self, number: int, why: str) -> None:
        """Note that a line is bad."""
        if len(self._faults) < NAMED_AT_MOST:
            self._faults.append((number, why))
        else:
            self._unnamed += 1

    def check(self) -> None:
        """Raise BadSheet, naming every bad line, if there was one."""
        named = [f"line {number}: {why}" for number, why in sorted(self._faults)]
        if self._unnamed:
            named.append(f"and {self._unnamed} bad lines more")
        if named:
            raise BadSheet(named)


def rows_of_csv(text: Iterable[str]) -> Iterator[Row]:
    """The rows of a CSV; empty ones are passed over. Raises BadSheet."""
    rows = csv.reader(text, strict=True)
    try:
        for cells in rows:
            if cells:
                yield rows.line_num, cells
    except csv.Error as error:
        raise BadSheet([f"line {rows.line_num}: {error}"]) from error


def read(text: Iterable[str]) -> list[Line]:
    """Every line of a small CSV, or BadSheet naming each that is wrong."""
    reading = Reading(rows_of_csv(text))
    lines: dict[tuple[object, ...], Line] = {}
    for number, line in reading:
        key = (line.prefix, line.valid_from, line.band)
        if key in lines:
            reading.refuse(number, twice(line.prefix))
        lines[key] = line
    reading.check()
    return list(lines.values())


def twice(prefix: str) -> str:
    """What is wrong with a line whose prefix, beginning and band stand there before."""
    return f"prefix {prefix} stands there twice"


def cells_of(line: Line) -> list[str]:
    """A line as the text of its cells, in the order of COLUMNS."""
    return [
        line.prefix,
        line.destination,
        *(
            money.plain(getattr(line.rate, name))
            if name in MONEY
            else str(getattr(line.rate, name))
            for name in COLUMNS
            if name in _TERMS
        ),
        line.valid_from.isoformat() if line.valid_from else "",
        line.valid_to.isoformat() if line.valid_to else "",
        line.band,
    ]


def _header_faults(columns: Sequence[str]) -> list[str]:
    missing = [f"column {name!r} is missing" for name in _NEEDED if name not in columns]
    unknown = [f"column {name!r} is unknown" for name in columns if name not in COLUMNS]
    double = {name for name in columns if columns.count(name) > 1}
    return missing + unknown + [f"column {name!r} is there twice" for name in double]


def _line(columns: Sequence[str], row: Sequence[Cell]) -> Line:
    if len(row) != len(columns):
        raise ValueError("it has not as many fields as the header")
    cells = {name: text_of(cell) for name, cell in zip(columns, row, strict=True)}
    if not cells["per_minute"]:
        raise ValueError("per_minute is empty")
    terms = {
        name: amount(value) if name in MONEY else seconds(name, value)
        for name, value in cells.items()
        if value and name in _TERMS
    }
    begins = moment("valid_from", cells.get("valid_from", ""))
    ends = moment("valid_to", cells.get("valid_to", ""))
    if ends and ends <= (begins or BEGINNING):
        raise ValueError("valid_to is not after valid_from")
    if begins == BEGINNING:  # as the database keeps a line without a beginning
        begins = None
    band = cells.get("band", "")
    return Line(
        prefix(cells["prefix"]),
        Rate(**terms),
        cells.get("destination", ""),
        begins,
        ends,
        str(bands.parse(band)) if band else "",
    )
