"""Who somebody is, and which numbers prove it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from sqlalchemy import bindparam, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.accounts import passwords
from domain.accounts.client import Client, Payer
from domain.accounts.doors import Doors
from domain.accounts.models import Account, Door, RegisteredNumber, Status
from domain.accounts.numbers import Numbers
from domain.base import Base
from domain.errors import (
    AccountBlocked,
    NumberTaken,
    OwnNumber,
    TooManyNumbers,
    WrongLogin,
)
from domain.numbers import E164
from domain.prepared import Prepared

AnyPayer = TypeVar("AnyPayer", bound=Payer)

_FOR_UPDATE = {"key_share": True}
"""Locks an account's row against whoever would change it; rows that merely name it
can still be written beside."""
_LOCKED_ALL: Final = (
    select(Account)
    .where(Account.id.in_(bindparam("ids", expanding=True)))
    .order_by(Account.id)
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)


_ACCOUNTS: Final = Base.metadata.tables[Account.__tablename__]
_CLIENT: Final = Prepared(
    select(*(_ACCOUNTS.c[name] for name in Client.__slots__))
    .where(_ACCOUNTS.c.id == bindparam("of_id"))
    .with_for_update(key_share=True)
)


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What an account begins with."""

    login: str
    password: str
    plan_id: int
    currency: str
    language: str | None = None
    numbers_allowed: int = 1


class Accounts(Numbers):
    """Callback clients: who they are and which numbers are theirs."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._doors = Doors(session)

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
            Account, account_id, with_for_update=_FOR_UPDATE, populate_existing=True
        )

    def locked_all(self, account_ids: Collection[int]) -> dict[int, Account]:
        """Several accounts by id, their rows locked and fresh.

        In one order, so that two programs never wait for each other.
        """
        found = self._session.scalars(_LOCKED_ALL, {"ids": list(account_ids)})
        return {account.id: account for account in found}

    def locked_clients(self, account_ids: Collection[int]) -> dict[int, Client]:
        """As `locked_all`, for their calls alone."""
        rows = [
            _CLIENT.first(self._session, of_id=each) for each in sorted(account_ids)
        ]
        clients = [Client(*row) for row in rows if row]
        return {client.id: client for client in clients}

    def by_login(self, login: str) -> Account | None:
        """The account of that login, whatever its case; None if there is none."""
        wanted = select(Account).where(Account.login == _folded(login))
        return self._session.scalar(wanted)

    def all(self) -> Sequence[Account]:
        """Every account, by login."""
        return self._session.scalars(select(Account).order_by(Account.login)).all()

    # --- proving it ------------------------------------------------------------

    def prove(
        self, login: str, password: str, *, door: Door, sender: str, now: datetime
    ) -> Account:
        """The account whose login and password these are.

        Writes nothing: whoever catches WrongLogin calls `remember_wrong_try`.
        Raises WrongLogin, LockedOut, AccountBlocked.
        """
        self._doors.check(_folded(login), door=door, sender=sender, now=now)
        account = self.by_login(login)
        stored = account.password_hash if account else None
        if not passwords.matches(stored, password) or account is None:
            raise WrongLogin
        return usable(account)

    def remember_wrong_try(
        self, login: str, *, door: Door, sender: str, now: datetime
    ) -> None:
        """Count a wrong password: too many shut the door for a while."""
        self._doors.remember(_folded(login), door=door, sender=sender, now=now)

    def check_door(self, login: str, *, door: Door, sender: str, now: datetime) -> None:
        """Raise LockedOut if the door has been shut since the password was looked at.

        No other try of that login, or by that sender, is counted until the
        transaction ends.
        """
        self._doors.check_in_turn(_folded(login), door=door, sender=sender, now=now)

    # --- numbers ---------------------------------------------------------------

    def register(self, account: Account, number: E164, now: datetime) -> bool:
        """Let `number` identify the account; False if it did already.

        Where an account may have one number only, the new one replaces it: people
        buy a new SIM and register it. Raises NumberTaken, OwnNumber, TooManyNumbers.
        """
        if self.is_access_number(number):
            raise OwnNumber(number=number)
        account = self.locked(account.id)  # its numbers are counted
        owner = self.owner(number)
        if owner is not None and owner.id != account.id:
            raise NumberTaken(number=number)
        if owner is not None:
            return False
        if account.numbers_allowed != 1:
            self._judge_room(account)
        try:
            with self._session.begin_nested():
                self._write_number(account, number, now)
        except IntegrityError as rival:  # another account registered it just now
            raise NumberTaken(number=number) from rival
        return True

    def _judge_room(self, account: Account) -> None:
        if len(self.numbers_of(account)) >= account.numbers_allowed:
            raise TooManyNumbers(limit=account.numbers_allowed)

    def _write_number(self, account: Account, number: E164, now: datetime) -> None:
        if account.numbers_allowed == 1:
            mine = RegisteredNumber.account_id == account.id
            self._session.execute(delete(RegisteredNumber).where(mine))
        self._session.add(
            RegisteredNumber(account_id=account.id, number=number, made_at=now)
        )
        self._session.flush()  # a rival's claim must fail here, not at the commit

    def unregister(self, account: Account, number: E164) -> bool:
        """Stop a number from identifying the account; False if it did not."""
        mine = (RegisteredNumber.account_id == account.id) & (
            RegisteredNumber.number == number
        )
        result = self._session.execute(
            delete(RegisteredNumber).where(mine).returning(RegisteredNumber.id)
        )
        return result.first() is not None


def usable(account: AnyPayer) -> AnyPayer:
    """The account itself, or AccountBlocked."""
    if account.status is Status.BLOCKED:
        raise AccountBlocked
    return account


def _folded(login: str) -> str:
    return login.strip().casefold()
