"""Legs that have not ended: found by those who look after all of them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from domain.base import Base
from domain.calls.models import THE_SWITCH, Leg, Side
from domain.prepared import Prepared

_LEGS: Final = Base.metadata.tables[Leg.__tablename__]


class OpenLeg(NamedTuple):
    """A leg that has not ended, for those who look after all of them."""

    uuid: str
    session_id: int
    side: Side
    number: str
    gateway: str
    made_at: datetime
    answered_at: datetime | None


_ALL_OPEN: Final = Prepared(
    select(*(_LEGS.c[name] for name in OpenLeg._fields))
    .where(_LEGS.c.ended_at.is_(None), _LEGS.c.switch == bindparam("switch"))
    .order_by(_LEGS.c.id)
)

_OPEN_SESSIONS: Final = Prepared(
    select(_LEGS.c.session_id).where(
        _LEGS.c.ended_at.is_(None), _LEGS.c.switch == bindparam("switch")
    )
)


class OpenLegs:
    """Every leg that goes on, whosever it is."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all_open_legs(self, switch: str = THE_SWITCH) -> Sequence[OpenLeg]:
        """Every leg of a switch, of any session, that has not ended; in order."""
        return [OpenLeg(*row) for row in _ALL_OPEN.rows(self._session, switch=switch)]

    def sessions_with_open_legs(self, switch: str = THE_SWITCH) -> set[int]:
        """The sessions of those legs: cheaper to ask for than the legs."""
        found = _OPEN_SESSIONS.rows(self._session, switch=switch)
        return {session_id for (session_id,) in found}

    def open_by_gateway(self) -> dict[str, int]:
        """How many legs that have not ended each gateway carries."""
        wanted = select(Leg.gateway, func.count()).where(Leg.ended_at.is_(None))
        return dict(self._session.execute(wanted.group_by(Leg.gateway)).all())

    def open_among(self, uuids: Collection[str]) -> set[str]:
        """Those of the UUIDs whose legs have not ended."""
        wanted = select(Leg.uuid).where(Leg.uuid.in_(uuids), Leg.ended_at.is_(None))
        return set(self._session.scalars(wanted))
