"""Who works at a switch: one service at a time, by a lease that it keeps alive."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.base import Base
from domain.calls.models import Lease
from domain.prepared import Prepared

_LEASES: Final = Base.metadata.tables[Lease.__tablename__]
_IS_OURS: Final = Prepared(
    select(Lease.beat)
    .where(Lease.name == bindparam("of_name"), Lease.token == bindparam("of_token"))
    .with_for_update(read=True, key_share=True)
)
_KEEP: Final = Prepared(
    update(_LEASES)
    .where(
        _LEASES.c.name == bindparam("of_name"), _LEASES.c.token == bindparam("of_token")
    )
    .values(beat=_LEASES.c.beat + 1)
    .returning(_LEASES.c.beat)
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A lease as it was seen at some moment."""

    owner: str
    token: str
    beat: int


class Leases:
    """Taken, kept, given back; each by one conditional statement.

    Nothing here tells the time. Whoever stands by takes a lease that has not grown for
    long enough, by their own watch; whoever has it stops before, by theirs.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def seen(self, name: str) -> Claim | None:
        """How the lease stands; None if nobody ever had it."""
        found = self._session.get(Lease, name)
        return None if found is None else Claim(found.owner, found.token, found.beat)

    def take(self, name: str, seen: Claim | None, owner: str, token: str) -> bool:
        """Take it from whoever had it when it was `seen`; False if that is no more.

        On PostgreSQL this waits for every transaction that `guard` has let in.
        """
        if seen is None:
            return self._make(name, owner, token)
        unchanged = update(Lease).where(
            Lease.name == name, Lease.token == seen.token, Lease.beat == seen.beat
        )
        ours = unchanged.values(owner=owner, token=token, beat=0)
        return self._session.scalar(ours.returning(Lease.beat)) is not None

    def keep(self, name: str, token: str) -> bool:
        """Let it grow; False if somebody else has taken it."""
        told = {"of_name": name, "of_token": token}
        return _KEEP.first(self._session, **told) is not None

    def give_back(self, name: str, token: str) -> None:
        """Let whoever stands by have it at once."""
        ours = update(Lease).where(Lease.name == name, Lease.token == token)
        self._session.execute(ours.values(owner=""))

    def guard(self, name: str, token: str) -> bool:
        """Whether it is still ours, and then it is until this transaction ends."""
        told = {"of_name": name, "of_token": token}
        return _IS_OURS.first(self._session, **told) is not None

    def _make(self, name: str, owner: str, token: str) -> bool:
        try:
            with self._session.begin_nested():
                self._session.add(Lease(name=name, owner=owner, token=token, beat=0))
        except IntegrityError:  # somebody was quicker
            return False
        return True
