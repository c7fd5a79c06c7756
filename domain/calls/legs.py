"""The legs of a session: found, and written, by one writer at a time.

A call passes here a dozen times. So its legs are read as plain values, by statements
that are built once; what becomes of them is written by `Legs` too.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import joinedload

from domain.accounts.client import Client
from domain.accounts.models import Account
from domain.base import Base
from domain.calls.models import THE_SWITCH, CallSession, Leg, Side
from domain.calls.open_legs import OpenLegs
from domain.calls.past_legs import PastLegs
from domain.calls.priced import PricedLeg
from domain.ledger.models import Entry, Kind
from domain.prepared import Prepared
from domain.tariffs.models import LegACharge
from domain.tariffs.rating import Rate
from domain.tariffs.service import Price


class Way(NamedTuple):
    """How a leg leaves: by which of a switch's gateways."""

    gateway: str
    switch: str = THE_SWITCH


class NobodyThere(Exception):
    """The session's leg A has ended: there is nobody to serve any more."""


_ACCOUNTS: Final = Base.metadata.tables[Account.__tablename__]
_SESSIONS: Final = Base.metadata.tables[CallSession.__tablename__]
_LEGS: Final = Base.metadata.tables[Leg.__tablename__]
_COLUMNS: Final = [_LEGS.c[name] for name in PricedLeg.__slots__ if name != "terms"]
_TERMS: Final = [_LEGS.c[name] for name in Rate.__slots__]


def _client_where(session: ColumnElement[bool]) -> Prepared:
    """A session's account, its row locked, and the session's language."""
    return Prepared(
        select(*(_ACCOUNTS.c[name] for name in Client.__slots__), _SESSIONS.c.language)
        .join(_SESSIONS, _SESSIONS.c.account_id == _ACCOUNTS.c.id)
        .where(session)
        .with_for_update(of=_ACCOUNTS, key_share=True)
    )


# Built once: these are asked several times in every call.
_PRICED: Final = select(*_COLUMNS, *_TERMS).order_by(_LEGS.c.id)
_OF_SESSION: Final = _LEGS.c.session_id == bindparam("of_session")
_OF_UUID: Final = _LEGS.c.uuid == bindparam("of_uuid")
_SESSION_OF_LEG: Final = select(_LEGS.c.session_id).where(_OF_UUID).scalar_subquery()
_CLIENT: Final = _client_where(_SESSIONS.c.id == bindparam("of_session"))
_CLIENT_OF_LEG: Final = _client_where(_SESSIONS.c.id == _SESSION_OF_LEG)
_OPEN: Final = Prepared(_PRICED.where(_OF_SESSION, _LEGS.c.ended_at.is_(None)))
_THIS_AND_OPEN: Final = Prepared(
    _PRICED.where(
        _LEGS.c.session_id == _SESSION_OF_LEG,
        or_(_LEGS.c.ended_at.is_(None), _OF_UUID),
    )
)
_PAID: Final = exists().where(Entry.kind == Kind.CALL, Entry.reference == _LEGS.c.uuid)
_UNDECIDED: Final = Prepared(
    _PRICED.where(
        _OF_SESSION,
        _LEGS.c.charge == LegACharge.IF_ANSWERED,
        _LEGS.c.ended_at.is_not(None),
        ~_PAID,
    )
)
_STORE: Final = Prepared(insert(_LEGS))
_NOW: Final = bindparam("now", type_=_LEGS.c.answered_at.type)
_ANSWER: Final = Prepared(
    update(_LEGS)
    .where(_OF_UUID, _OF_SESSION, _LEGS.c.ended_at.is_(None))
    .values(answered_at=func.coalesce(_LEGS.c.answered_at, _NOW))
    .returning(_LEGS.c.id)
)
_WRITE: Final = Prepared(update(_LEGS).where(_OF_UUID))


class Legs(OpenLegs, PastLegs):
    """Sessions and their legs, looked up."""

    def get(self, session_id: int) -> CallSession:
        """The session of that id, which must exist, and its account."""
        whole = [joinedload(CallSession.account)]
        return self._session.get_one(CallSession, session_id, options=whole)

    def leg(self, uuid: str) -> Leg | None:
        """The leg whose channel UUID this is; None if it is none of ours."""
        return self._session.scalar(select(Leg).where(Leg.uuid == uuid))

    # --- found, for pricing ----------------------------------------------------

    def account_of(self, session_id: int) -> tuple[Client, str]:
        """The session's account, its row locked, and the session's language."""
        found = _CLIENT.first(self._session, of_session=session_id)
        if found is None:
            raise LookupError(f"there is no session {session_id}")
        *client, language = found
        return Client(*client), language

    def locked(self, session_id: int) -> tuple[Client, Sequence[PricedLeg]]:
        """The session's account, its row locked, and its open legs in order."""
        account, _ = self.account_of(session_id)
        return account, self._priced(_OPEN, of_session=session_id)

    def locked_with(
        self, uuid: str
    ) -> tuple[Client, PricedLeg, Sequence[PricedLeg]] | None:
        """A leg, its account's row locked, and the open legs beside it.

        None if there is no such leg, or it has ended already.
        """
        found = _CLIENT_OF_LEG.first(self._session, of_uuid=uuid)
        if found is None:
            return None
        legs = self._priced(_THIS_AND_OPEN, of_uuid=uuid)
        leg = next(each for each in legs if each.uuid == uuid)
        if leg.ended_at is not None:
            return None
        *client, _ = found
        return Client(*client), leg, [each for each in legs if each is not leg]

    def undecided(self, session_id: int) -> PricedLeg | None:
        """A leg A that ended before it was known whether any B would answer."""
        return next(iter(self._priced(_UNDECIDED, of_session=session_id)), None)

    def _priced(self, legs: Prepared, **of: object) -> list[PricedLeg]:
        return [
            PricedLeg(uuid, session, side, number, charge, up, end, us, Rate(*terms))
            for uuid, session, side, number, charge, up, end, us, *terms in legs.rows(
                self._session, **of
            )
        ]

    # --- written ---------------------------------------------------------------

    def store(self, leg: PricedLeg, price: Price, way: Way, now: datetime) -> None:
        """Keep a leg that is about to be rung, and its terms for ever."""
        row = {column.name: getattr(leg, column.name) for column in _COLUMNS}
        terms = {name: getattr(leg.terms, name) for name in Rate.__slots__}
        found = {"prefix": price.prefix, "destination": price.destination}
        made = {**row, **terms, **found, **way._asdict(), "made_at": now}
        _STORE.rows(self._session, **made)

    def answer(self, session_id: int, uuid: str, now: datetime) -> bool:
        """A leg was picked up; False for one that has ended, or never was."""
        told = {"of_session": session_id, "of_uuid": uuid, "now": now}
        return _ANSWER.first(self._session, **told) is not None

    def write(self, uuid: str, **became: object) -> None:
        """Keep what became of a leg, by the names of its columns."""
        _WRITE.rows(self._session, of_uuid=uuid, **became)


def leg_a(session_id: int, legs: Sequence[PricedLeg]) -> PricedLeg:
    """The leg A among open legs. Raises NobodyThere."""
    for leg in legs:
        if leg.side is Side.A:
            return leg
    raise NobodyThere(f"leg A of session {session_id} has ended")
