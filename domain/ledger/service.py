"""The ledger: money moves here and nowhere else."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from domain.accounts.client import Payer
from domain.accounts.models import Account
from domain.base import Base
from domain.errors import InsufficientFunds, SpendLimit
from domain.ledger import upserts
from domain.ledger.models import Entry, Hold, Kind
from domain.money import Micros
from domain.prepared import Prepared

NEW_SESSION: Final = 0
"""The id of no session: one that is not stored yet holds nothing."""

_ACCOUNTS: Final = Base.metadata.tables[Account.__tablename__]
_ENTRIES: Final = Base.metadata.tables[Entry.__tablename__]
_HOLDS: Final = Base.metadata.tables[Hold.__tablename__]

# Built once, of tables and not of classes: these are asked several times in every call.
_HELD: Final = Prepared(
    select(func.coalesce(func.sum(_HOLDS.c.amount), 0)).where(
        _HOLDS.c.account_id == bindparam("account_id"),
        _HOLDS.c.session_id != bindparam("session_id"),
    )
)
_SPENT: Final = Prepared(
    select(func.coalesce(func.sum(_ENTRIES.c.amount), 0)).where(
        _ENTRIES.c.account_id == bindparam("account_id"),
        _ENTRIES.c.kind == Kind.CALL,
        _ENTRIES.c.made_at > bindparam("since", type_=Entry.made_at.type),
    )
)
_MOVE: Final = Prepared(
    update(_ACCOUNTS)
    .where(_ACCOUNTS.c.id == bindparam("of_account"))
    .values(balance=_ACCOUNTS.c.balance + bindparam("moved"))
    .returning(_ACCOUNTS.c.balance)
)
_SHRINK: Final = Prepared(
    update(_HOLDS)
    .where(
        _HOLDS.c.session_id == bindparam("of_session"),
        _HOLDS.c.amount > bindparam("most"),
    )
    .values(amount=bindparam("most"))
)
_RELEASE: Final = Prepared(
    delete(_HOLDS).where(_HOLDS.c.session_id == bindparam("of_session"))
)


class Ledger:
    """Moves money in and out of accounts. It never commits; its caller does.

    Whoever changes money locks the account's row first (`Accounts.locked`), so two
    sessions judged at once can never both count on the last coin.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def post(
        self,
        account_id: int,
        kind: Kind,
        amount: Micros,
        *,
        reference: str,
        now: datetime,
        note: str = "",
        made_by: str | None = None,
        refunds_id: int | None = None,
    ) -> bool:
        """Move `amount`, once for each kind and reference; False the second time.

        It never refuses: a call that was made is paid, whatever is left.
        """
        entry = {
            "account_id": account_id,
            "kind": kind,
            "amount": amount,
            "reference": reference,
            "note": note,
            "made_at": now,
            "made_by": made_by,
            "refunds_id": refunds_id,
        }
        if upserts.new_entry(self._session).first(self._session, **entry) is None:
            return False
        moved = _MOVE.value(self._session, of_account=account_id, moved=amount)
        self._know(account_id, moved)
        return True

    def available(self, account: Payer) -> Micros:
        """What is left to spend: balance and credit, less what is held."""
        return self._free(account, NEW_SESSION)

    def funds(self, account: Payer, session_id: int, now: datetime) -> Micros:
        """What one session may spend: what is available and what it holds itself.

        Never more than the account's limit for a day leaves, what other sessions
        hold counted as spent.
        """
        free = self._free(account, session_id)
        if account.daily_spend is None:
            return free
        spent = self.spent_in_a_day(account, now) + self._held(account, session_id)
        return min(free, account.daily_spend - spent)

    def shortage(
        self, account: Payer, session_id: int, needed: Micros
    ) -> InsufficientFunds | SpendLimit:
        """Why a session's funds are less than `needed`: the money, or the limit."""
        free = self._free(account, session_id)
        if needed <= free:
            return SpendLimit()
        return InsufficientFunds(available=free, currency=account.currency)

    def held_at(self, session_id: int) -> datetime | None:
        """When the session's hold was last set: it was alive then."""
        return self._session.scalar(
            select(Hold.held_at).where(Hold.session_id == session_id)
        )

    def afford(
        self, account: Payer, session_id: int, amount: Micros, now: datetime
    ) -> Micros:
        """The session's funds if they are no less than `amount`.

        Raises InsufficientFunds, or SpendLimit when it is the limit for a day.
        """
        funds = self.funds(account, session_id, now)
        if amount > funds:
            raise self.shortage(account, session_id, amount)
        return funds

    def hold_within(
        self,
        funds: Micros,
        account: Payer,
        session_id: int,
        amount: Micros,
        now: datetime,
    ) -> None:
        """Set aside `amount`, or as much of it as the session's `funds` allow.

        A hold only grows here: what was promised to a session stays with it until
        one of its legs is settled.
        """
        hold = {
            "session_id": session_id,
            "account_id": account.id,
            "amount": max(0, min(amount, funds)),
            "held_at": now,
        }
        upserts.hold(self._session).rows(self._session, **hold)

    def shrink(
        self, account: Payer, session_id: int, amount: Micros, now: datetime
    ) -> None:
        """Let go of whatever is held above `amount`, and above what there is."""
        funds = self.funds(account, session_id, now)
        most = max(0, min(amount, funds))
        _SHRINK.rows(self._session, of_session=session_id, most=most)

    def release(self, session_id: int) -> None:
        """Let go of all that is held for a session that has ended."""
        _RELEASE.rows(self._session, of_session=session_id)

    def entries(self, account: Account, limit: int = 100) -> Sequence[Entry]:
        """The account's entries, the newest first."""
        return self._session.scalars(
            select(Entry)
            .where(Entry.account_id == account.id)
            .order_by(Entry.id.desc())
            .limit(limit)
        ).all()

    def spent_in_a_day(self, account: Payer, now: datetime) -> Micros:
        """What calls took in the last 24 hours, as a positive amount."""
        since = now - timedelta(days=1)
        return -self._total(_SPENT, account_id=account.id, since=since)

    def open_holds(self) -> Sequence[Hold]:
        """Every hold there is."""
        return self._session.scalars(select(Hold).order_by(Hold.session_id)).all()

    def _know(self, account_id: int, balance: Micros) -> None:
        """Let an account that was read before show the balance it has now."""
        read = self._session.identity_map.get(identity_key(Account, account_id))
        if read is not None:
            set_committed_value(read, "balance", balance)

    def _free(self, account: Payer, session_id: int) -> Micros:
        held = self._held(account, session_id)
        return account.balance + account.credit_limit - held

    def _held(self, account: Payer, but: int) -> Micros:
        """What the account's sessions hold, all `but` one."""
        return self._total(_HELD, account_id=account.id, session_id=but)

    def _total(self, amounts: Prepared, **of: object) -> Micros:
        """A sum as an integer: PostgreSQL adds up 64-bit integers as decimals."""
        return int(amounts.value(self._session, **of) or 0)
