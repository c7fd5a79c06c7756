"""Vouchers: made, activated, redeemed once, expired or taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from domain.accounts.models import Door
from domain.base import Base
from domain.database import engine_for, transactions
from domain.errors import NoVouchers
from domain.ledger.models import Kind
from domain.ledger.service import Ledger
from domain.messages import replies
from domain.vouchers import pins
from domain.vouchers.batches import Batches, NewBatch
from domain.vouchers.keys import PinKey, PinKeys
from domain.vouchers.models import State, Voucher
from domain.vouchers.serials import Serial
from tests.databases import on_both
from tests.domain.selling import (
    activate,
    make,
    redeem,
    sell,
    state_of,
    void,
    voucher_entries,
)
from tests.people import NOON, OFFICE, PIN_KEYS, after, entries_add_up

pytestmark = on_both

TODAY = NOON.date()
NEVER_SOLD = pins.drawn(12, lambda _: 12345678901)


def test_a_voucher_adds_its_value_and_one_entry_with_its_serial(town):
    anna = town.welcome()
    (made,) = make(town)
    activate(town, [made])

    assert redeem(town, anna, made.pin) == "5.00"

    assert town.balance(anna) == "15.00"
    assert voucher_entries(town, anna) == [("5.00", str(made.serial))]
    assert state_of(town, made.serial) == ("redeemed", "anna")
    with town.transaction(write=False) as services:
        assert entries_add_up(services, anna)


def test_a_pin_may_be_written_in_groups(town):
    anna = town.welcome()
    (pin,) = sell(town)

    assert redeem(town, anna, f" {pin[:4]}-{pin[4:8]} {pin[8:]} ") == "5.00"


def test_a_batch_has_as_many_different_vouchers_as_it_says(town):
    made = make(town, 700, pin_length=16)

    assert [each.serial.number for each in made] == list(range(1, 701))
    assert len({each.pin for each in made}) == 700
    assert {len(each.pin) for each in made} == {16}


def test_nothing_of_a_pin_is_kept_but_a_keyed_hash(town, database):
    made = make(town, 3)

    engine = engine_for(database)
    with engine.connect() as connection:
        rows = connection.execute(Base.metadata.tables["vouchers"].select()).all()
    engine.dispose()
    assert [row.digest for row in rows] == [
        PIN_KEYS.newest.digest(each.pin) for each in made
    ]
    assert not any(each.pin in repr(rows) for each in made)


def test_every_no_is_one_and_the_same(town):
    anna = town.welcome()
    (used,) = sell(town, name="used")
    redeem(town, town.welcome("bob", number=OFFICE), used)
    new = make(town, name="new")[0].pin
    (euros,) = sell(town, name="euros", currency="EUR")
    (late,) = sell(town, name="late", expires_on=TODAY - timedelta(days=1))
    taken_back = make(town, name="void")
    activate(town, taken_back)
    void(town, taken_back)
    typo = f"{new[:-1]}{(int(new[-1]) + 1) % 10}"
    wrong = [NEVER_SOLD, used, new, euros, late, taken_back[0].pin, typo, "1234", "abc"]

    told = {
        redeem(town, anna, pin, NOON + timedelta(hours=n))
        for n, pin in enumerate(wrong)
    }

    assert told == {"wrong_pin"}
    assert "%" not in replies.TEXTS["wrong_pin"]
    assert town.balance(anna) == "10.00"
    assert voucher_entries(town, anna) == []


def test_a_voucher_of_another_currency_stays_good_for_its_own(town):
    anna = town.welcome()
    erik = town.welcome("erik", number=OFFICE, currency="EUR")
    (pin,) = sell(town, currency="EUR")

    assert redeem(town, anna, pin) == "wrong_pin"
    assert redeem(town, erik, pin) == "5.00"


def test_a_voucher_is_taken_to_the_end_of_its_last_day_in_greenwich(town):
    anna = town.welcome()
    one, other = make(town, 2, expires_on=TODAY)
    activate(town, [one, other])
    midnight = NOON.replace(hour=0) + timedelta(days=1)

    assert redeem(town, anna, one.pin, midnight - timedelta(seconds=1)) == "5.00"
    assert redeem(town, anna, other.pin, midnight) == "wrong_pin"
    assert state_of(town, other.serial, midnight) == ("expired", None)


def test_only_the_serials_named_are_activated(town):
    anna = town.welcome()
    made = make(town, 4)

    assert activate(town, made[1:3]) == 2
    assert activate(town, made[:3]) == 1

    outcomes = [redeem(town, anna, each.pin) for each in made]
    assert outcomes == ["5.00", "5.00", "5.00", "wrong_pin"]


def test_what_was_redeemed_cannot_be_taken_back_nor_made_new(town):
    anna = town.welcome()
    made = make(town, 2)
    activate(town, made)
    redeem(town, anna, made[0].pin)

    assert void(town, made) == 1
    assert activate(town, made) == 0
    assert state_of(town, made[0].serial) == ("redeemed", "anna")
    assert state_of(town, made[1].serial) == ("void", None)


def test_batches_are_counted_by_state(town):
    anna = town.welcome()
    made = make(town, 4)
    activate(town, made[:3])
    redeem(town, anna, made[0].pin)
    void(town, made[2:3])
    make(town, 2, name="old", expires_on=TODAY - timedelta(days=1))

    with town.transaction(write=False) as services:
        spring, old = services.vouchers.counts(NOON).values()

    assert spring == {
        State.REDEEMED: 1,
        State.ACTIVE: 1,
        State.VOID: 1,
        State.NEW: 1,
    }
    assert old == {State.EXPIRED: 2}


def test_two_batches_have_two_names(town):
    make(town)

    with pytest.raises(IntegrityError):
        make(town)


def test_a_pin_that_was_sold_under_an_older_key_is_not_drawn_again(town):
    before = PinKeys(PIN_KEYS.keys[1:])
    draws = iter([1, 1, 2, 2, 3])
    new = NewBatch("a", 1, "USD", 1, "olga")
    with town.transaction() as services:
        session = services.vouchers._session
        (first,) = Batches(session, before, lambda _: 1).generate(new, NOON)

        again = Batches(session, PIN_KEYS, lambda _: next(draws)).generate(
            NewBatch("b", 1, "USD", 2, "olga"), NOON
        )

    assert first.pin == pins.drawn(12, lambda _: 1)
    assert [each.pin for each in again] == [
        pins.drawn(12, lambda _, chance=chance: chance) for chance in (2, 3)
    ]


def test_keys_are_changed_and_the_old_vouchers_stay_good(town, database):
    anna = town.welcome()
    (old,) = sell(town, name="old")
    engine = engine_for(database)
    rotated = PinKeys((PinKey("later", "l" * 32), *PIN_KEYS.keys))
    town.transaction = transactions(engine, pin_keys=rotated)
    (made,) = make(town, name="new")
    activate(town, [made])

    assert redeem(town, anna, old) == redeem(town, anna, made.pin) == "5.00"
    with town.transaction(write=False) as services:
        assert services.vouchers.find(made.serial).key_id == "later"
    engine.dispose()


def test_a_key_that_is_still_needed_is_missed(town, database):
    anna = town.welcome()
    good, used, waste = make(town, 3)
    activate(town, [good, used])
    redeem(town, anna, used.pin)
    void(town, [waste])
    make(town, name="old", expires_on=TODAY - timedelta(days=1))
    engine = engine_for(database)
    town.transaction = transactions(engine, pin_keys=PinKeys(PIN_KEYS.keys[1:]))

    with town.transaction(write=False) as services:
        assert services.vouchers.missing_keys(NOON) == {"now": 1}
    assert redeem(town, anna, good.pin) == "wrong_pin"
    engine.dispose()


def test_without_keys_vouchers_are_neither_made_nor_taken_nor_counted(town, database):
    anna = town.welcome()
    (pin,) = sell(town)
    engine = engine_for(database)
    with_keys, without = town.transaction, transactions(engine)

    town.transaction = without
    assert {redeem(town, anna, pin) for _ in range(7)} == {"no_vouchers"}
    with pytest.raises(NoVouchers):
        make(town, name="another")

    town.transaction = with_keys
    assert redeem(town, anna, pin) == "5.00"
    engine.dispose()


def test_five_wrong_pins_in_an_hour_lock_the_account_for_one_from_the_fifth(town):
    anna = town.welcome()
    (pin,) = sell(town)
    for minute in (0, 10, 20, 30, 40):
        assert redeem(town, anna, NEVER_SOLD, after(minute * 60)) == "wrong_pin"

    assert redeem(town, anna, pin, after(41 * 60)) == "pins_locked"
    assert redeem(town, anna, pin, after(100 * 60 - 1)) == "pins_locked"
    assert redeem(town, anna, pin, after(100 * 60)) == "5.00"


def test_tries_while_locked_do_not_lock_for_longer(town):
    anna = town.welcome()
    (pin,) = sell(town)
    for _ in range(9):
        redeem(town, anna, NEVER_SOLD)

    assert redeem(town, anna, pin, after(3600)) == "5.00"


def test_wrong_pins_far_apart_lock_nobody(town):
    anna = town.welcome()

    outcomes = [redeem(town, anna, "1", after(n * 16 * 60)) for n in range(9)]

    assert set(outcomes) == {"wrong_pin"}


def test_a_right_pin_does_not_wipe_out_the_wrong_ones(town):
    anna = town.welcome()
    (pin,) = sell(town)
    for _ in range(4):
        redeem(town, anna, NEVER_SOLD)

    assert redeem(town, anna, pin) == "5.00"
    assert redeem(town, anna, NEVER_SOLD) == "wrong_pin"
    assert redeem(town, anna, NEVER_SOLD) == "pins_locked"


def test_one_who_guesses_locks_nobody_else_and_no_other_door(town):
    anna = town.welcome()
    bob = town.welcome("bob", number=OFFICE)
    (pin,) = sell(town)
    for _ in range(6):
        redeem(town, bob, NEVER_SOLD)

    assert redeem(town, anna, pin) == "5.00"
    with town.transaction(write=False) as services:
        services.accounts.prove(
            bob.login, bob.password, door=Door.SMS, sender=bob.number, now=NOON
        )


def test_a_wrong_password_meanwhile_does_not_open_the_lock(town):
    anna = town.welcome()
    for _ in range(5):
        redeem(town, anna, NEVER_SOLD)
    with town.transaction() as services:
        services.accounts.remember_wrong_try(
            anna.login, door=Door.WEB, sender="192.0.2.1", now=after(3000)
        )

    assert redeem(town, anna, NEVER_SOLD, after(3001)) == "pins_locked"


def test_a_crash_between_the_voucher_and_the_ledger_leaves_both_undone(
    town, monkeypatch
):
    anna = town.welcome()
    (made,) = make(town)
    activate(town, [made])

    def crash(*_, **__):
        raise OSError("the power is gone")

    with monkeypatch.context() as patched:
        patched.setattr(Ledger, "post", crash)
        with pytest.raises(OSError):
            redeem(town, anna, made.pin)

    assert state_of(town, made.serial) == ("active", None)
    assert town.balance(anna) == "10.00"
    assert redeem(town, anna, made.pin) == "5.00"


def test_a_crash_after_the_ledger_leaves_both_undone(town):
    anna = town.welcome()
    (made,) = make(town)
    activate(town, [made])

    def redeem_and_crash():
        with town.transaction() as services:
            services.vouchers.redeem(anna.id, made.pin, NOON)
            raise OSError("the power is gone")

    with pytest.raises(OSError):
        redeem_and_crash()

    assert state_of(town, made.serial) == ("active", None)
    assert voucher_entries(town, anna) == []


def test_a_serial_that_the_ledger_knows_already_is_not_marked_either(town):
    anna = town.welcome()
    (made,) = make(town)
    activate(town, [made])
    with town.transaction() as services:
        services.ledger.post(
            anna.id, Kind.VOUCHER, 1, reference=str(made.serial), now=NOON
        )

    with pytest.raises(ValueError):
        redeem(town, anna, made.pin)

    assert state_of(town, made.serial) == ("active", None)


def test_what_no_rule_allows_the_database_refuses(town):
    make(town)

    def redeem_for_nobody():
        with town.transaction() as services:
            session = services.vouchers._session
            session.scalars(select(Voucher)).one().state = State.REDEEMED

    with pytest.raises(IntegrityError):
        redeem_for_nobody()
    with pytest.raises(IntegrityError):
        make(town, name="worthless", value=0)


def test_a_serial_of_nothing_is_nothing(town):
    with town.transaction(write=False) as services:
        assert services.vouchers.find(Serial(1, 1)) is None
        assert services.vouchers.batch("spring") is None
