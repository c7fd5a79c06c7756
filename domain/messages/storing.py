"""Keeping a message that came: one row, however often it is told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Insert, bindparam, select
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


def store(session: Session, sms: Sms, now: datetime, sealed: str | None) -> Stored:
    """Keep a message, its secrets masked; told again, it is the same row."""
    new_id = session.scalar(
        _NEW[session.get_bind().dialect.name],
        {
            "carrier": sms.carrier,
            "external_id": sms.external_id,
            "sender": sms.sender,
            "recipient": sms.recipient,
            "text": masked_wholly(sms.text),
            "sealed": sealed,
            "state": Received.RECEIVED,
            "received_at": now,
        },
    )
    if new_id is not None:
        return Stored(new_id, worked=False)
    told = {"carrier": sms.carrier, "external_id": sms.external_id}
    row_id, state = session.execute(_KNOWN, told).one()
    return Stored(row_id, worked=state is not Received.RECEIVED)


def _new(dialect: str) -> Insert:
    """Add a message and return its id; nothing if it was told before."""
    insert = INSERTS[dialect](_INBOUND)
    known_by = ["carrier", "external_id"]
    unseen = insert.on_conflict_do_nothing(index_elements=known_by)
    return unseen.returning(_INBOUND.c.id)


_NEW: Final = {dialect: _new(dialect) for dialect in INSERTS}
_KNOWN: Final = select(InboundSms.id, InboundSms.state).where(
    InboundSms.carrier == bindparam("carrier"),
    InboundSms.external_id == bindparam("external_id"),
)
