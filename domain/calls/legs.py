"""Finding the legs of a session, one writer at a time."""

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import ColumnElement, Select, bindparam, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from domain.accounts.models import Account
from domain.calls.models import CallSession, Leg, Side
from domain.ledger.models import Entry, Kind
from domain.tariffs.models import LegACharge


class NobodyThere(Exception):
    """The session's leg A has ended: there is nobody to serve any more."""


def _account_where(session: ColumnElement[bool]) -> Select[Account]:
    """The account of a session, its row locked and fresh."""
    return (
        select(Account)
        .join(CallSession, CallSession.account_id == Account.id)
        .where(session)
        .with_for_update(of=Account, key_share=True)
        .execution_options(populate_existing=True)
    )


# Built once: these are asked several times in every call.
_OF_SESSION: Final = Leg.session_id == bindparam("session_id")
_SESSION_OF_LEG: Final = (
    select(Leg.session_id).where(Leg.uuid == bindparam("uuid")).scalar_subquery()
)
_ACCOUNT: Final = _account_where(CallSession.id == bindparam("session_id"))
_ACCOUNT_OF_LEG: Final = _account_where(CallSession.id == _SESSION_OF_LEG)
_OPEN: Final = select(Leg).where(_OF_SESSION, Leg.ended_at.is_(None)).order_by(Leg.id)
_THIS_AND_OPEN: Final = (
    select(Leg)
    .where(Leg.session_id == _SESSION_OF_LEG)
    .where(or_(Leg.ended_at.is_(None), Leg.uuid == bindparam("uuid")))
    .order_by(Leg.id)
    .execution_options(populate_existing=True)
)
_PAID: Final = exists().where(Entry.kind == Kind.CALL, Entry.reference == Leg.uuid)
_UNDECIDED: Final = select(Leg).where(
    _OF_SESSION,
    Leg.charge == LegACharge.IF_ANSWERED,
    Leg.ended_at.is_not(None),
    ~_PAID,
)
_CAUSE_OF_A: Final = (
    select(Leg.cause)
    .where(_OF_SESSION, Leg.side == Side.A)
    .order_by(Leg.id.desc())
    .limit(1)
)
_B_ANSWERED: Final = select(
    exists().where(_OF_SESSION, Leg.side == Side.B, Leg.answered_at.is_not(None))
)


class Legs:
    """Sessions and their legs, looked up."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, session_id: int) -> CallSession:
        """The session of that id, which must exist, and its account."""
        whole = [joinedload(CallSession.account)]
        return self._session.get_one(CallSession, session_id, options=whole)

    def leg(self, uuid: str) -> Leg | None:
        """The leg whose channel UUID this is; None if it is none of ours."""
        return self._session.scalar(select(Leg).where(Leg.uuid == uuid))

    def open_legs(self, session_id: int) -> Sequence[Leg]:
        """The session's legs that have not ended."""
        return self._session.scalars(_OPEN, {"session_id": session_id}).all()

    def all_open_legs(self) -> Sequence[Leg]:
        """Every leg, of any session, that has not ended."""
        return self._session.scalars(
            select(Leg).where(Leg.ended_at.is_(None)).order_by(Leg.id)
        ).all()

    def open_among(self, uuids: Collection[str]) -> set[str]:
        """Those of the UUIDs whose legs have not ended."""
        wanted = select(Leg.uuid).where(Leg.uuid.in_(uuids), Leg.ended_at.is_(None))
        return set(self._session.scalars(wanted))

    def locked(self, session_id: int) -> tuple[Account, Sequence[Leg]]:
        """The session's account, its row locked, and its open legs in order."""
        account = self._session.scalar(_ACCOUNT, {"session_id": session_id})
        if account is None:
            raise LookupError(f"there is no session {session_id}")
        return account, self.open_legs(session_id)

    def locked_with(self, uuid: str) -> tuple[Account, Leg, Sequence[Leg]] | None:
        """A leg, its account's row locked, and the open legs beside it.

        None if there is no such leg, or it has ended already.
        """
        account = self._session.scalar(_ACCOUNT_OF_LEG, {"uuid": uuid})
        if account is None:
            return None
        legs = self._session.scalars(_THIS_AND_OPEN, {"uuid": uuid}).all()
        leg = next(each for each in legs if each.uuid == uuid)
        if leg.ended_at is not None:
            return None
        return account, leg, [each for each in legs if each is not leg]

    def undecided(self, session_id: int) -> Leg | None:
        """A leg A that ended before it was known whether any B would answer."""
        return self._session.scalar(_UNDECIDED, {"session_id": session_id})

    def cause_of_a(self, session_id: int) -> str | None:
        """Why the session's leg A ended."""
        return self._session.scalar(_CAUSE_OF_A, {"session_id": session_id})

    def any_b_answered(self, session_id: int) -> bool:
        """Whether some leg B of the session was picked up."""
        return bool(self._session.scalar(_B_ANSWERED, {"session_id": session_id}))


def leg_a(session_id: int, legs: Sequence[Leg]) -> Leg:
    """The leg A among open legs. Raises NobodyThere."""
    for leg in legs:
        if leg.side is Side.A:
            return leg
    raise NobodyThere(f"leg A of session {session_id} has ended")
