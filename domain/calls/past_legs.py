"""What became of a session's legs, where that decides what comes next."""

from typing import Final

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from domain.base import Base
from domain.calls.models import Leg, Side
from domain.causes import NEVER_RUNG, is_carrier_fault
from domain.prepared import Prepared

_LEGS: Final = Base.metadata.tables[Leg.__tablename__]
_OF_SESSION: Final = _LEGS.c.session_id == bindparam("of_session")
_CAUSE_OF_A: Final = Prepared(
    select(_LEGS.c.cause)
    .where(_OF_SESSION, _LEGS.c.side == Side.A)
    .order_by(_LEGS.c.id.desc())
    .limit(1)
)
_TRIES_OF_A: Final = Prepared(
    select(_LEGS.c.gateway, _LEGS.c.cause)
    .where(_OF_SESSION, _LEGS.c.side == Side.A)
    .order_by(_LEGS.c.id)
)
_B_ANSWERED: Final = Prepared(
    select(
        exists().where(
            _OF_SESSION, _LEGS.c.side == Side.B, _LEGS.c.answered_at.is_not(None)
        )
    )
)


class PastLegs:
    """How legs have ended, and whether any called party picked up."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def cause_of_a(self, session_id: int) -> str | None:
        """Why the session's leg A ended."""
        found: str | None = _CAUSE_OF_A.value(self._session, of_session=session_id)
        return found

    def failed_gateways(self, session_id: int) -> dict[str, str]:
        """Gateways that failed, one after the other, since leg A was last rung.

        Each with the cause. Whoever was rung and did not come ends the row.
        """
        failed: dict[str, str] = {}
        for gateway, cause in _TRIES_OF_A.rows(self._session, of_session=session_id):
            if is_carrier_fault(cause or ""):
                failed[gateway] = cause
            elif cause != NEVER_RUNG:
                failed.clear()
        return failed

    def any_b_answered(self, session_id: int) -> bool:
        """Whether some leg B of the session was picked up."""
        return bool(_B_ANSWERED.value(self._session, of_session=session_id))
