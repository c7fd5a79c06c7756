"""An access number as calls need it, read as a plain value."""

from typing import Final, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from domain.accounts.models import AccessNumber
from domain.base import Base
from domain.numbers import E164
from domain.prepared import Prepared


class Access(NamedTuple):
    """What was texted or rung, and by which plan leg A is paid there; as stored."""

    number: E164
    leg_a_plan_id: int | None


_NUMBERS: Final = Base.metadata.tables[AccessNumber.__tablename__]
_ACCESS: Final = Prepared(
    select(*(_NUMBERS.c[name] for name in Access._fields)).where(
        _NUMBERS.c.id == bindparam("of_id")
    )
)


def access_of(session: Session, access_number_id: int | None) -> Access | None:
    """The access number of that id, which must exist; None for none."""
    if access_number_id is None:
        return None
    ((number, leg_a_plan_id),) = _ACCESS.rows(session, of_id=access_number_id)
    return Access(E164(number), leg_a_plan_id)
