"""The ledger: money moves here and nowhere else."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, exists, func, select, update
from sqlalchemy.orm import Session

from domain.accounts.models import Account
from domain.errors import InsufficientFunds
from domain.ledger.models import Entry, Hold, Kind
from domain.money import Micros


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
    ) -> bool:
        """Move `amount`, once for each kind and reference; False the second time.

        It never refuses: a call that was made is paid, whatever is left.
        """
        already = exists().where(Entry.kind == kind, Entry.reference == reference)
        if self._session.scalar(select(already)):
            return False
        self._session.add(
            Entry(
                account_id=account_id,
                kind=kind,
                amount=amount,
                reference=reference,
                note=note,
                made_at=now,
            )
        )
        self._session.execute(
            update(Account)
            .where(Account.id == account_id)
            .values(balance=Account.balance + amount)
        )
        return True

    def available(self, account: Account) -> Micros:
        """What is left to spend: balance and credit, less what is held."""
        return self._free(account, Hold.account_id == account.id)

    def funds(self, account: Account, session_id: int) -> Micros:
        """What one session may spend: what is available and what it holds itself."""
        return self._free(
            account, (Hold.account_id == account.id) & (Hold.session_id != session_id)
        )

    def held_at(self, session_id: int) -> datetime | None:
        """When the session's hold was last set: it was alive then."""
        return self._session.scalar(
            select(Hold.held_at).where(Hold.session_id == session_id)
        )

    def hold(
        self, account: Account, session_id: int, amount: Micros, now: datetime
    ) -> None:
        """Set aside `amount` in all for the session.

        Raises InsufficientFunds and leaves the hold as it was.
        """
        funds = self.funds(account, session_id)
        if amount > funds:
            raise InsufficientFunds(available=funds, currency=account.currency)
        self.hold_within(funds, account, session_id, amount, now)

    def hold_within(
        self,
        funds: Micros,
        account: Account,
        session_id: int,
        amount: Micros,
        now: datetime,
    ) -> None:
        """Set aside `amount`, or as much of it as the session's `funds` allow."""
        hold = self._session.get(Hold, session_id)
        if hold is None:
            hold = Hold(session_id=session_id, account_id=account.id)
            self._session.add(hold)
        hold.amount = max(0, min(amount, funds))
        hold.held_at = now

    def shrink(self, session_id: int, amount: Micros) -> None:
        """Let go of whatever is held above `amount`. It never refuses."""
        hold = self._session.get(Hold, session_id)
        if hold is not None and hold.amount > amount:
            hold.amount = amount

    def release(self, session_id: int) -> None:
        """Let go of all that is held for a session that has ended."""
        self._session.execute(delete(Hold).where(Hold.session_id == session_id))

    def entries(self, account: Account, limit: int = 100) -> Sequence[Entry]:
        """The account's entries, the newest first."""
        return self._session.scalars(
            select(Entry)
            .where(Entry.account_id == account.id)
            .order_by(Entry.id.desc())
            .limit(limit)
        ).all()

    def spent_in_a_day(self, account: Account, now: datetime) -> Micros:
        """What calls took in the last 24 hours, as a positive amount."""
        spent = select(func.coalesce(func.sum(Entry.amount), 0)).where(
            Entry.account_id == account.id,
            Entry.kind == Kind.CALL,
            Entry.made_at > now - timedelta(days=1),
        )
        return -self._total(spent)

    def open_holds(self) -> Sequence[Hold]:
        """Every hold there is."""
        return self._session.scalars(select(Hold).order_by(Hold.session_id)).all()

    def _free(self, account: Account, others: ColumnElement[bool]) -> Micros:
        held = self._total(
            select(func.coalesce(func.sum(Hold.amount), 0)).where(others)
        )
        return account.balance + account.credit_limit - held

    def _total(self, amounts: Select[Micros]) -> Micros:
        """A sum as an integer: PostgreSQL adds up 64-bit integers as decimals."""
        return int(self._session.scalar(amounts) or 0)
