"""Price lists as CSV, read and compared. Pure: no database.

The header names the columns, in any order: `prefix` and `per_minute` are needed;
`destination setup first_block step free_seconds minimum_charge minimum_seconds`
may be there. Money is written plainly (`0.123`), times are seconds.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Final

from domain import money
from domain.tariffs.rating import Rate

_MONEY: Final = {"per_minute", "setup", "minimum_charge"}
_TERMS: Final = {field.name for field in fields(Rate)}
_NEEDED: Final = {"prefix", "per_minute"}
_KNOWN: Final = _TERMS | {"prefix", "destination"}


class BadSheet(ValueError):
    """The file is refused whole; `faults` name each bad line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Line:
    """One price: the digits a number begins with, and the terms."""

    prefix: str
    rate: Rate
    destination: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a new list changes: prefixes by kind, each sorted."""

    new: tuple[str, ...]
    dearer: tuple[str, ...]
    cheaper: tuple[str, ...]
    gone: tuple[str, ...]
    same: int

    def __str__(self) -> str:
        return (
            f"{len(self.new)} new, {len(self.dearer)} dearer, "
            f"{len(self.cheaper)} cheaper, {len(self.gone)} gone, {self.same} unchanged"
        )


def read(text: Iterable[str]) -> list[Line]:
    """Every line of the sheet, or BadSheet naming each that is wrong."""
    rows = csv.DictReader(text, strict=True)
    try:
        columns = set(rows.fieldnames or ())
        if faults := _header_faults(columns):
            raise BadSheet(faults)
        return _checked(rows)
    except csv.Error as error:
        raise BadSheet([f"line {rows.line_num}: {error}"]) from error


def difference(now: Mapping[str, Rate], then: Mapping[str, Rate]) -> Difference:
    """Compare two lists by what one minute costs, ties by the whole terms."""
    both = [prefix for prefix in now if prefix in then]
    changed = [prefix for prefix in both if now[prefix] != then[prefix]]
    dearer = {p for p in changed if then[p].cost(60) >= now[p].cost(60)}
    return Difference(
        new=tuple(sorted(then.keys() - now.keys())),
        dearer=tuple(sorted(dearer)),
        cheaper=tuple(sorted(set(changed) - dearer)),
        gone=tuple(sorted(now.keys() - then.keys())),
        same=len(both) - len(changed),
    )


def _header_faults(columns: set[str]) -> list[str]:
    missing = [f"column {name!r} is missing" for name in sorted(_NEEDED - columns)]
    unknown = [f"column {name!r} is unknown" for name in sorted(columns - _KNOWN)]
    return missing + unknown


def _checked(rows: "csv.DictReader[str]") -> list[Line]:
    lines: dict[str, Line] = {}
    faults: list[str] = []
    for row in rows:
        try:
            line = _line(row)
            if line.prefix in lines:
                raise ValueError(f"prefix {line.prefix} stands there twice")  # noqa: TRY301
        except ValueError as error:
            faults.append(f"line {rows.line_num}: {error}")
        else:
            lines[line.prefix] = line
    if faults:
        raise BadSheet(faults)
    return list(lines.values())


def _line(row: Mapping[str | None, str | None]) -> Line:
    if None in row or None in row.values():
        raise ValueError("it has not as many fields as the header")
    cells = {name: (value or "").strip() for name, value in row.items() if name}
    prefix = cells["prefix"].removeprefix("+")
    if not (prefix.isascii() and prefix.isdecimal() and len(prefix) <= 15):  # noqa: PLR2004
        raise ValueError(f"prefix {cells['prefix']!r} is not 1 to 15 digits")
    terms = {
        name: _term(name, value)
        for name, value in cells.items()
        if name in _TERMS and value
    }
    if "per_minute" not in terms:
        raise ValueError("per_minute is empty")
    return Line(prefix, Rate(**terms), cells.get("destination", ""))


def _term(name: str, value: str) -> int:
    if name in _MONEY:
        return money.parse(value)
    if not (value.isascii() and value.isdecimal()):
        raise ValueError(f"{name} {value!r} is not a whole number of seconds")
    return int(value)
