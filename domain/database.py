"""Engines and transactions, on SQLite and PostgreSQL alike.

SQLite is opened in WAL mode and a transaction that writes begins IMMEDIATE: two
writers queue up instead of failing at their first write.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final, Protocol

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import (
    ArgumentError,
    InterfaceError,
    InvalidatePoolError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

import domain.models  # noqa: F401 - completes the metadata
from domain.bell import hang
from domain.calls.rules import CallRules
from domain.prepared import driven
from domain.services import Services
from domain.settings import BadSettings
from domain.vouchers.keys import PinKeys

_READS_ONLY: Final = "reads_only"
Unavailable: Final = (OperationalError, InterfaceError, PoolTimeout)
"""The database is away or busy for too long: whoever asked may ask again later."""

_DRIVERS: Final = {"sqlite", "postgresql+psycopg"}
_NO_SUCH_DATABASE: Final = (
    "database.url names no database of SQLite or PostgreSQL (postgresql+psycopg://…)"
)

BUSY_MS: Final = 15_000
"""How long a writer waits for SQLite's only pen."""


class Transaction(Protocol):
    """Opens a short transaction: `with transaction() as services:`.

    Leaving the block commits, an exception rolls back. Objects of the database must
    not outlive it.
    """

    def __call__(self, *, write: bool = True) -> AbstractContextManager[Services]:
        """Open one; `write=False` takes no lock and must change nothing."""


def url_fault(url: str) -> str | None:
    """What is wrong with a database's URL; it is not repeated: it may hold a password.

    >>> url_fault("sqlite:///books.sqlite")
    >>> url_fault("oracle://books")
    'database.url names no database of SQLite or PostgreSQL (postgresql+psycopg://…)'
    """
    try:
        known = make_url(url).drivername in _DRIVERS
    except ArgumentError:
        known = False
    return None if known else _NO_SUCH_DATABASE


def engine_for(url: str) -> Engine:
    """An engine for a database URL. Raises BadSettings for one that is none of ours."""
    if fault := url_fault(url):
        raise BadSettings([fault])
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        engine = create_engine(
            parsed,
            # A moment near the end of time cannot be read in a zone east of UTC.
            connect_args={"options": "-c timezone=UTC"},
            pool_size=10,
            max_overflow=20,
            pool_use_lifo=True,  # few connections that have their statements prepared
            hide_parameters=True,  # a logged error must not repeat people's values
        )
        event.listen(engine, "checkout", _replace_closed)
        return engine
    engine = create_engine(
        parsed, connect_args={"timeout": BUSY_MS / 1000}, hide_parameters=True
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    hang(engine)
    return engine


def transactions(
    engine: Engine, rules: CallRules | None = None, pin_keys: PinKeys | None = None
) -> Transaction:
    """The way to open transactions on an engine."""

    @contextmanager
    def transaction(*, write: bool = True) -> Iterator[Services]:
        with engine.connect() as connection:
            connection.execution_options(**{_READS_ONLY: not write})
            with (
                connection.begin(),
                Session(connection, expire_on_commit=False) as session,
            ):
                yield Services(session, rules, pin_keys)
                if session.in_transaction():  # not if all it ran was prepared
                    session.commit()

    return transaction


def begin(session: Session, *, write: bool) -> None:
    """Say, before its first statement, whether a session will write."""
    session.connection(execution_options={_READS_ONLY: not write})


def _replace_closed(connection: Any, _record: object, _proxy: object) -> None:
    """Have a connection that the server has closed replaced by a new one.

    A closed one can be read to its end; asking the server would take a query for
    each transaction.
    """
    # Any: the driver's own connection.
    try:
        for _ in ("the server's last words", "its hanging up"):
            connection.pgconn.consume_input()
    except psycopg.OperationalError as closed:
        raise InvalidatePoolError from closed


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # Any: the driver's own connection. SQLAlchemy, not the driver, says BEGIN.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")  # money survives a power cut
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get(_READS_ONLY, False)
    driven(connection, "BEGIN" if reads_only else "BEGIN IMMEDIATE")
