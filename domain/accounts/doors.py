"""Doors that shut after too many wrong passwords or PINs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from domain.accounts.models import Door, WrongLoginTry
from domain.accounts.turns import take_turn
from domain.errors import LockedOut, PinsLocked


@dataclass(frozen=True, slots=True)
class Lock:
    """So many wrong tries within a time shut a door, for this time from the last."""

    per_login: int
    per_sender: int | None
    """None where the senders are not counted."""
    time: timedelta
    refusal: type[LockedOut | PinsLocked]


_PASSWORDS: Final = Lock(5, 10, timedelta(minutes=15), LockedOut)
LOCKS: Final[Mapping[Door, Lock]] = {
    Door.SMS: _PASSWORDS,
    Door.WEB: _PASSWORDS,
    Door.VOICE: _PASSWORDS,
    Door.VOUCHER: Lock(5, None, timedelta(hours=1), PinsLocked),
}


class Doors:
    """Counts wrong passwords and PINs, by login and by whoever tries."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def check(self, login: str, *, door: Door, sender: str = "", now: datetime) -> None:
        """Raise the lock's refusal if the door is shut for that login or sender."""
        lock = LOCKS[door]
        of_login = (WrongLoginTry.login == _traceless(login), lock.per_login)
        of_sender = (WrongLoginTry.sender == sender, lock.per_sender)
        for whose, allowed in (of_login, of_sender):
            if allowed is not None and self._is_shut(whose, allowed, door, now):
                raise lock.refusal(minutes=lock.time // timedelta(minutes=1))

    def check_in_turn(
        self, login: str, *, door: Door, sender: str, now: datetime
    ) -> None:
        """The same, alone: what is decided next is counted before anybody else looks.

        A password is looked at without a lock, for hashing is slow. Of many guesses
        sent side by side none may count itself among the first five of a login, or
        the first ten of a sender who tries a new login each time.
        """
        if LOCKS[door].per_sender is not None:
            take_turn(self._session, f"sender {sender}")
        take_turn(self._session, f"login {login}")
        self.check(login, door=door, sender=sender, now=now)

    def remember(
        self, login: str, *, door: Door, sender: str = "", now: datetime
    ) -> None:
        """Count a wrong try; forget those too old to keep the door shut."""
        too_old = WrongLoginTry.tried_at < now - 2 * LOCKS[door].time
        self._session.execute(
            delete(WrongLoginTry).where(WrongLoginTry.door == door, too_old)
        )
        self._session.add(
            WrongLoginTry(
                door=door, login=_traceless(login), sender=sender, tried_at=now
            )
        )

    def _is_shut(
        self, whose: ColumnElement[bool], allowed: int, door: Door, now: datetime
    ) -> bool:
        time = LOCKS[door].time
        tries = self._session.scalars(
            select(WrongLoginTry.tried_at)
            .where(WrongLoginTry.door == door, whose)
            .where(WrongLoginTry.tried_at > now - 2 * time)
            .order_by(WrongLoginTry.tried_at.desc())
            .limit(allowed)
        ).all()
        if len(tries) < allowed:
            return False
        last, first = tries[0], tries[-1]
        return last - first < time and now - last < time


def _traceless(login: str) -> str:
    """What is kept of a login: people type passwords where logins belong."""
    return sha256(login.encode()).hexdigest()
