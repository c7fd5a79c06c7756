"""Money moved on purpose, by an operator or between two customers.

Whatever leaves an account is judged on what is available, so that money held for a
call that runs cannot be carried away meanwhile. Everything is made once for each
reference: pressed twice, it is moved once and refused the second time.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session

from domain.accounts.models import Account
from domain.accounts.service import Accounts
from domain.errors import (
    CurrenciesDiffer,
    InsufficientFunds,
    MovedAlready,
    NothingToRefund,
)
from domain.ledger.models import Entry, Kind
from domain.ledger.service import Ledger
from domain.money import Micros

_REFUNDABLE: Final = {Kind.CALL, Kind.TOP_UP, Kind.VOUCHER, Kind.ADJUSTMENT}
"""A transfer is carried back by another, so that both its sides move."""

TAKES: Final = ":out"
GIVES: Final = ":in"
"""What ends the references of a transfer's two entries and tells them apart."""

_REFUNDED: Final = select(func.coalesce(func.sum(Entry.amount), 0)).where(
    Entry.refunds_id == bindparam("entry_id")
)
_SEEN: Final = select(
    exists().where(
        Entry.kind == bindparam("kind", type_=Entry.kind.type),
        Entry.reference == bindparam("reference"),
    )
)


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why money is moved, by whom and when; `reference` tells it from any other."""

    reference: str
    note: str
    now: datetime
    made_by: str | None = None


class Cashier:
    """Takes money in, gives it back, carries it over. It never commits.

    Each raises MovedAlready if its reference stands in the ledger, and
    InsufficientFunds if the account has less available than it would lose.
    """

    def __init__(self, session: Session, accounts: Accounts, ledger: Ledger) -> None:
        self._session = session
        self._accounts = accounts
        self._ledger = ledger

    def top_up(self, account: Account, amount: Micros, why: Occasion) -> Account:
        """Money has come in: add `amount`, above zero."""
        if amount <= 0:
            raise ValueError(f"a top-up of {amount} adds nothing")
        account = self._accounts.locked(account.id)
        self._move(account, Kind.TOP_UP, amount, why)
        return account

    def adjust(self, account: Account, amount: Micros, why: Occasion) -> Account:
        """Put a mistake right, either way; an operator answers for it by name."""
        if not (why.note.strip() and why.made_by):
            raise ValueError("an adjustment needs a reason and an operator's name")
        account = self._accounts.locked(account.id)
        self._move(account, Kind.ADJUSTMENT, amount, why)
        return account

    def refund(self, entry_id: int, amount: Micros | None, why: Occasion) -> Account:
        """Give an entry back, wholly or `amount` (above zero) of it.

        A charge comes back to the account; a payment leaves it. Raises LookupError
        if there is no such entry, NothingToRefund if less of it is left.
        """
        entry = self._session.get_one(Entry, entry_id)
        account = self._accounts.locked(entry.account_id)  # one refund at a time
        self._judge_reference(Kind.REFUND, why.reference)
        left = self._not_refunded(entry)
        back = left if amount is None else amount
        if not 0 < back <= left:
            raise NothingToRefund(left=left, currency=account.currency)
        change = back if entry.amount < 0 else -back
        self._move(account, Kind.REFUND, change, why, refunds_id=entry_id)
        return account

    def transfer(
        self, giver: Account, taker: Account, amount: Micros, why: Occasion
    ) -> None:
        """Carry `amount`, above zero, from one account to another of its currency."""
        if amount <= 0 or giver.id == taker.id:
            raise ValueError(f"a transfer of {amount} carries nothing over")
        if giver.currency != taker.currency:
            raise CurrenciesDiffer(one=giver.login, other=taker.login)
        both = self._accounts.locked_all({giver.id, taker.id})
        out, into = (
            replace(why, reference=why.reference + end) for end in (TAKES, GIVES)
        )
        self._move(both[giver.id], Kind.TRANSFER, -amount, out)
        self._move(both[taker.id], Kind.TRANSFER, amount, into)

    def _not_refunded(self, entry: Entry) -> Micros:
        """What of an entry can still be given back."""
        if entry.kind not in _REFUNDABLE:
            return 0
        refunded = self._session.scalar(_REFUNDED, {"entry_id": entry.id})
        return abs(entry.amount + int(refunded or 0))

    def _judge_reference(self, kind: Kind, reference: str) -> None:
        if self._session.scalar(_SEEN, {"kind": kind, "reference": reference}):
            raise MovedAlready(reference=_given(reference))

    def _move(
        self,
        account: Account,
        kind: Kind,
        change: Micros,
        why: Occasion,
        *,
        refunds_id: int | None = None,
    ) -> None:
        """Post a change to a locked account; what comes in is never refused."""
        self._judge_reference(kind, why.reference)
        available = self._ledger.available(account)
        if change < 0 and -change > available:
            raise InsufficientFunds(available=available, currency=account.currency)
        moved = self._ledger.post(
            account.id,
            kind,
            change,
            reference=why.reference,
            now=why.now,
            note=why.note,
            made_by=why.made_by,
            refunds_id=refunds_id,
        )
        if not moved:  # under another account, a moment ago
            raise MovedAlready(reference=_given(why.reference))


def _given(reference: str) -> str:
    """A reference as it was given: a transfer's two entries add a side to it."""
    for side in (TAKES, GIVES):
        reference = reference.removesuffix(side)
    return reference
