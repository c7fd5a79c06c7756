"""Plans, their price lists, and the rates of each list by prefix."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
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
    """A tariff plan: whose price lists hold, and what it lets be called."""

    __tablename__ = "plans"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    currency: Mapped[str]
    leg_a_charge: Mapped[LegACharge] = mapped_column(default=LegACharge.ALWAYS)
    dearest_minute: Mapped[MicrosColumn | None]
    """No rate above this is ever used; None for no ceiling."""
    allows_costly: Mapped[bool] = mapped_column(default=False)
    """Premium, satellite and shared-cost numbers: off unless switched on."""
    time_zone: Mapped[str] = mapped_column(default="UTC")
    """By whose clocks the time bands of its rates are read: `Europe/Warsaw`."""
    longest_call: Mapped[int | None]
    """Seconds that one called party may talk; None leaves it to the site."""


class PrefixRule(Base):
    """Whether a plan lets numbers that begin with a prefix be rung.

    The longest prefix that matches decides; the empty one is for all other numbers.
    """

    __tablename__ = "prefix_rules"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), primary_key=True)
    prefix: Mapped[str] = mapped_column(primary_key=True)
    allows: Mapped[bool]


class ListState(StrEnum):
    """How far a price list has come."""

    DRAFT = "draft"
    """Its rates are being written; it is never in force."""
    COMPLETE = "complete"
    DROPPED = "dropped"
    """Given up; its rates are deleted."""


class PriceList(Base):
    """One version of a plan's prices, or of the prices of one account.

    Of the complete lists that have begun the latest is in force, whole; a list is
    never changed once it is complete, but may be withdrawn until it begins.
    """

    __tablename__ = "price_lists"
    __table_args__ = (
        Index(None, "plan_id", "valid_from"),
        Index(None, "account_id", "valid_from"),
        CheckConstraint("(plan_id IS NULL) <> (account_id IS NULL)", name="one_owner"),
    )

    id: Mapped[Id]
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plans.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    """An override: these prices are looked at before those of the account's plan."""
    state: Mapped[ListState] = mapped_column(default=ListState.DRAFT)
    valid_from: Mapped[datetime | None]
    """None until the list is complete."""
    imported_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(default="")
    """The file it was read from."""
    operator: Mapped[str] = mapped_column(default="")
    """Who brought it in."""
    rows: Mapped[int] = mapped_column(default=0)
    """How many rates were written into it."""


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
    """One line of a list: the terms for every number that begins with `prefix`."""

    __tablename__ = "rates"
    __table_args__ = (
        Index(None, "list_id", "prefix", "valid_from", "band", unique=True),
    )

    id: Mapped[Id]
    list_id: Mapped[int] = mapped_column(ForeignKey("price_lists.id"))
    prefix: Mapped[str]
    destination: Mapped[str] = mapped_column(default="")
    """What people call it: `Poland mobile`."""
    valid_from: Mapped[datetime]
    """`choosing.BEGINNING` for a rate that is valid as long as its list is."""
    valid_to: Mapped[datetime | None]
    band: Mapped[str] = mapped_column(default="")
    """When in a week, as `bands` prints it; empty for always."""
