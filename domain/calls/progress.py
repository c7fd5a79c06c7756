"""How far a call request has come: each change is stored with its time."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.calls.models import CallRequest, CallSession, RequestChange, State
from domain.ledger.service import Ledger


class Progress:
    """Moves requests from state to state. Whoever calls has locked the account."""

    def __init__(self, session: Session, ledger: Ledger) -> None:
        self._session = session
        self._ledger = ledger

    def move(
        self, request: CallRequest, state: State, cause: str | None, now: datetime
    ) -> None:
        """The request is in another state now."""
        request.state = state
        request.cause = cause
        self.note(request, now)

    def note(self, request: CallRequest, now: datetime) -> None:
        """Keep the state that a stored request is in."""
        self._session.add(
            RequestChange(
                request_id=request.id,
                state=request.state,
                cause=request.cause,
                changed_at=now,
            )
        )

    def finish(self, request: CallRequest, cause: str, now: datetime) -> None:
        """The request has come to its end, and its session with it."""
        self.move(request, State.DONE, cause, now)
        if request.session_id is not None:
            self.close(request.session_id, now)

    def close(self, session_id: int, now: datetime) -> None:
        """A session has ended: nothing is held for it any more."""
        self._ledger.release(session_id)
        self._session.execute(
            update(CallSession)
            .where(CallSession.id == session_id, CallSession.ended_at.is_(None))
            .values(ended_at=now)
        )
