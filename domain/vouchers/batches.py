"""Making vouchers, letting them be used, taking them back, counting them."""

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, func, insert, or_, select, update
from sqlalchemy.orm import Session

from domain.money import Micros
from domain.vouchers import pins
from domain.vouchers.keys import PinKey, PinKeys
from domain.vouchers.models import Batch, State, Voucher, stands
from domain.vouchers.serials import Serial, Span

_AT_ONCE: Final = 500
"""PINs looked up in one statement: databases bound what a statement may name."""


@dataclass(frozen=True, slots=True)
class NewBatch:
    """What a batch is to be."""

    name: str
    value: Micros
    currency: str
    count: int
    made_by: str
    pin_length: int = pins.SHORTEST
    expires_on: date | None = None
    """The last day on which its vouchers are taken."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A voucher as it is handed out. The only moment at which its PIN is known."""

    serial: Serial
    pin: str


class Batches:
    """Batches of vouchers. Only keyed hashes of their PINs are kept."""

    def __init__(
        self,
        session: Session,
        keys: PinKeys,
        below: Callable[[int], int] = secrets.randbelow,
    ) -> None:
        self._session = session
        self._keys = keys
        self._below = below

    def generate(self, new: NewBatch, now: datetime) -> list[Printed]:
        """Make a batch, not active yet; its PINs are told here and never again.

        Raises NoVouchers where there is no key to hash them with.
        """
        key = self._keys.newest
        batch = Batch(
            name=new.name,
            value=new.value,
            currency=new.currency,
            size=new.count,
            pin_length=new.pin_length,
            expires_on=new.expires_on,
            key_mark=key.mark,
            made_by=new.made_by,
            made_at=now,
        )
        self._session.add(batch)
        self._session.flush()  # its id is the first half of every serial
        made = [
            Printed(Serial(batch.id, number), pin)
            for number, pin in enumerate(self._new_pins(new), start=1)
        ]
        self._session.execute(
            insert(Voucher), [_row(printed, key, now) for printed in made]
        )
        return made

    def activate(self, span: Span, now: datetime) -> int:
        """Let new vouchers be redeemed; how many there were."""
        return self._move(span, {State.NEW}, State.ACTIVE, now)

    def void(self, span: Span, now: datetime) -> int:
        """Take back vouchers that nobody has redeemed; how many there were."""
        return self._move(span, {State.NEW, State.ACTIVE}, State.VOID, now)

    def batch(self, name: str) -> Batch | None:
        """The batch of that name."""
        return self._session.scalar(select(Batch).where(Batch.name == name))

    def batches(self) -> Sequence[Batch]:
        """Every batch, the oldest first."""
        return self._session.scalars(select(Batch).order_by(Batch.id)).all()

    def counts(self, now: datetime) -> dict[int, Counter[State]]:
        """How many vouchers each batch has in each state, by the batch's id."""
        rows = self._session.execute(
            select(Voucher.batch_id, Voucher.state, func.count()).group_by(
                Voucher.batch_id, Voucher.state
            )
        ).all()
        expired = {batch.id: batch.is_expired(now.date()) for batch in self.batches()}
        told: dict[int, Counter[State]] = {batch_id: Counter() for batch_id in expired}
        for batch_id, state, count in rows:
            told[batch_id][stands(state, expired=expired[batch_id])] += count
        return told

    def find(self, serial: Serial) -> Voucher | None:
        """The voucher of that serial."""
        return self._session.scalar(
            select(Voucher).where(
                Voucher.batch_id == serial.batch_id, Voucher.number == serial.number
            )
        )

    def missing_keys(self, now: datetime) -> dict[str, int]:
        """Keys that we do not have, and how many vouchers need each of them."""
        needed = (
            select(Voucher.key_id, func.count())
            .join(Batch)
            .where(
                Voucher.state.in_({State.NEW, State.ACTIVE}),
                is_taken_on(now.date()),
                Batch.key_mark.not_in([key.mark for key in self._keys.keys]),
            )
            .group_by(Voucher.key_id)
        )
        return dict(iter(self._session.execute(needed)))

    # --- in detail -------------------------------------------------------------

    def _move(self, span: Span, befores: set[State], then: State, now: datetime) -> int:
        moved = self._session.execute(
            update(Voucher)
            .where(
                Voucher.batch_id == span.batch_id,
                Voucher.number.between(span.first, span.last),
                Voucher.state.in_(befores),
            )
            .values(state=then, changed_at=now)
            .returning(Voucher.id)
        )
        return len(moved.all())

    def _new_pins(self, new: NewBatch) -> Iterable[str]:
        """PINs that no voucher has, under whichever of our keys it was hashed."""
        found: dict[str, None] = {}
        while len(found) < new.count:
            fresh = [
                pins.drawn(new.pin_length, self._below)
                for _ in range(new.count - len(found))
            ]
            for at in range(0, len(fresh), _AT_ONCE):
                some = fresh[at : at + _AT_ONCE]
                taken = self._taken(some)
                found |= dict.fromkeys(pin for pin in some if pin not in taken)
        return found

    def _taken(self, some: Sequence[str]) -> set[str]:
        by_digest = {digest: pin for pin in some for digest in self._keys.digests(pin)}
        known = select(Voucher.digest).where(Voucher.digest.in_(by_digest))
        return {by_digest[digest] for digest in self._session.scalars(known)}


def is_taken_on(today: date) -> ColumnElement[bool]:
    """The condition that a batch's last day is not over."""
    return or_(Batch.expires_on.is_(None), Batch.expires_on >= today)


def _row(printed: Printed, key: PinKey, now: datetime) -> dict[str, object]:
    return {
        "batch_id": printed.serial.batch_id,
        "number": printed.serial.number,
        "key_id": key.id,
        "digest": key.digest(printed.pin),
        "changed_at": now,
    }
