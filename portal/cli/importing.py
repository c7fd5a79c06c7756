"""Bringing a price list in: read to its end first, then written piece by piece.

Live calls need SQLite's only pen: it is held for a few thousand rates at a time, and
for one small transaction that puts the whole list in force.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from time import sleep
from typing import Final

from domain.database import Transaction
from domain.tariffs.ahead import ahead
from domain.tariffs.comparing import Difference
from domain.tariffs.lists import Origin, Owner
from domain.tariffs.scratch import Scratch
from domain.tariffs.sheet import BadSheet, Line, Reading, Row, rows_of_csv
from domain.tariffs.workbook import rows_of_workbook

WRITTEN_AT_ONCE: Final = 2_000
"""Rates in one transaction: some ten milliseconds."""
_BREATH_S: Final = 0.02
"""Between two pieces: whoever waits for SQLite's pen looks for it now and then only,
and would find it taken again."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do."""

    rates: int
    changes: Difference
    valid_from: datetime


def bring_in(
    transaction: Transaction,
    file: Path,
    owner: Owner,
    origin: Origin,
    *,
    beginning: Callable[[], datetime],
    dry_run: bool = False,
) -> Imported:
    """Put the list of a file in force; or only tell what would change.

    `beginning` is asked when all is written: what was priced until then was priced by
    the list before. Raises BadSheet, and then has written nothing; OSError, Overtaken.
    """
    with Scratch() as scratch:
        scratch.take(Reading(rows_of(file)))
        if not scratch.count:
            raise BadSheet(["it holds no rates"])
        with transaction(write=False) as services:
            begins = beginning()
            changes = services.tariffs.compare(owner, scratch.lines(), begins)
        if not dry_run:
            lines = scratch.lines()
            begins = put_in_force(transaction, lines, owner, origin, beginning)
        return Imported(scratch.count, changes, begins)


def put_in_force(
    transaction: Transaction,
    lines: Iterator[Line],
    owner: Owner,
    origin: Origin,
    beginning: Callable[[], datetime],
) -> datetime:
    """Write a list beside the one in force, then let it take its place; from when."""
    _clear(transaction, owner)
    with transaction() as services:
        draft = services.tariffs.lists.begin(owner, origin)
    while some := list(islice(lines, WRITTEN_AT_ONCE)):
        with transaction() as services:
            services.tariffs.lists.append(draft, some)
        sleep(_BREATH_S)
    with transaction() as services:
        begins = beginning()
        services.tariffs.lists.complete(draft, begins)
    return begins


def rows_of(file: Path) -> Iterator[Row]:
    """The rows of a file, by the kind that its name says."""
    if file.suffix.casefold() == ".xlsx":
        yield from ahead(rows_of_workbook, file)
        return
    with file.open(encoding="utf-8-sig", newline="") as text:
        try:
            yield from rows_of_csv(text)
        except UnicodeDecodeError as error:
            raise BadSheet(["it is not a text in UTF-8"]) from error


def _clear(transaction: Transaction, owner: Owner) -> None:
    """Delete what an import left that was never finished."""
    with transaction() as services:
        services.tariffs.lists.drop_drafts(owner)
    left = True
    while left:
        with transaction() as services:
            left = services.tariffs.lists.clear_dropped(owner, WRITTEN_AT_ONCE)
