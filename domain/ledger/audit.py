"""Proof that the books are right: each law of the house, asked of the database.

Every law is one statement and so sees one moment, though calls go on meanwhile.
Whoever writes entries has laws of their own beside these.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Executable, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from domain import money
from domain.accounts.models import Account
from domain.ledger.cashier import GIVES, TAKES
from domain.ledger.models import Entry, Kind


@dataclass(frozen=True, slots=True)
class Law:
    """What must hold, and what would break it."""

    name: str
    breaches: Executable
    """A row for each fault, or for what must be looked at more closely."""
    sentence: Callable[[Any], str | None]  # Any: each law selects columns of its own
    """The fault in words; None for a row that turns out to be right."""


_SUM: Final = (
    select(func.coalesce(func.sum(Entry.amount), 0))
    .where(Entry.account_id == Account.id)
    .scalar_subquery()
)
_BALANCES: Final = select(Account.login, Account.balance, _SUM.label("entries")).where(
    Account.balance != _SUM
)

_refund: Final = aliased(Entry)
_REFUNDS: Final = (
    select(Entry.id, Entry.amount, func.sum(_refund.amount).label("refunded"))
    .join(_refund, _refund.refunds_id == Entry.id)
    .group_by(Entry.id, Entry.amount)
    .having(
        or_(
            func.abs(func.sum(_refund.amount)) > func.abs(Entry.amount),
            func.sum(_refund.amount) * Entry.amount > 0,
        )
    )
)
_ASTRAY: Final = (
    select(_refund.id, _refund.refunds_id)
    .join(Entry, _refund.refunds_id == Entry.id)
    .where(_refund.account_id != Entry.account_id)
)

_TAKES: Final = Entry.reference.endswith(TAKES)
_GIVES: Final = Entry.reference.endswith(GIVES)
_LENGTH: Final = func.length(Entry.reference)
_SIDES: Final = (
    select(
        case(
            (_TAKES, func.substr(Entry.reference, 1, _LENGTH - len(TAKES))),
            (_GIVES, func.substr(Entry.reference, 1, _LENGTH - len(GIVES))),
            else_=Entry.reference,
        ).label("name"),
        case((_TAKES, -Entry.amount), else_=0).label("taken"),
        case((_GIVES, Entry.amount), else_=0).label("given"),
        Account.currency,
    )
    .join(Account, Account.id == Entry.account_id)
    .where(Entry.kind == Kind.TRANSFER)
    .subquery()
)
_TAKEN: Final = func.sum(_SIDES.c.taken)
_GIVEN: Final = func.sum(_SIDES.c.given)
_TRANSFERS: Final = (
    select(
        _SIDES.c.name,
        func.count().label("sides"),
        _TAKEN.label("taken"),
        _GIVEN.label("given"),
        func.min(_SIDES.c.currency).label("one"),
        func.max(_SIDES.c.currency).label("other"),
    )
    .group_by(_SIDES.c.name)
    .having(
        or_(
            func.count() != len((TAKES, GIVES)),
            _TAKEN <= 0,
            _TAKEN != _GIVEN,
            func.min(_SIDES.c.currency) != func.max(_SIDES.c.currency),
        )
    )
    .order_by(_SIDES.c.name)
)


def _uneven(row: Any) -> str:
    currencies = row.one if row.one == row.other else f"{row.one} and {row.other}"
    taken, given = (money.plain(int(each)) for each in (row.taken, row.given))
    return (
        f"transfer {row.name} takes {taken} and gives {given}, "
        f"in {row.sides} entries of {currencies}"
    )


LAWS: Final = (
    Law(
        "every balance is the sum of its entries",
        _BALANCES,
        lambda row: (
            f"{row.login} has {money.plain(row.balance)}, "
            f"but entries of {money.plain(int(row.entries))}"
        ),
    ),
    Law(
        "no entry is refunded beyond what it was",
        _REFUNDS,
        lambda row: (
            f"entry {row.id} of {money.plain(row.amount)} "
            f"was refunded {money.plain(int(row.refunded))}"
        ),
    ),
    Law(
        "every refund goes to the account of what it gives back",
        _ASTRAY,
        lambda row: f"entry {row.id} refunds entry {row.refunds_id} of another account",
    ),
    Law("what transfers take, they give", _TRANSFERS, _uneven),
)


class Audit:
    """Asks whether the laws hold. Changes nothing."""

    def __init__(self, session: Session, laws: tuple[Law, ...]) -> None:
        self._session = session
        self._laws = laws

    def faults(self) -> Mapping[str, list[str]]:
        """What breaks each law, by its name; nothing where the books are right."""
        return {law.name: list(self._broken(law)) for law in self._laws}

    def _broken(self, law: Law) -> Iterator[str]:
        rows = self._session.execute(law.breaches.execution_options(yield_per=1000))
        for row in rows:
            sentence = law.sentence(row)
            if sentence is not None:
                yield sentence
