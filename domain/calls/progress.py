"""How far a call request has come: each change is stored with its time."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from domain.base import Base
from domain.bell import ring_after
from domain.calls.models import CallRequest, CallSession, RequestChange, State
from domain.ledger.service import Ledger
from domain.prepared import Prepared

_REQUESTS: Final = Base.metadata.tables[CallRequest.__tablename__]
_SESSIONS: Final = Base.metadata.tables[CallSession.__tablename__]

# Built once: every call passes here four times.
_MOVE: Final = Prepared(
    update(_REQUESTS).where(_REQUESTS.c.id == bindparam("of_request"))
)
_BEGIN: Final = Prepared(
    update(_REQUESTS)
    .where(
        _REQUESTS.c.session_id == bindparam("of_session"),
        _REQUESTS.c.state != State.A_UP,
    )
    .returning(_REQUESTS.c.id, _REQUESTS.c.leg_b)
)
_WANTED: Final = Prepared(
    select(_REQUESTS.c.leg_b).where(_REQUESTS.c.session_id == bindparam("of_session"))
)
_FINISH: Final = Prepared(
    update(_REQUESTS)
    .where(_REQUESTS.c.session_id == bindparam("of_session"))
    .returning(_REQUESTS.c.id)
)
_NOTE: Final = Prepared(insert(Base.metadata.tables[RequestChange.__tablename__]))
_CLOSE: Final = Prepared(
    update(_SESSIONS)
    .where(_SESSIONS.c.id == bindparam("of_session"), _SESSIONS.c.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
)


class Progress:
    """Moves requests from state to state. Whoever calls has locked the account.

    A request that was read before is not told: it shows what it was.
    """

    def __init__(self, session: Session, ledger: Ledger) -> None:
        self._session = session
        self._ledger = ledger

    def move(
        self,
        request_id: int,
        state: State,
        cause: str | None,
        now: datetime,
        **became: object,
    ) -> None:
        """The request is in another state now, and what else it became."""
        told = {"of_request": request_id, "state": state, "cause": cause}
        _MOVE.rows(self._session, **told, **became)
        self.note(request_id, state, cause, now)

    def note(
        self, request_id: int, state: State, cause: str | None, now: datetime
    ) -> None:
        """Keep the state that a stored request is in; who waits for it is told."""
        change = {"request_id": request_id, "state": state, "cause": cause}
        _NOTE.rows(self._session, **change, changed_at=now)
        if state is State.QUEUED:
            ring_after(self._session)

    def begin(self, session_id: int, now: datetime) -> str | None:
        """A session's leg A has answered, once or again; whom its request is for."""
        told = {"of_session": session_id}
        moved = _BEGIN.first(self._session, **told, state=State.A_UP, cause=None)
        if moved is None:
            again: str | None = _WANTED.value(self._session, **told)
            return again
        request_id, wanted = moved
        self.note(request_id, State.A_UP, None, now)
        return str(wanted) if wanted else None

    def finish(self, session_id: int, cause: str, now: datetime) -> None:
        """A session has ended, and its request with it: nothing is held any more."""
        told = {"of_session": session_id, "state": State.DONE, "cause": cause}
        request_id = _FINISH.value(self._session, **told)
        self.note(request_id, State.DONE, cause, now)
        self._ledger.release(session_id)
        _CLOSE.rows(self._session, of_session=session_id, now=now)
