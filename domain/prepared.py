"""Statements that every call runs: compiled once, then handed to the driver as text.

SQLAlchemy's own execution takes 50 to 70 µs a statement, the driver's 5 to 10. What it
does besides is done here once, when the statement is first run on a kind of database:
its text, the order of its values, how each is written and read.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Connection, Dialect, SelectBase, UpdateBase
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

# Any: what the driver gives and takes, and rows of any columns.
_Row: TypeAlias = tuple[Any, ...]
_Convert: TypeAlias = Callable[[Any], Any] | None
_Key: TypeAlias = tuple[str, frozenset[str]]


class Prepared:
    """A statement of tables, not of classes, whose values are told by name.

    An INSERT or UPDATE writes the columns it is told, and an INSERT plain defaults.
    """

    def __init__(self, statement: SelectBase | UpdateBase) -> None:
        self._statement = statement
        self._texts: dict[_Key, _Text] = {}

    def rows(self, session: Session, **told: object) -> list[_Row]:
        """Run it within the session's transaction; what it returns, if it does.

        Raises as the session would.
        """
        return self.run(connection_of(session), told)

    def first(self, session: Session, **told: object) -> _Row | None:
        """Its first row; None if there is none."""
        return next(iter(self.rows(session, **told)), None)

    def value(self, session: Session, **told: object) -> Any:
        """The first column of its first row; None if there is none."""
        found = self.first(session, **told)
        return found[0] if found else None

    def run(self, connection: Connection, told: Mapping[str, object]) -> list[_Row]:
        """Run it on a connection, in whatever transaction that is."""
        dialect = connection.dialect
        key = (dialect.name, frozenset(told))
        text = self._texts.get(key)
        if text is None:
            text = self._texts[key] = _compiled(self._statement, dialect, told)
        rows = driven(connection, text.sql, text.values(told), returns=text.returns)
        return text.read(rows)


def connection_of(session: Session) -> Connection:
    """What a session works on. One that was opened on a connection need not join it."""
    bind = session.get_bind()
    if isinstance(bind, Connection):
        return bind
    return session.connection()


def driven(
    connection: Connection, sql: str, values: Any = (), *, returns: bool = False
) -> Sequence[_Row]:
    """Run a statement past SQLAlchemy, whose errors are raised all the same."""
    try:
        with closing(connection.connection.cursor()) as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if returns else ()
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(
            sql,
            None,
            error,
            connection.dialect.loaded_dbapi.Error,
            hide_parameters=True,
            dialect=connection.dialect,
        ) from error


@dataclass(frozen=True, slots=True)
class _Text:
    """A statement as one driver takes it."""

    sql: str
    fixed: Mapping[str, object]
    """Values that were written into the statement."""
    order: tuple[str, ...] | None
    """Where the driver wants them by their place."""
    writes: tuple[tuple[str, Callable[[Any], Any]], ...]
    reads: tuple[tuple[int, Callable[[Any], Any]], ...]
    returns: bool

    def values(self, told: Mapping[str, object]) -> Any:
        """What the driver is to fill in."""
        values = {**self.fixed, **told}
        for name, write in self.writes:
            values[name] = write(values[name])
        if self.order is None:
            return values
        return [values[name] for name in self.order]

    def read(self, rows: Sequence[_Row]) -> list[_Row]:
        """Rows in our own types."""
        if not self.reads:
            return list(rows)
        read = []
        for row in rows:
            columns = list(row)
            for place, convert in self.reads:
                columns[place] = convert(columns[place])
            read.append(tuple(columns))
        return read


def _compiled(
    statement: SelectBase | UpdateBase,
    dialect: Dialect,
    told: Mapping[str, object],
) -> _Text:
    compiled: Any = statement.compile(  # Any: a compiler's places are its own
        dialect=dialect, column_keys=sorted(told)
    )
    binds = {name: bind for bind, name in compiled.bind_names.items()}
    writes = {name: _write(bind.type, dialect) for name, bind in binds.items()}
    defaults = {each.key: each.default.arg for each in compiled.insert_prefetch}
    fixed = {}
    for name in binds.keys() - told.keys():
        if binds[name].required and name not in defaults:
            raise LookupError(f"{name} is not told")
        value = defaults.get(name, binds[name].effective_value)
        write = writes[name]
        fixed[name] = write(value) if write else value
    reads = enumerate(_read(each.type, dialect) for each in statement.exported_columns)
    return _Text(
        sql=str(compiled),
        fixed=fixed,
        order=tuple(compiled.positiontup) if compiled.positional else None,
        writes=tuple((name, write) for name in told if (write := writes[name])),
        reads=tuple((place, read) for place, read in reads if read),
        returns=bool(statement.exported_columns),
    )


def _write(kind: TypeEngine[Any], dialect: Dialect) -> _Convert:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _read(kind: TypeEngine[Any], dialect: Dialect) -> _Convert:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
