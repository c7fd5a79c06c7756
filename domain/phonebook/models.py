"""Phonebook entries."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base, Id


class PhonebookEntry(Base):
    """A position (1, 2, 3…), a name and a number, of one account."""

    __tablename__ = "phonebook_entries"
    __table_args__ = (
        UniqueConstraint("account_id", "position"),
        UniqueConstraint("account_id", "folded_name"),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    position: Mapped[int]
    name: Mapped[str]
    folded_name: Mapped[str]
    """The name without case and accents, as it is looked up."""
    number: Mapped[str]
