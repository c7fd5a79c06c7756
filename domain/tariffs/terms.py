"""A plan as calls are priced by it, read as a plain value."""

from typing import Final, NamedTuple, TypeAlias

from sqlalchemy import bindparam, select

from domain.base import Base
from domain.prepared import Prepared
from domain.tariffs.models import LegACharge, Plan


class Terms(NamedTuple):
    """What a plan says of calls; as in `Plan`."""

    id: int
    currency: str
    leg_a_charge: LegACharge
    dearest_minute: int | None
    allows_costly: bool
    time_zone: str
    longest_call: int | None


AnyPlan: TypeAlias = Plan | Terms
"""A plan, however it was read."""

_PLANS: Final = Base.metadata.tables[Plan.__tablename__]
TERMS: Final = Prepared(
    select(*(_PLANS.c[name] for name in Terms._fields)).where(
        _PLANS.c.id == bindparam("of_id")
    )
)
"""Asked with `of_id`; a row makes `Terms`. Every call asks it in three transactions."""
