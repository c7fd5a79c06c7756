"""Batches of vouchers, and the vouchers in them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.accounts.models import Account
from domain.base import Base, Id, MicrosColumn
from domain.vouchers.serials import Serial


class State(StrEnum):
    """How far a voucher has come: new, then active, then one of the others."""

    NEW = "new"
    """Made, and worth nothing until an operator activates it."""
    ACTIVE = "active"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    """Its last day is over. Never stored: the calendar says it, and is never late."""
    VOID = "void"
    """An operator took it back."""


class Batch(Base):
    """Vouchers made together: one value, one currency, one last day."""

    __tablename__ = "voucher_batches"
    __table_args__ = (CheckConstraint("value > 0", name="is_worth_something"),)

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    value: Mapped[MicrosColumn]
    currency: Mapped[str]
    size: Mapped[int]
    """How many vouchers were made."""
    pin_length: Mapped[int]
    expires_on: Mapped[date | None]
    """The last day (UTC) on which they are taken; None for no last day."""
    key_mark: Mapped[str]
    """The mark of the secret its digests were made with, for a name may be reused."""
    made_by: Mapped[str]
    """The operator, as they called themselves."""
    made_at: Mapped[datetime]

    def is_expired(self, today: date) -> bool:
        """Whether the last day is over."""
        return self.expires_on is not None and self.expires_on < today


class Voucher(Base):
    """A PIN worth money. The PIN itself is nowhere: only its digest under a key."""

    __tablename__ = "vouchers"
    __table_args__ = (
        UniqueConstraint("batch_id", "number"),
        CheckConstraint(
            "(state = 'redeemed') = (account_id IS NOT NULL)",
            name="is_redeemed_by_somebody",
        ),
    )

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(ForeignKey("voucher_batches.id"))
    number: Mapped[int]
    key_id: Mapped[str]
    """Which key its digest was made with."""
    digest: Mapped[str] = mapped_column(unique=True)
    state: Mapped[State] = mapped_column(default=State.NEW)
    changed_at: Mapped[datetime]
    """Since when it is in its state: made, activated, redeemed, made void."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    """Who redeemed it."""

    batch: Mapped[Batch] = relationship()
    account: Mapped[Account | None] = relationship()

    @property
    def serial(self) -> Serial:
        """What it is called."""
        return Serial(self.batch_id, self.number)

    def state_on(self, today: date) -> State:
        """Its state, the calendar considered."""
        return stands(self.state, expired=self.batch.is_expired(today))


def stands(stored: State, *, expired: bool) -> State:
    """What a stored state comes to once the last day is over."""
    open_still = stored in {State.NEW, State.ACTIVE}
    return State.EXPIRED if expired and open_still else stored
