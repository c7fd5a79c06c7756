"""What came and what went, for operators; and a message that is worked again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from domain.errors import AlreadyCalling
from domain.messages import replies
from domain.messages.masking import HIDDEN
from domain.messages.missed import RUNG_BACK
from domain.messages.models import InboundSms, OutboundSms, Received, Sending
from domain.messages.service import UNKNOWN_ACCESS_NUMBER
from domain.messages.sms import Sms

LATELY: Final = timedelta(days=7)
"""Older troubles are history: nobody waits for those messages any more."""
_PATIENCE: Final = timedelta(minutes=5)
"""A message that is stored is worked within seconds."""

_DONE: Final = {
    replies.CALLING,
    replies.CALLING_BACK,
    replies.REGISTERED,
    replies.REGISTERED_INSTEAD,
    replies.TOPPED_UP,
    replies.LANGUAGE_SET,
    replies.HUNG_UP,
    RUNG_BACK,
    AlreadyCalling.code,  # by a message like it
}
"""Outcomes of messages that did what they asked: they never do it twice."""


class CannotReplay(Exception):
    """The message cannot be worked again; the text says why."""


@dataclass(frozen=True, slots=True)
class Troubles:
    """How many messages went wrong lately."""

    dead: int
    """Replies that no carrier took."""
    unworked: int
    """Stored, and then something failed, or whoever should have worked them stopped."""
    unknown: int
    """Came to a number that is not among our access numbers."""


class SmsLog:
    """Looks back at messages. Their texts were masked before they were stored."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def received(
        self,
        limit: int,
        *,
        sender: str | None = None,
        outcome: str | None = None,
        unworked: bool = False,
    ) -> Sequence[InboundSms]:
        """Messages that came, the newest first."""
        wanted = select(InboundSms).order_by(InboundSms.id.desc()).limit(limit)
        if sender is not None:
            wanted = wanted.where(InboundSms.sender == sender)
        if outcome is not None:
            wanted = wanted.where(InboundSms.outcome == outcome)
        if unworked:
            wanted = wanted.where(InboundSms.state != Received.WORKED)
        return self._session.scalars(wanted).all()

    def message(self, message_id: int) -> InboundSms | None:
        """One message that came, or None."""
        return self._session.get(InboundSms, message_id)

    def answers_to(self, message_id: int) -> Sequence[OutboundSms]:
        """What one message was answered."""
        wanted = select(OutboundSms).where(OutboundSms.inbound_id == message_id)
        return self._session.scalars(wanted.order_by(OutboundSms.id)).all()

    def dead(self, limit: int) -> Sequence[OutboundSms]:
        """Replies that no carrier took at any try, the newest first."""
        wanted = select(OutboundSms).where(OutboundSms.state == Sending.DEAD)
        return self._session.scalars(
            wanted.order_by(OutboundSms.id.desc()).limit(limit)
        ).all()

    def troubles(self, now: datetime) -> Troubles:
        """What an operator should look at."""
        came = InboundSms.received_at > now - LATELY
        return Troubles(
            dead=self._count(
                OutboundSms,
                OutboundSms.state == Sending.DEAD,
                OutboundSms.made_at > now - LATELY,
            ),
            unworked=self._count(
                InboundSms,
                came,
                InboundSms.state != Received.WORKED,
                InboundSms.received_at < now - _PATIENCE,
            ),
            unknown=self._count(
                InboundSms, came, InboundSms.outcome == UNKNOWN_ACCESS_NUMBER
            ),
        )

    # --- put right -------------------------------------------------------------

    def reopen(self, message_id: int) -> Sms | None:
        """Let a message be worked once more; None if it waits, sealed, for the portal.

        Raises CannotReplay, NoResultFound.
        """
        row = self._session.get_one(InboundSms, message_id, with_for_update=True)
        if row.outcome in _DONE:
            raise CannotReplay(f"it has done what it asked: {row.outcome}")
        if row.sealed is None and HIDDEN in row.text:
            raise CannotReplay(
                "its password, PIN or number was never kept: "
                "ask the customer to send it again"
            )
        if row.sealed is None and not row.text:
            raise CannotReplay("it has no text, as a missed call has none")
        row.state, row.outcome, row.worked_at = Received.RECEIVED, None, None
        if row.sealed is not None:
            return None
        return Sms(row.carrier, row.external_id, row.sender, row.recipient, row.text)

    def send_again(self, message_id: int, now: datetime) -> OutboundSms:
        """Give a dead reply to the outbox again. Raises CannotReplay, NoResultFound."""
        row = self._session.get_one(OutboundSms, message_id, with_for_update=True)
        if row.state is not Sending.DEAD:
            raise CannotReplay(f"it is not dead: {row.state.value}")
        row.state, row.attempts, row.due_at = Sending.QUEUED, 0, now
        return row

    def _count(
        self, table: type[InboundSms | OutboundSms], *which: ColumnElement[bool]
    ) -> int:
        counted = select(func.count()).select_from(table).where(*which)
        return self._session.scalar(counted) or 0
