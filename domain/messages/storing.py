"""Keeping a message that came: one row, however often it is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from domain.base import Base
from domain.ledger.upserts import INSERTS
from domain.messages.masking import masked_wholly
from domain.messages.models import InboundSms, Received
from domain.messages.sms import Sms

_INBOUND: Final = Base.metadata.tables[InboundSms.__tablename__]


@dataclass(frozen=True, slots=True)
class Stored:
    """A message that is safe in the database."""

    id: int
    worked: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """A message on its way into the database."""

    sms: Sms
    received_at: datetime
    sealed: str | None
    """Its whole text, if it is to wait until it is worked."""


def store(session: Session, letter: Letter) -> Stored:
    """Keep a message, its secrets masked; told again, it is the same row."""
    new_id = session.scalar(_NEW[_dialect(session)], _row(letter))
    if new_id is not None:
        return Stored(new_id, worked=False)
    sms = letter.sms
    told = {"carrier": sms.carrier, "external_id": sms.external_id}
    row_id, state = session.execute(_KNOWN, told).one()
    return Stored(row_id, worked=state is not Received.RECEIVED)


def store_all(session: Session, letters: Sequence[Letter]) -> None:
    """The same for many at once; what became of each is not told."""
    # In one order for everybody: two who store the same never wait for each other.
    rows = sorted(map(_row, letters), key=itemgetter("carrier", "external_id"))
    session.execute(_NEW_ROWS[_dialect(session)], rows)


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


def _row(letter: Letter) -> dict[str, Any]:  # Any: each column's own type
    sms = letter.sms
    return {
        "carrier": sms.carrier,
        "external_id": sms.external_id,
        "sender": sms.sender,
        "recipient": sms.recipient,
        "text": masked_wholly(sms.text),
        "sealed": letter.sealed,
        "posted": sms.posted,
        "state": Received.RECEIVED,
        "received_at": letter.received_at,
    }


def _unseen(dialect: str) -> sqlite.Insert | postgresql.Insert:
    """Add a message; nothing if it was told before."""
    known_by = ["carrier", "external_id"]
    insert = INSERTS[dialect](_INBOUND)
    return insert.on_conflict_do_nothing(index_elements=known_by)


_NEW: Final = {
    dialect: _unseen(dialect).returning(_INBOUND.c.id) for dialect in INSERTS
}
_NEW_ROWS: Final = {dialect: _unseen(dialect) for dialect in INSERTS}
_KNOWN: Final = select(InboundSms.id, InboundSms.state).where(
    InboundSms.carrier == bindparam("carrier"),
    InboundSms.external_id == bindparam("external_id"),
)
