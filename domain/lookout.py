"""Looks for work many times a second, and costs little while there is none.

A transaction of its own for each look would take most of an idle service's time. So one
connection is kept, and on SQLite it tells first whether anybody has written at all.
"""

import sqlite3
from threading import Lock
from typing import Final

from sqlalchemy import Connection, Engine

from domain.calls.outlook import OUTLOOK, Outlook

_TELLS: Final = "sqlite"
_VERSION: Final = "PRAGMA data_version"
"""Another number whenever another connection has committed something to SQLite."""


class Lookout:
    """One look answers every pump. It sees what is committed, and writes nothing."""

    def __init__(self, engine: Engine, switch: str) -> None:
        self._engine = engine
        self._switch = switch
        self._kept: Connection | None = None
        self._version: int | None = None
        self._outlook: Outlook | None = None
        self._looking = Lock()

    def look(self) -> Outlook:
        """What there is to do now. Raises Unavailable."""
        with self._looking:
            try:
                return self._look(self._connection())
            except BaseException:
                if self._kept is not None:
                    self._kept.invalidate()  # whatever became of it, never again
                self._leave()
                raise

    def close(self) -> None:
        """Let the connection go; the next look makes another."""
        with self._looking:
            self._leave()

    def _look(self, connection: Connection) -> Outlook:
        version = _version(connection)
        if self._outlook is None or version is None or version != self._version:
            (found,) = OUTLOOK.run(connection, {"switch": self._switch})
            self._outlook, self._version = Outlook(*found), version
        return self._outlook

    def _connection(self) -> Connection:
        """The kept connection, in no transaction: each statement sees what is new."""
        if self._kept is None:
            self._kept = self._engine.connect()
            if self._kept.dialect.name != _TELLS:
                self._kept.execution_options(isolation_level="AUTOCOMMIT")
        return self._kept

    def _leave(self) -> None:
        kept, self._kept = self._kept, None
        self._outlook = self._version = None
        if kept is not None:
            kept.close()


def _version(connection: Connection) -> int | None:
    """What changes with each commit of others; None where nothing tells."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        return None
    try:
        # Past SQLAlchemy: this is asked twenty times a second, whatever happens.
        version: int = driver.execute(_VERSION).fetchone()[0]
    except sqlite3.Error:
        return None  # whoever looks closer is told what is the matter
    return version
