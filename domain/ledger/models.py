"""Ledger entries and holds."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base, Id, MicrosColumn


class Kind(StrEnum):
    """Why money moved."""

    CALL = "call"
    TOP_UP = "top_up"
    VOUCHER = "voucher"
    ADJUSTMENT = "adjustment"
    REFUND = "refund"
    TRANSFER = "transfer"


class Entry(Base):
    """One line of an account's ledger: money in, or (negative) money out.

    Entries are only ever added: the database itself refuses to change or to delete
    one. A mistake is put right by a second entry, so the balance on any day is the sum
    of the entries up to that day.
    """

    __tablename__ = "entries"
    __table_args__ = (UniqueConstraint("kind", "reference"),)  # a leg is paid once

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    kind: Mapped[Kind]
    amount: Mapped[MicrosColumn]
    """Zero for a leg that cost nothing: it is settled all the same."""
    reference: Mapped[str]
    """What moved it: a leg's UUID, a voucher's serial, an operator's own number."""
    note: Mapped[str] = mapped_column(default="")
    made_by: Mapped[str | None]
    """The operator who moved it by hand."""
    refunds_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id"), index=True)
    """The entry that this one gives back, wholly or in part."""
    made_at: Mapped[datetime] = mapped_column(index=True)


class Hold(Base):
    """Money set aside for a session that runs. It ends with the session."""

    __tablename__ = "holds"
    __table_args__ = (CheckConstraint("amount >= 0", name="sets_aside"),)

    session_id: Mapped[int] = mapped_column(
        ForeignKey("sessions.id"), primary_key=True, autoincrement=False
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    amount: Mapped[MicrosColumn]
    held_at: Mapped[datetime]
    """When the session was last known to live, and held for."""
