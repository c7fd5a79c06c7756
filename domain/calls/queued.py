"""Call requests whose time has come, read as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from domain.base import Base
from domain.calls.models import CallRequest, State
from domain.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Queued:
    """A request that waits; its row is locked meanwhile."""

    id: int
    account_id: int
    session_id: int | None
    leg_a: str
    leg_b: str | None
    access_number_id: int | None
    attempts: int
    asked_at: datetime


AnyRequest: TypeAlias = CallRequest | Queued
"""A call that is asked for, however it was read."""

_REQUESTS: Final = Base.metadata.tables[CallRequest.__tablename__]
_DUE: Final = Prepared(
    select(*(_REQUESTS.c[name] for name in Queued.__slots__))
    .where(
        _REQUESTS.c.state == State.QUEUED,
        _REQUESTS.c.due_at <= bindparam("now", type_=_REQUESTS.c.due_at.type),
    )
    .order_by(_REQUESTS.c.due_at, _REQUESTS.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_POSTPONE: Final = Prepared(
    update(_REQUESTS)
    .where(_REQUESTS.c.id == bindparam("of_request"))
    .values(due_at=bindparam("until", type_=_REQUESTS.c.due_at.type))
)


class Queue:
    """Where requests wait for their time."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def due(self, now: datetime, most: int) -> Sequence[Queued]:
        """The first of those whose time has come and that nobody else is taking."""
        return [Queued(*row) for row in _DUE.rows(self._session, now=now, most=most)]

    def postpone(self, request: Queued, until: datetime) -> None:
        """Let one wait a little longer."""
        _POSTPONE.rows(self._session, of_request=request.id, until=until)
