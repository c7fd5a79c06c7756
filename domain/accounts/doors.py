"""Doors that shut after too many wrong passwords."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from domain.accounts.models import Door, WrongLoginTry
from domain.accounts.turns import take_turn
from domain.errors import LockedOut

TRIES_PER_LOGIN: Final = 5
TRIES_PER_SENDER: Final = 10
LOCKED_FOR: Final = timedelta(minutes=15)
"""So many wrong tries within this time shut a door, for this time from the last."""


class Doors:
    """Counts wrong passwords, by login and by whoever tries."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def check(self, login: str, *, door: Door, sender: str, now: datetime) -> None:
        """Raise LockedOut if the door is shut for that login or that sender."""
        of_login = (WrongLoginTry.login == _traceless(login), TRIES_PER_LOGIN)
        of_sender = (WrongLoginTry.sender == sender, TRIES_PER_SENDER)
        for whose, allowed in (of_login, of_sender):
            if self._is_shut(whose, allowed, door, now):
                raise LockedOut(minutes=LOCKED_FOR // timedelta(minutes=1))

    def check_in_turn(
        self, login: str, *, door: Door, sender: str, now: datetime
    ) -> None:
        """The same, alone: what is decided next is counted before anybody else looks.

        A password is looked at without a lock, for hashing is slow. Of many guesses
        sent side by side none may count itself among the first five.
        """
        take_turn(self._session, f"login {login}")
        self.check(login, door=door, sender=sender, now=now)

    def remember(self, login: str, *, door: Door, sender: str, now: datetime) -> None:
        """Count a wrong try; forget those too old to keep any door shut."""
        too_old = WrongLoginTry.tried_at < now - 2 * LOCKED_FOR
        self._session.execute(delete(WrongLoginTry).where(too_old))
        self._session.add(
            WrongLoginTry(
                door=door, login=_traceless(login), sender=sender, tried_at=now
            )
        )

    def _is_shut(
        self, whose: ColumnElement[bool], allowed: int, door: Door, now: datetime
    ) -> bool:
        tries = self._session.scalars(
            select(WrongLoginTry.tried_at)
            .where(WrongLoginTry.door == door, whose)
            .where(WrongLoginTry.tried_at > now - 2 * LOCKED_FOR)
            .order_by(WrongLoginTry.tried_at.desc())
            .limit(allowed)
        ).all()
        if len(tries) < allowed:
            return False
        last, first = tries[0], tries[-1]
        return last - first < LOCKED_FOR and now - last < LOCKED_FOR


def _traceless(login: str) -> str:
    """What is kept of a login: people type passwords where logins belong."""
    return sha256(login.encode()).hexdigest()
