"""Users who are on the line when a service comes back to them."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from domain.base import Base
from domain.calls.models import CallRequest, CallSession, Leg, Side
from domain.causes import CALLED_OFF
from domain.numbers import E164

_SESSIONS: Final = Base.metadata.tables[CallSession.__tablename__]
_CONFIRM: Final = (
    update(_SESSIONS)
    .where(_SESSIONS.c.id == bindparam("of_session"))
    .values(confirmed_at=bindparam("now"))
)


class Stays:
    """How far a user has come in their session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def confirm(self, session_id: int, now: datetime) -> None:
        """Somebody has shown that no machine answered."""
        self._session.execute(_CONFIRM, {"of_session": session_id, "now": now})

    def is_confirmed(self, session_id: int) -> bool:
        """Whether somebody has."""
        found = self._session.get_one(CallSession, session_id)
        return found.confirmed_at is not None

    def still_wanted(self, session_id: int) -> E164 | None:
        """Whom they wait to be connected with; None if they will key a number.

        That is whom they asked for, until the first leg B was rung; and anybody
        whose leg B was made and called off before it was rung.
        """
        last = self._session.scalars(
            select(Leg)
            .where(Leg.session_id == session_id, Leg.side == Side.B)
            .order_by(Leg.id.desc())
            .limit(1)
        ).first()
        if last is None:
            asked = self._session.scalar(
                select(CallRequest.leg_b).where(CallRequest.session_id == session_id)
            )
            return E164(asked) if asked else None
        called_off = last.cause == CALLED_OFF and last.answered_at is None
        return E164(last.number) if called_off else None
