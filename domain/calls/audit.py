"""Proof that the books are right: each law of the ledger, asked of the database.

Every law is one statement and so sees one moment, though calls go on meanwhile.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Executable, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from domain import money
from domain.accounts.models import Account
from domain.calls.models import LIVE, CallRequest, CallSession, Leg
from domain.ledger.models import Entry, Hold, Kind
from domain.tariffs.models import LegACharge
from domain.tariffs.rating import whole_seconds


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

_LIVES: Final = exists().where(
    CallSession.id == Hold.session_id,
    CallSession.ended_at.is_(None),
    CallRequest.session_id == CallSession.id,
    CallRequest.state.in_(LIVE),
)
_HOLDS: Final = select(Hold.session_id, Hold.amount).where(~_LIVES)

_CALL: Final = and_(Entry.kind == Kind.CALL, Entry.reference == Leg.uuid)
_WAITS_FOR_B: Final = and_(
    Leg.charge == LegACharge.IF_ANSWERED, CallSession.ended_at.is_(None)
)
_UNPAID: Final = (
    select(Leg.uuid, Leg.price, Entry.amount)
    .join(CallSession)
    .outerjoin(Entry, _CALL)
    .where(
        Leg.ended_at.is_not(None),
        or_(
            and_(Entry.id.is_(None), ~_WAITS_FOR_B),
            Entry.amount != -Leg.price,
            Entry.account_id != CallSession.account_id,
        ),
    )
)
_NOT_OVER: Final = (
    select(Entry.id, Entry.reference)
    .outerjoin(Leg, _CALL)
    .where(Entry.kind == Kind.CALL, Leg.ended_at.is_(None))
)
_PRICED: Final = select(Leg).where(Leg.ended_at.is_not(None))

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
_TRANSFERS: Final = select(
    func.count().label("sides"), func.sum(Entry.amount).label("amount")
).where(Entry.kind == Kind.TRANSFER)


def _mispriced(row: Any) -> str | None:
    leg: Leg = row.Leg
    seconds = whole_seconds(leg.answered_us)
    due = leg.terms.cost(seconds)
    if leg.price == due or (leg.price == 0 and leg.charge is not LegACharge.ALWAYS):
        return None
    return (
        f"leg {leg.uuid} costs {money.plain(leg.price)}, "
        f"but its rate makes {money.plain(due)} of {seconds} s"
    )


def _uneven(row: Any) -> str | None:
    if not row.amount and row.sides % 2 == 0:
        return None
    return f"transfers do not cancel out: {money.plain(int(row.amount or 0))} is left"


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
        "every hold belongs to a live session",
        _HOLDS,
        lambda row: (
            f"{money.plain(row.amount)} is held for session {row.session_id}, "
            "which has ended"
        ),
    ),
    Law(
        "every ended leg has exactly one entry, of its price",
        _UNPAID,
        lambda row: (
            f"leg {row.uuid} costs {money.plain(row.price)}, but its entry "
            + ("is missing" if row.amount is None else f"is {money.plain(row.amount)}")
        ),
    ),
    Law(
        "every charge belongs to a leg that has ended",
        _NOT_OVER,
        lambda row: f"entry {row.id} charges {row.reference}, which is no ended leg",
    ),
    Law("every price follows from the rate kept with its leg", _PRICED, _mispriced),
    Law(
        "no entry is refunded beyond what it was",
        _REFUNDS,
        lambda row: (
            f"entry {row.id} of {money.plain(row.amount)} "
            f"was refunded {money.plain(int(row.refunded))}"
        ),
    ),
    Law("what transfers take, they give", _TRANSFERS, _uneven),
)


class Audit:
    """Asks whether the laws hold. Changes nothing."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def faults(self) -> Mapping[str, list[str]]:
        """What breaks each law, by its name; nothing where the books are right."""
        return {law.name: list(self._broken(law)) for law in LAWS}

    def _broken(self, law: Law) -> Iterator[str]:
        rows = self._session.execute(law.breaches.execution_options(yield_per=1000))
        for row in rows:
            sentence = law.sentence(row)
            if sentence is not None:
                yield sentence
