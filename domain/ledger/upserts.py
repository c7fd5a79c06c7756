"""Rows written once or over, in one statement and without a race.

Both databases say ON CONFLICT; SQLAlchemy spells it for each by itself.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from sqlalchemy import Table, case
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from domain.base import Base
from domain.ledger.models import Entry, Hold
from domain.prepared import Prepared

_Insert: TypeAlias = sqlite.Insert | postgresql.Insert

_ENTRIES: Final = Base.metadata.tables[Entry.__tablename__]
_HOLDS: Final = Base.metadata.tables[Hold.__tablename__]
INSERTS: Final[Mapping[str, Callable[[Table], _Insert]]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}
"""INSERT with ON CONFLICT, by the database that spells it."""


def new_entry(session: Session) -> Prepared:
    """Add an entry and return its id; nothing if its reference stands there."""
    return _NEW_ENTRY[session.get_bind().dialect.name]


def hold(session: Session) -> Prepared:
    """Set a session's hold, or raise it if there is one; it never gets less."""
    return _HOLD[session.get_bind().dialect.name]


def _new_entry(dialect: str) -> Prepared:
    insert = INSERTS[dialect](_ENTRIES)
    unseen = insert.on_conflict_do_nothing(index_elements=["kind", "reference"])
    return Prepared(unseen.returning(_ENTRIES.c.id))


def _hold(dialect: str) -> Prepared:
    insert = INSERTS[dialect](_HOLDS)
    told = insert.excluded
    upsert = insert.on_conflict_do_update(
        index_elements=["session_id"],
        set_={
            "amount": case(
                (told.amount > _HOLDS.c.amount, told.amount), else_=_HOLDS.c.amount
            ),
            "held_at": told.held_at,
        },
    )
    return Prepared(upsert)


_NEW_ENTRY: Final = {dialect: _new_entry(dialect) for dialect in INSERTS}
_HOLD: Final = {dialect: _hold(dialect) for dialect in INSERTS}
