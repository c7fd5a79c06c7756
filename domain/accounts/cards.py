"""Cards: digits by which an account is known on the line, and a PIN that proves it."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.accounts import passwords
from domain.accounts.doors import Doors
from domain.accounts.models import Account, Card, Door
from domain.accounts.service import usable
from domain.errors import WrongLogin

LOGIN_DIGITS: Final = 8
PIN_DIGITS: Final = 6
"""Of a PIN that is drawn, and the fewest of one that is chosen."""
LONGEST_PIN: Final = 12

_PIN: Final = re.compile(rf"[0-9]{{{PIN_DIGITS},{LONGEST_PIN}}}")
_ROUND: Final = "01234567890" * 2


@dataclass(frozen=True, slots=True)
class NewCard:
    """What is told once, and never again: only a hash of the PIN is kept."""

    login: str
    pin: str = field(repr=False)


class Cards:
    """Issues cards, and knows whose they are."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._doors = Doors(session)

    def of(self, account: Account) -> Card | None:
        """The account's card, if it has one."""
        return self._session.get(Card, account.id)

    def issue(
        self,
        account: Account,
        now: datetime,
        below: Callable[[int], int] = secrets.randbelow,
    ) -> NewCard:
        """Give an account that has none a card, its digits and PIN drawn by chance."""
        new = NewCard(self._unused(below), drawn_pin(below))
        self._session.add(
            Card(
                account_id=account.id,
                login=new.login,
                pin_hash=passwords.digest(new.pin),
                issued_at=now,
            )
        )
        self._session.flush()
        return new

    def renew(
        self, card: Card, below: Callable[[int], int] = secrets.randbelow
    ) -> NewCard:
        """Draw a new PIN for the card; the old one opens nothing any more."""
        new = NewCard(card.login, drawn_pin(below))
        self.set_pin(card, new.pin)
        return new

    def set_pin(self, card: Card, pin: str) -> None:
        """Replace the PIN by one that its owner chose."""
        card.pin_hash = passwords.digest(pin)

    def withdraw(self, account: Account) -> bool:
        """Take the card back; False if there was none."""
        gone = delete(Card).where(Card.account_id == account.id)
        found = self._session.execute(gone.returning(Card.account_id)).first()
        return found is not None

    # --- proving it ------------------------------------------------------------

    def prove(self, login: str, pin: str, *, caller: str, now: datetime) -> Account:
        """The account whose card and PIN these are.

        Writes nothing: whoever catches WrongLogin calls `remember_wrong_try`.
        Raises WrongLogin, LockedOut, AccountBlocked.
        """
        self._doors.check(login, door=Door.VOICE, sender=caller, now=now)
        found = self._session.execute(
            select(Card, Account)
            .join(Account, Account.id == Card.account_id)
            .where(Card.login == login)
        ).first()
        stored = found.Card.pin_hash if found else None
        if not passwords.matches(stored, pin) or found is None:
            raise WrongLogin
        account: Account = found.Account
        return usable(account)

    def check_caller(self, caller: str, now: datetime) -> None:
        """Raise LockedOut for who has tried too many wrong PINs to be answered."""
        self._doors.check("", door=Door.VOICE, sender=caller, now=now)

    def check_door(self, login: str, *, caller: str, now: datetime) -> None:
        """Raise LockedOut if the door has been shut since the PIN was looked at."""
        self._doors.check_in_turn(login, door=Door.VOICE, sender=caller, now=now)

    def remember_wrong_try(self, login: str, *, caller: str, now: datetime) -> None:
        """Count a wrong PIN: too many shut the door for a while."""
        self._doors.remember(login, door=Door.VOICE, sender=caller, now=now)

    def _unused(self, below: Callable[[int], int]) -> str:
        """Digits of no card, the first no zero: people leave those out."""
        first = 10 ** (LOGIN_DIGITS - 1)
        while True:
            login = str(first + below(9 * first))
            taken = select(Card.account_id).where(Card.login == login)
            if self._session.scalar(taken) is None:
                return login


def drawn_pin(below: Callable[[int], int] = secrets.randbelow) -> str:
    """A PIN by chance, but none that everybody guesses first."""
    while True:
        pin = f"{below(10**PIN_DIGITS):0{PIN_DIGITS}}"
        if may_be_pin(pin):
            return pin


def may_be_pin(pin: str) -> bool:
    """Whether digits are a PIN: long enough, and no row that everybody guesses first.

    >>> may_be_pin("480519"), may_be_pin("111111"), may_be_pin("345678")
    (True, False, False)
    >>> may_be_pin("987654"), may_be_pin("4805")
    (False, False)
    """
    if not _PIN.fullmatch(pin):
        return False
    is_row = pin in _ROUND or pin[::-1] in _ROUND
    return len(set(pin)) > 1 and not is_row
