"""Gateways, the routes that lead to them, and what their legs were bought for."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from domain.base import Base, Id
from domain.routes.callerid import NumberForm
from domain.tariffs.models import Priced


class Gateway(Base):
    """A trunk of the switch, by the name it has there."""

    __tablename__ = "gateways"
    __table_args__ = (
        CheckConstraint(
            "caller_id_form <> 'national' OR country IS NOT NULL",
            name="national_needs_country",
        ),
    )

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    is_on: Mapped[bool] = mapped_column(default=True)
    calls_per_second: Mapped[int | None]
    """No more legs are begun in any second; None for no limit of ours."""
    calls_at_once: Mapped[int | None]
    caller_id_form: Mapped[NumberForm] = mapped_column(default=NumberForm.DIGITS)
    country: Mapped[str | None]
    """ISO 3166; whose numbers it takes in their national form."""
    caller_id: Mapped[str | None]
    """Shown where the user's own number may not be; None for the site's."""
    buying_plan_id: Mapped[int | None] = mapped_column(ForeignKey("plans.id"))
    """The plan whose price list says what its carrier asks of us."""
    may_lose: Mapped[bool] = mapped_column(default=False)
    """Whether it is used even where it is bought dearer than sold."""
    faults: Mapped[int] = mapped_column(default=0)
    """Carrier faults since it last did well, or since its last rest."""
    rests: Mapped[int] = mapped_column(default=0)
    """Rests since it last did well: each is longer than the one before."""
    rests_until: Mapped[datetime | None]


class Route(Base):
    """Numbers that begin with `prefix` may leave by a gateway.

    The lowest priority is tried first; among equals, chance by weight.
    """

    __tablename__ = "routes"
    __table_args__ = (
        Index(None, "prefix", "gateway_id", unique=True),
        CheckConstraint("weight > 0", name="weighs_something"),
    )

    id: Mapped[Id]
    prefix: Mapped[str]
    """Digits; the empty one is for all other numbers."""
    gateway_id: Mapped[int] = mapped_column(ForeignKey("gateways.id"), index=True)
    priority: Mapped[int] = mapped_column(default=1)
    weight: Mapped[int] = mapped_column(default=1)
    is_on: Mapped[bool] = mapped_column(default=True)


class Purchase(Priced, Base):
    """By what terms a leg was bought, where its gateway has a buying plan.

    A leg's cost is these terms' for its answered seconds.
    """

    __tablename__ = "purchases"

    leg_uuid: Mapped[str] = mapped_column(primary_key=True)
    currency: Mapped[str]
    prefix: Mapped[str]
    destination: Mapped[str]
