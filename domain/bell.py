"""Says at once that a call waits to be made, wherever that was committed.

Beside a database of SQLite lies a file that grows by a byte each time. Any number of
services can watch it, a stale one costs nothing, and there is nothing to set up.
PostgreSQL has no such file: its services look at the queue again and again.
"""

import logging
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Engine, event
from sqlalchemy.orm import Session

from domain.prepared import connection_of

_log = logging.getLogger(__name__)

_RINGS: Final = "a call waits"
_LONGEST: Final = 65_536
"""Bytes, after which the file begins anew."""


def bell_of(url: URL) -> Path | None:
    """The file beside a database; None if that is on a server, or in memory.

    >>> from sqlalchemy import make_url
    >>> bell_of(make_url("sqlite:////var/lib/books.sqlite"))
    PosixPath('/var/lib/books.sqlite-bell')
    >>> bell_of(make_url("sqlite://"))
    """
    where = url.database or ":memory:"
    if url.get_backend_name() != "sqlite" or where.startswith((":memory:", "file:")):
        return None
    return Path(f"{where}-bell")


def ring_after(session: Session) -> None:
    """Ring once this session's transaction is over."""
    connection_of(session).info[_RINGS] = True


def hang(engine: Engine) -> None:
    """Let the engine's transactions ring the bell of its database, if it has one."""
    bell = bell_of(engine.url)
    if bell is None:
        return

    def over(_connection: object, record: Any) -> None:  # Any: SQLAlchemy's own
        if record.info.pop(_RINGS, False):
            ring(bell)

    event.listen(engine, "checkin", over)


def ring(bell: Path) -> None:
    """Let whoever watches the file know. It is but a hint: that it fails is logged."""
    try:
        with bell.open("ab", buffering=0) as file:
            if file.tell() >= _LONGEST:
                file.truncate(0)
            file.write(b".")
    except OSError as fault:
        _log.warning("nobody is told at once that a call waits: %s", fault)
