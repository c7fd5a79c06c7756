"""What there is to be done for calls, at a glance."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, exists, func, select

from domain.base import Base
from domain.calls.models import CallRequest, CallSession, Leg, State
from domain.prepared import Prepared

_REQUESTS: Final = Base.metadata.tables[CallRequest.__tablename__]
_SESSIONS: Final = Base.metadata.tables[CallSession.__tablename__]
_LEGS: Final = Base.metadata.tables[Leg.__tablename__]

_NEXT_DUE: Final = select(func.min(_REQUESTS.c.due_at)).where(
    _REQUESTS.c.state == State.QUEUED
)
_ON_THE_LINE: Final = exists().where(
    _LEGS.c.ended_at.is_(None), _LEGS.c.switch == bindparam("switch")
)
_TO_HANG_UP: Final = exists().where(
    _SESSIONS.c.hangup_asked_at.is_not(None), _SESSIONS.c.ended_at.is_(None)
)
OUTLOOK: Final = Prepared(
    select(_NEXT_DUE.scalar_subquery(), _ON_THE_LINE, _TO_HANG_UP)
)
"""Asked with a `switch`; its only row makes an `Outlook`."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """All the work that a service could find."""

    next_due: datetime | None
    """When a call request is due; None if none waits."""
    on_the_line: bool
    """Whether any leg of the switch has not ended."""
    to_hang_up: bool
    """Whether any session is to end because its user asked so."""

    def is_due(self, now: datetime) -> bool:
        """Whether a request's time has come."""
        return self.next_due is not None and self.next_due <= now
