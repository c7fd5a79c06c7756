"""The laws of vouchers: each is paid out once, to whoever redeemed it."""

from typing import Final

from sqlalchemy import String, and_, case, cast, func, or_, select

from domain import money
from domain.ledger.audit import Law
from domain.ledger.models import Entry, Kind
from domain.vouchers.models import Batch, State, Voucher

_FULL: Final = 10**6
"""Numbers below are padded with zeros, as `Serial` writes them."""
_NUMBER: Final = case(
    (Voucher.number < _FULL, func.substr(cast(Voucher.number + _FULL, String), 2)),
    else_=cast(Voucher.number, String),
)
_SERIAL: Final = cast(Voucher.batch_id, String).concat("-").concat(_NUMBER)
_REDEEMED: Final = Voucher.state == State.REDEEMED

_PAID: Final = and_(Entry.kind == Kind.VOUCHER, Entry.reference == _SERIAL)
_UNPAID: Final = (
    select(_SERIAL.label("serial"), Batch.value, Entry.id, Entry.amount)
    .join(Batch, Batch.id == Voucher.batch_id)
    .outerjoin(Entry, _PAID)
    .where(
        _REDEEMED,
        or_(
            Entry.id.is_(None),
            Entry.amount != Batch.value,
            Entry.account_id != Voucher.account_id,
        ),
    )
)
# By EXCEPT: both databases sort it out at any size, without an index of serials.
_FOR_NOTHING: Final = (
    select(Entry.reference)
    .where(Entry.kind == Kind.VOUCHER)
    .except_(select(_SERIAL).where(_REDEEMED))
)

LAWS: Final = (
    Law(
        "every redeemed voucher has exactly one entry, of its value",
        _UNPAID,
        lambda row: (
            f"voucher {row.serial} is worth {money.plain(row.value)}, but its entry "
            + (
                "is missing"
                if row.id is None
                else f"{row.id} is {money.plain(row.amount)}"
                + (" for somebody else" if row.amount == row.value else "")
            )
        ),
    ),
    Law(
        "every voucher's entry belongs to a voucher that was redeemed",
        _FOR_NOTHING,
        lambda row: f"an entry is for {row.reference}, which nobody redeemed",
    ),
)
