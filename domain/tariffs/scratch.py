"""A price list on its way in, kept in a file of its own until it is known to be good.

A million lines are sorted and looked through for doubles by SQLite in a temporary
folder: neither our memory nor the pen of the live database is needed for it.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Final, Self, TypeAlias

from domain.tariffs.rating import Rate
from domain.tariffs.sheet import Line, Reading, twice

_TERMS: Final = tuple(field.name for field in fields(Rate))
_COLUMNS: Final = (
    *("prefix", "begins", "band", "number", "ends", "destination"),
    *_TERMS,
)
_CREATE: Final = f"CREATE TABLE lines ({', '.join(_COLUMNS)})"
_INSERT: Final = f"INSERT INTO lines VALUES ({', '.join('?' for _ in _COLUMNS)})"  # noqa: S608
_IN_ORDER: Final = (
    f"SELECT {', '.join(_COLUMNS)} FROM lines ORDER BY prefix, begins, band, number"  # noqa: S608
)
_INDEX: Final = "CREATE INDEX in_order ON lines (prefix, begins, band, number)"
_DOUBLES: Final = (
    "SELECT number, prefix FROM lines JOIN"
    " (SELECT prefix, begins, band, MIN(number) AS first FROM lines"
    " GROUP BY prefix, begins, band HAVING COUNT(*) > 1)"
    " USING (prefix, begins, band) WHERE number > first"
)
_WRITTEN_AT_ONCE: Final = 5_000

_Row: TypeAlias = tuple[str | int, ...]


class Scratch:
    """The lines of one sheet, on disk and in order; `with` removes them again."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="rates-")
        self._file = sqlite3.connect(Path(self._folder.name) / "lines.sqlite")
        self._file.execute("PRAGMA journal_mode = OFF")  # nothing to come back to
        self._file.execute("PRAGMA synchronous = OFF")
        self._file.execute(_CREATE)
        self.count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._file.close()
        self._folder.cleanup()

    def take(self, reading: Reading) -> None:
        """Keep every line that is read. Raises BadSheet naming each bad one."""
        rows = (_row(number, line) for number, line in reading)
        while some := list(islice(rows, _WRITTEN_AT_ONCE)):
            self._file.executemany(_INSERT, some)
            self.count += len(some)
        self._file.execute(_INDEX)
        self._look_for_doubles(reading)
        reading.check()

    def lines(self) -> Iterator[Line]:
        """The lines, by prefix, beginning and band."""
        with closing(self._file.execute(_IN_ORDER)) as rows:
            for prefix, begins, band, _, ends, destination, *terms in rows:
                yield Line(
                    prefix,
                    Rate(*terms),
                    destination,
                    datetime.fromisoformat(begins) if begins else None,
                    datetime.fromisoformat(ends) if ends else None,
                    band,
                )

    def _look_for_doubles(self, reading: Reading) -> None:
        for number, prefix in self._file.execute(_DOUBLES):
            reading.refuse(number, twice(prefix))


def _row(number: int, line: Line) -> _Row:
    rate = line.rate
    return (
        line.prefix,
        _utc(line.valid_from),
        line.band,
        number,
        _utc(line.valid_to),
        line.destination,
        *(getattr(rate, name) for name in _TERMS),
    )


def _utc(moment: datetime | None) -> str:
    """A moment as text of one kind, so that equal ones are equal and in order."""
    return moment.astimezone(UTC).isoformat() if moment else ""
