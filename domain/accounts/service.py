"""Who somebody is, and which numbers prove it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from domain.accounts import passwords
from domain.accounts.models import (
    AccessNumber,
    Account,
    ConfirmedLeg,
    Door,
    RegisteredNumber,
    Status,
    WrongLoginTry,
)
from domain.errors import (
    AccountBlocked,
    LockedOut,
    NumberTaken,
    OwnNumber,
    TooManyNumbers,
    WrongLogin,
)
from domain.numbers import E164

TRIES_PER_LOGIN: Final = 5
TRIES_PER_SENDER: Final = 10
LOCKED_FOR: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What an account begins with."""

    login: str
    password: str
    plan_id: int
    currency: str
    language: str | None = None
    numbers_allowed: int = 1


class Accounts:
    """Callback clients: who they are and which numbers are theirs."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def create(self, new: NewAccount, now: datetime) -> Account:
        """Open an account with nothing on it. The login must not be taken yet."""
        account = Account(
            login=_folded(new.login),
            password_hash=passwords.digest(new.password),
            plan_id=new.plan_id,
            currency=new.currency,
            language=new.language,
            numbers_allowed=new.numbers_allowed,
            made_at=now,
        )
        self._session.add(account)
        self._session.flush()  # its id is wanted for numbers and ledger entries
        return account

    def get(self, account_id: int) -> Account:
        """The account of that id, which must exist."""
        return self._session.get_one(Account, account_id)

    def locked(self, account_id: int) -> Account:
        """The same, its row locked and fresh until the transaction ends."""
        return self._session.get_one(
            Account, account_id, with_for_update=True, populate_existing=True
        )

    def by_login(self, login: str) -> Account | None:
        """The account of that login, whatever its case; None if there is none."""
        wanted = select(Account).where(Account.login == _folded(login))
        return self._session.scalar(wanted)

    def all(self) -> Sequence[Account]:
        """Every account, by login."""
        return self._session.scalars(select(Account).order_by(Account.login)).all()

    def owner(self, number: E164) -> Account | None:
        """Whose registered number this is."""
        wanted = (
            select(Account)
            .join(RegisteredNumber)
            .where(RegisteredNumber.number == number)
        )
        return self._session.scalar(wanted)

    # --- proving it ------------------------------------------------------------

    def prove(
        self, login: str, password: str, *, door: Door, sender: str, now: datetime
    ) -> Account:
        """The account whose login and password these are.

        Writes nothing: whoever catches WrongLogin calls `remember_wrong_try`.
        Raises WrongLogin, LockedOut, AccountBlocked.
        """
        if self._is_shut(login, door=door, sender=sender, now=now):
            raise LockedOut(minutes=LOCKED_FOR // timedelta(minutes=1))
        account = self.by_login(login)
        stored = account.password_hash if account else None
        if not passwords.matches(stored, password) or account is None:
            raise WrongLogin
        return usable(account)

    def remember_wrong_try(
        self, login: str, *, door: Door, sender: str, now: datetime
    ) -> None:
        """Count a wrong password; forget those too old to lock anything."""
        old = WrongLoginTry.tried_at < now - LOCKED_FOR
        self._session.execute(delete(WrongLoginTry).where(old))
        self._session.add(
            WrongLoginTry(door=door, login=_folded(login), sender=sender, tried_at=now)
        )

    def set_password(self, account: Account, password: str) -> None:
        """Replace the password."""
        account.password_hash = passwords.digest(password)

    def _is_shut(self, login: str, *, door: Door, sender: str, now: datetime) -> bool:
        recent = (
            select(func.count())
            .select_from(WrongLoginTry)
            .where(
                WrongLoginTry.door == door, WrongLoginTry.tried_at > now - LOCKED_FOR
            )
        )
        by_login = recent.where(WrongLoginTry.login == _folded(login))
        by_sender = recent.where(WrongLoginTry.sender == sender)
        return (self._session.scalar(by_login) or 0) >= TRIES_PER_LOGIN or (
            self._session.scalar(by_sender) or 0
        ) >= TRIES_PER_SENDER

    # --- numbers ---------------------------------------------------------------

    def register(self, account: Account, number: E164, now: datetime) -> bool:
        """Let `number` identify the account; False if it did already.

        Where an account may have one number only, the new one replaces it: people
        buy a new SIM and register it. Raises NumberTaken, OwnNumber, TooManyNumbers.
        """
        if self.is_access_number(number):
            raise OwnNumber(number=number)
        owner = self.owner(number)
        if owner is not None and owner.id != account.id:
            raise NumberTaken(number=number)
        if owner is not None:
            return False
        if account.numbers_allowed == 1:
            self._session.execute(
                delete(RegisteredNumber).where(
                    RegisteredNumber.account_id == account.id
                )
            )
        elif len(self.numbers_of(account)) >= account.numbers_allowed:
            raise TooManyNumbers(limit=account.numbers_allowed)
        self._session.add(
            RegisteredNumber(account_id=account.id, number=number, made_at=now)
        )
        self._session.flush()  # a rival's claim must fail here, not at the commit
        return True

    def unregister(self, account: Account, number: E164) -> bool:
        """Stop a number from identifying the account; False if it did not."""
        mine = (RegisteredNumber.account_id == account.id) & (
            RegisteredNumber.number == number
        )
        result = self._session.execute(
            delete(RegisteredNumber).where(mine).returning(RegisteredNumber.id)
        )
        return result.first() is not None

    def numbers_of(self, account: Account) -> list[E164]:
        """The account's registered numbers, the oldest first."""
        wanted = (
            select(RegisteredNumber.number)
            .where(RegisteredNumber.account_id == account.id)
            .order_by(RegisteredNumber.id)
        )
        return [E164(number) for number in self._session.scalars(wanted)]

    def was_confirmed(self, account_id: int, number: str) -> bool:
        """Whether a person once pressed 1 at that number for this account."""
        return self._session.get(ConfirmedLeg, (account_id, number)) is not None

    def confirm(self, account_id: int, number: str, now: datetime) -> None:
        """Remember that a person answers there."""
        if not self.was_confirmed(account_id, number):
            self._session.add(
                ConfirmedLeg(account_id=account_id, number=number, confirmed_at=now)
            )

    # --- numbers of ours -------------------------------------------------------

    def access_number(self, number: str) -> AccessNumber | None:
        """Our access number of that E.164 form."""
        wanted = select(AccessNumber).where(AccessNumber.number == number)
        return self._session.scalar(wanted)

    def is_access_number(self, number: str) -> bool:
        """Whether a number is ours: such a one is never rung, nor answered."""
        ours = exists().where(AccessNumber.number == number)
        return bool(self._session.scalar(select(ours)))

    def open_access_number(
        self,
        number: E164,
        *,
        carrier: str,
        language: str | None = None,
        country: str | None = None,
        leg_a_plan_id: int | None = None,
    ) -> AccessNumber:
        """Take an access number into service."""
        access = AccessNumber(
            number=number,
            carrier=carrier,
            language=language,
            country=country,
            leg_a_plan_id=leg_a_plan_id,
        )
        self._session.add(access)
        self._session.flush()
        return access

    def access_numbers(self) -> Sequence[AccessNumber]:
        """All our access numbers."""
        return self._session.scalars(
            select(AccessNumber).order_by(AccessNumber.number)
        ).all()


def usable(account: Account) -> Account:
    """The account itself, or AccountBlocked."""
    if account.status is Status.BLOCKED:
        raise AccountBlocked
    return account


def _folded(login: str) -> str:
    return login.strip().casefold()
