"""Redeeming a voucher: once, whole, or not at all."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.accounts.doors import Doors
from domain.accounts.models import Account, Door
from domain.accounts.service import Accounts
from domain.errors import NoVouchers, PinsLocked, Refusal, WrongPin
from domain.ledger.models import Kind
from domain.ledger.service import Ledger
from domain.money import Micros
from domain.vouchers import pins
from domain.vouchers.batches import Batches, is_taken_on
from domain.vouchers.keys import PinKeys
from domain.vouchers.models import Batch, State, Voucher


@dataclass(frozen=True, slots=True)
class Redeemed:
    """Money that a voucher added, and what there is now."""

    value: Micros
    balance: Micros
    currency: str


class Vouchers(Batches):
    """Vouchers, made and redeemed."""

    def __init__(
        self, session: Session, accounts: Accounts, ledger: Ledger, keys: PinKeys
    ) -> None:
        super().__init__(session, keys)
        self._accounts = accounts
        self._ledger = ledger
        self._doors = Doors(session)

    @property
    def are_taken(self) -> bool:
        """Whether this site has the keys that vouchers need."""
        return bool(self._keys.keys)

    def redeem(
        self, account_id: int, written: str, now: datetime
    ) -> Redeemed | Refusal:
        """Add a voucher's value to an account, or say why not.

        A refusal is returned, not raised: the wrong try that was counted must be
        committed together with the look at the PIN, and a raise would undo it. Whatever
        is wrong with a PIN is one WrongPin; five of them in an hour lock the account
        (PinsLocked). NoVouchers where the site has no keys.
        """
        if not self.are_taken:
            return NoVouchers()
        # Guesses of one account queue up here, so each counts before the next looks.
        account = self._accounts.locked(account_id)
        try:
            self._doors.check(account.login, door=Door.VOUCHER, now=now)
        except PinsLocked as locked:
            return locked
        pin = pins.read(written)
        voucher = self._take(pin, account, now) if pin else None
        if voucher is None:
            self._doors.remember(account.login, door=Door.VOUCHER, now=now)
            return WrongPin()
        return self._credit(voucher, account, now)

    def _take(self, pin: str, account: Account, now: datetime) -> Voucher | None:
        """Mark the voucher redeemed, if it can be: one statement, so only one may."""
        fitting = select(Batch.id).where(
            Batch.currency == account.currency, is_taken_on(now.date())
        )
        return self._session.execute(
            update(Voucher)
            .where(
                Voucher.digest.in_(self._keys.digests(pin)),
                Voucher.state == State.ACTIVE,
                Voucher.batch_id.in_(fitting),
            )
            .values(state=State.REDEEMED, account_id=account.id, changed_at=now)
            .returning(Voucher)
        ).scalar_one_or_none()

    def _credit(self, voucher: Voucher, account: Account, now: datetime) -> Redeemed:
        serial = str(voucher.serial)
        value = voucher.batch.value
        is_new = self._ledger.post(
            account.id, Kind.VOUCHER, value, reference=serial, now=now, note=serial
        )
        if not is_new:
            raise ValueError(f"the ledger has paid for voucher {serial} already")
        return Redeemed(value, account.balance, account.currency)
