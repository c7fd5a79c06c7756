"""Messages that are stored and wait to be worked, and those that are kept no longer."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeVar

from sqlalchemy import ColumnElement, and_, bindparam, delete, exists, or_, select
from sqlalchemy.orm import Session

from domain.accounts.models import WrongLoginTry
from domain.messages.models import (
    InboundSms,
    OutboundSms,
    Received,
    Sending,
    StoredPart,
)
from domain.messages.parts import KEPT
from domain.messages.sms import Sms
from domain.messages.storing import Stored

AT_ONCE: Final = 500
"""Rows deleted by one statement: others want to write too."""
TRIES_KEPT: Final = timedelta(days=1)
"""A wrong password locks a door for an hour at most."""
PATIENCE: Final = timedelta(seconds=30)
"""So long a message is left to the request that brought it and means to work it."""

_WAITING: Final = (
    select(
        InboundSms.id,
        InboundSms.carrier,
        InboundSms.external_id,
        InboundSms.sender,
        InboundSms.recipient,
        InboundSms.sealed,
    )
    .where(
        InboundSms.state == Received.RECEIVED,
        InboundSms.sealed.is_not(None),
        or_(
            InboundSms.carrier.not_in(bindparam("at_once", expanding=True)),
            InboundSms.received_at <= bindparam("before"),
        ),
    )
    .order_by(InboundSms.id)
    .limit(bindparam("most"))
)
_ANSWERED: Final = exists().where(OutboundSms.inbound_id == InboundSms.id)


_Old = TypeVar("_Old", OutboundSms, InboundSms, StoredPart, WrongLoginTry)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A stored message, its text still sealed."""

    stored: Stored
    sms: Sms
    """Without its text."""
    sealed: str = field(repr=False)


class WaitingRoom:
    """Stored messages: those that wait, and those that are too old."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def next(
        self, most: int, now: datetime, *, at_once: Collection[str] = ()
    ) -> list[Waiting]:
        """The oldest messages that wait. Reads only: to work one twice does nothing.

        Those of carriers that are answered with their replies, `at_once`, are worked
        by the requests that bring them, unless such a request has died.
        """
        told = {"most": most, "at_once": list(at_once), "before": now - PATIENCE}
        found = self._session.execute(_WAITING, told)
        return [
            Waiting(
                Stored(row.id, worked=False),
                Sms(row.carrier, row.external_id, row.sender, row.recipient, text=""),
                row.sealed,
            )
            for row in found
        ]

    def answers(self, stored: Stored) -> list[OutboundSms]:
        """What answers a message and is not sent yet; the rows locked."""
        waiting = select(OutboundSms).where(
            OutboundSms.inbound_id == stored.id, OutboundSms.state == Sending.QUEUED
        )
        found = waiting.order_by(OutboundSms.id).with_for_update()
        return list(self._session.scalars(found))

    def give_up(self, stored: Stored, outcome: str, now: datetime) -> None:
        """Let a message that cannot be worked hold up no others; its text stays."""
        row = self._session.get_one(InboundSms, stored.id, with_for_update=True)
        if row.state is Received.RECEIVED:
            row.state, row.outcome, row.worked_at = Received.FAILED, outcome, now

    def forget(self, now: datetime, kept: timedelta) -> int:
        """Delete some messages older than `kept`, expired parts, old wrong passwords.

        How many rows; call it again until there are none. Messages that are still
        to be sent or worked stay.
        """
        before = now - kept
        sent = and_(OutboundSms.made_at < before, OutboundSms.state != Sending.QUEUED)
        worked = and_(
            InboundSms.received_at < before,
            InboundSms.state != Received.RECEIVED,
            ~_ANSWERED,
        )
        expired = StoredPart.received_at < now - KEPT
        forgiven = WrongLoginTry.tried_at < now - TRIES_KEPT
        return (
            self._delete(OutboundSms, sent)
            + self._delete(InboundSms, worked)
            + self._delete(StoredPart, expired)
            + self._delete(WrongLoginTry, forgiven)
        )

    def _delete(self, table: type[_Old], wanted: ColumnElement[bool]) -> int:
        chosen = select(table.id).where(wanted).limit(AT_ONCE).scalar_subquery()
        done = self._session.execute(
            delete(table).where(table.id.in_(chosen)).returning(table.id),
            execution_options={"synchronize_session": False},
        )
        return len(done.all())
