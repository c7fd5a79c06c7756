"""What was called, when, and for how much."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from domain.accounts.models import Account
from domain.calls.models import CallRequest, CallSession, Leg, Side
from domain.numbers import E164


class History:
    """Looks back at sessions; changes nothing."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def sessions(
        self, account: Account | None = None, limit: int = 50
    ) -> Sequence[CallSession]:
        """Sessions with their legs, the newest first; of one account or of all."""
        wanted = (
            select(CallSession)
            .options(selectinload(CallSession.legs), selectinload(CallSession.account))
            .order_by(CallSession.id.desc())
            .limit(limit)
        )
        if account is not None:
            wanted = wanted.where(CallSession.account_id == account.id)
        return self._session.scalars(wanted).all()

    def session(self, session_id: int) -> CallSession | None:
        """One session, or None."""
        return self._session.get(CallSession, session_id)

    def requests(self, account: Account, limit: int = 50) -> Sequence[CallRequest]:
        """What the account asked for, refused or not, the newest first."""
        return self._session.scalars(
            select(CallRequest)
            .where(CallRequest.account_id == account.id)
            .order_by(CallRequest.id.desc())
            .limit(limit)
        ).all()

    def last_destination(self, account: Account) -> E164 | None:
        """The number the account called last."""
        last = self._session.scalar(
            select(Leg.number)
            .join(CallSession)
            .where(CallSession.account_id == account.id, Leg.side == Side.B)
            .order_by(Leg.id.desc())
            .limit(1)
        )
        return E164(last) if last else None
