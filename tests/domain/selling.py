"""Vouchers made, handed out and redeemed by hand, for the tests of the business."""

import re

from sqlalchemy import select

from domain import money
from domain.base import Base
from domain.database import engine_for
from domain.errors import Refusal
from domain.vouchers.batches import NewBatch
from domain.vouchers.serials import Span
from tests.people import NOON


def make(town, count=1, *, now=NOON, **terms):
    """A batch that is not active yet: its vouchers as they are printed."""
    usual = {"name": "spring", "value": 5 * money.UNIT, "currency": "USD"}
    new = NewBatch(**{**usual, "count": count, "made_by": "olga", **terms})
    with town.transaction() as services:
        return services.vouchers.generate(new, now)


def sell(town, count=1, **terms):
    """The PINs of a batch that is active."""
    made = make(town, count, **terms)
    activate(town, made)
    return [each.pin for each in made]


def span_of(made):
    return Span(made[0].serial.batch_id, made[0].serial.number, made[-1].serial.number)


def activate(town, made, now=NOON):
    with town.transaction() as services:
        return services.vouchers.activate(span_of(made), now)


def void(town, made, now=NOON):
    with town.transaction() as services:
        return services.vouchers.void(span_of(made), now)


def redeem(town, person, written, now=NOON):
    """What comes of it: the value as exact text, or the refusal's code."""
    with town.transaction() as services:
        outcome = services.vouchers.redeem(person.id, written, now)
    if isinstance(outcome, Refusal):
        return outcome.code
    return money.plain(outcome.value)


def state_of(town, serial, now=NOON):
    """A voucher's state, and the login of whoever redeemed it."""
    with town.transaction(write=False) as services:
        voucher = services.vouchers.find(serial)
        redeemer = voucher.account.login if voucher.account else None
        return voucher.state_on(now.date()).value, redeemer


def voucher_entries(town, person):
    """What vouchers put on an account: amounts and references."""
    with town.transaction(write=False) as services:
        entries = services.ledger.entries(services.accounts.get(person.id))
        return [
            (money.plain(entry.amount), entry.reference)
            for entry in entries
            if entry.kind.value == "voucher"
        ]


def kept_in(database):
    """Every row of every table, as text; digests, serials and moments left out."""
    engine = engine_for(database)
    told = []
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            columns = [
                each
                for each in table.c
                if each.name not in {"digest", "login", "password_hash"}
                and not each.name.endswith("_at")
            ]
            told += connection.execute(select(*columns)).all()
    engine.dispose()
    return repr(told)


def digits_of(text):
    """The text with everything gone that may stand between a PIN's digits."""
    return re.sub(r"[\s-]", "", text)
