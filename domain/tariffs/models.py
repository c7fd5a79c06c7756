"""Plans, and their rates by prefix."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base, Id, MicrosColumn
from domain.tariffs.rating import Rate


class LegACharge(StrEnum):
    """When leg A is paid for."""

    ALWAYS = "always"
    NEVER = "never"
    IF_ANSWERED = "if_answered"
    """Only when some leg B of the session answered."""


class Plan(Base):
    """A tariff plan: a list of rates by prefix, and what it lets be called."""

    __tablename__ = "plans"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    currency: Mapped[str]
    leg_a_charge: Mapped[LegACharge] = mapped_column(default=LegACharge.ALWAYS)
    dearest_minute: Mapped[MicrosColumn | None]
    """No rate above this is ever used; None for no ceiling."""
    allows_costly: Mapped[bool] = mapped_column(default=False)
    """Premium, satellite and shared-cost numbers: off unless switched on."""


class Priced:
    """The columns of a rate's terms, in a price list and on every leg it priced."""

    per_minute: Mapped[MicrosColumn]
    setup: Mapped[MicrosColumn] = mapped_column(default=0)
    first_block: Mapped[int] = mapped_column(default=1)
    step: Mapped[int] = mapped_column(default=1)
    free_seconds: Mapped[int] = mapped_column(default=0)
    minimum_charge: Mapped[MicrosColumn] = mapped_column(default=0)
    minimum_seconds: Mapped[int] = mapped_column(default=0)

    @property
    def terms(self) -> Rate:
        """The columns as a rate."""
        return Rate(**{name: getattr(self, name) for name in Rate.__slots__})

    @terms.setter
    def terms(self, rate: Rate) -> None:
        for name in Rate.__slots__:
            setattr(self, name, getattr(rate, name))


class RateLine(Priced, Base):
    """One line of a plan: the terms for every number that begins with `prefix`."""

    __tablename__ = "rates"
    __table_args__ = (Index(None, "plan_id", "prefix", "valid_from", unique=True),)

    id: Mapped[Id]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    prefix: Mapped[str]
    destination: Mapped[str] = mapped_column(default="")
    """What people call it: `Poland mobile`."""
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]
