"""Hanging up from elsewhere: asked here, done by whoever speaks to the switch."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from domain.accounts.models import Account
from domain.base import Base
from domain.calls.dialling import session_of
from domain.calls.models import THE_SWITCH, CallRequest, CallSession, Leg, State
from domain.calls.progress import Progress
from domain.prepared import Prepared

HUNG_UP: Final = "HUNG_UP"
"""The cause of a request that was taken back before anybody was rung."""

_LEGS: Final = (
    select(Leg.uuid)
    .join(CallSession)
    .where(
        CallSession.hangup_asked_at.is_not(None),
        CallSession.ended_at.is_(None),
        Leg.ended_at.is_(None),
        Leg.switch == bindparam("switch"),
    )
    .order_by(Leg.side, Leg.id)
)
"""Legs A before legs B: a user whose leg B ends first would be asked for another."""
_SESSIONS: Final = Base.metadata.tables[CallSession.__tablename__]
_ENDING: Final = Prepared(
    select(_SESSIONS.c.id).where(
        _SESSIONS.c.hangup_asked_at.is_not(None), _SESSIONS.c.ended_at.is_(None)
    )
)


def ending(session: Session) -> set[int]:
    """The sessions that are to end because their users asked so, and have not."""
    return {each for (each,) in _ENDING.rows(session)}


class HangUps:
    """Calls that their users want to end without being on the line."""

    def __init__(self, session: Session, progress: Progress) -> None:
        self._session = session
        self._progress = progress

    def ask(self, account: Account, now: datetime) -> int:
        """End every call of an account, whose row is locked; how many there are.

        A call that rings nobody yet ends at once. The others are marked: the legs are
        ended by the ESL service and settled when the switch tells of it.
        """
        marked = self._session.scalars(
            update(CallSession)
            .where(CallSession.account_id == account.id, CallSession.ended_at.is_(None))
            .values(hangup_asked_at=now)
            .returning(CallSession.id)
        ).all()
        for request in self._waiting(account):
            self._progress.finish(session_of(request), HUNG_UP, now)
        return len(marked)

    def legs(self, switch: str = THE_SWITCH) -> Sequence[str]:
        """The UUIDs of all legs of a switch that are to be hung up, in that order."""
        return self._session.scalars(_LEGS, {"switch": switch}).all()

    def asked(self, session_id: int | None) -> bool:
        """Whether a session is to end, or ended, because its user asked so."""
        asked = select(CallSession.hangup_asked_at)
        return bool(self._session.scalar(asked.where(CallSession.id == session_id)))

    def _waiting(self, account: Account) -> Sequence[CallRequest]:
        """Requests that ring nobody; one that is being taken just now is left out.

        Whoever takes it sees the session's mark, once they have locked the account.
        """
        return self._session.scalars(
            select(CallRequest)
            .where(
                CallRequest.account_id == account.id, CallRequest.state == State.QUEUED
            )
            .with_for_update(skip_locked=True)
        ).all()
