"""SMS that came, and SMS to send."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base, Id


class Received(StrEnum):
    """How far a received SMS has come."""

    RECEIVED = "received"
    WORKED = "worked"
    FAILED = "failed"
    """It cannot be worked: a fault of ours, or a key that was changed."""


class InboundSms(Base):
    """An SMS as a carrier handed it over, its secrets masked.

    Unique by the carrier's own id for it: told twice, worked once.
    """

    __tablename__ = "inbound_sms"
    __table_args__ = (
        UniqueConstraint("carrier", "external_id"),
        Index(None, "sender", "received_at"),
    )

    id: Mapped[Id]
    carrier: Mapped[str]
    external_id: Mapped[str]
    sender: Mapped[str]
    recipient: Mapped[str]
    text: Mapped[str]
    state: Mapped[Received] = mapped_column(default=Received.RECEIVED, index=True)
    sealed: Mapped[str | None]
    """The whole text, which nobody can read without the portal's secret; only while
    the message waits to be worked after its carrier was answered."""
    posted: Mapped[str | None]
    """How its carrier told it, all secrets hidden."""
    outcome: Mapped[str | None]
    """`accepted`, `status`… or the code of the refusal."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    received_at: Mapped[datetime] = mapped_column(index=True)
    worked_at: Mapped[datetime | None]


class StoredPart(Base):
    """A part of a text that was too long for one SMS."""

    __tablename__ = "sms_parts"
    __table_args__ = (
        UniqueConstraint(
            *("carrier", "sender", "recipient", "reference", "total", "place"),
            name="uq_sms_parts_carrier_sender_recipient_reference_total_place",
        ),
    )

    id: Mapped[Id]
    carrier: Mapped[str]
    sender: Mapped[str]
    recipient: Mapped[str]
    reference: Mapped[str]
    """The telephone's, the same for all parts of one text."""
    total: Mapped[int]
    place: Mapped[int]
    external_id: Mapped[str]
    sealed: Mapped[str]
    """Its text, which nobody can read without the portal's secret."""
    posted: Mapped[str | None]
    received_at: Mapped[datetime] = mapped_column(index=True)


class Sending(StrEnum):
    """How far an SMS to be sent has come."""

    QUEUED = "queued"
    SENT = "sent"
    ANSWERED = "answered"
    """It went out in the answer to the carrier's own request."""
    DEAD = "dead"
    """Every try failed; an operator should look."""


class OutboundSms(Base):
    """An SMS of ours: a row that waits until the outbox takes it."""

    __tablename__ = "outbound_sms"
    __table_args__ = (
        Index(None, "state", "due_at"),
        Index(None, "recipient", "made_at"),
    )

    id: Mapped[Id]
    inbound_id: Mapped[int | None] = mapped_column(ForeignKey("inbound_sms.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    carrier: Mapped[str]
    sender: Mapped[str]
    recipient: Mapped[str]
    text: Mapped[str]
    state: Mapped[Sending] = mapped_column(default=Sending.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str | None]
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
