"""The books are proved right, and every way they could be wrong is noticed."""

import pytest
from sqlalchemy import text

from domain.database import engine_for
from domain.ledger.cashier import Occasion
from domain.ledger.models import Kind
from domain.services import LAWS
from domain.tariffs.models import LegACharge
from tests.databases import on_both
from tests.domain import selling
from tests.domain.calling import a_up, admit, ask, b_up, ended, settle
from tests.people import NOON, STRANGER, after

pytestmark = on_both


@pytest.fixture
def anna(town):
    return town.welcome()


@pytest.fixture
def bob(town):
    return town.welcome("bob", number=STRANGER, calls_at_once=2)


@pytest.fixture
def tamper(database):
    """Writes behind the business's back, as only a bug or a thief would."""
    engine = engine_for(database)

    def write(statement):
        with engine.begin() as connection:
            connection.execute(text(statement))

    yield write
    engine.dispose()


def found(town):
    with town.transaction(write=False) as services:
        return {
            law: broken for law, broken in services.audit.faults().items() if broken
        }


def call(town, person):
    """A whole call of two legs, 30 and 10 seconds."""
    due = a_up(town, person)
    b, _ = admit(town, due.session_id)
    b_up(town, due.session_id, b, after(5))
    settle(town, b, ended(answered=5, lasted=10))
    settle(town, due.uuid, ended(answered=0, lasted=30))
    return due


def transfer(town, giver, taker):
    with town.transaction() as services:
        both = services.accounts.get(giver.id), services.accounts.get(taker.id)
        services.cashier.transfer(*both, 1_000_000, Occasion("t", "a gift", NOON))


def test_books_of_calls_past_waiting_and_running_are_right(town, anna, bob):
    call(town, anna)
    a_up(town, bob)
    ask(town, anna, now=after(60), leg_a=anna.number)
    transfer(town, anna, bob)

    assert found(town) == {}


def test_a_leg_a_that_is_paid_if_some_b_answers_may_wait_for_b(town, anna):
    with town.transaction() as services:
        services.tariffs.plan(town.plan_id).leg_a_charge = LegACharge.IF_ANSWERED
    due = a_up(town, anna)
    admit(town, due.session_id)

    settle(town, due.uuid, ended(answered=0, lasted=30))

    assert found(town) == {}


def test_a_balance_that_somebody_wrote_is_noticed(town, anna, tamper):
    tamper("UPDATE accounts SET balance = balance + 1 WHERE login = 'anna'")

    assert found(town) == {
        "every balance is the sum of its entries": [
            "anna has 10.000001, but entries of 10.00"
        ]
    }


def test_a_hold_left_behind_is_noticed(town, anna, tamper):
    call(town, anna)
    tamper(
        "INSERT INTO holds (session_id, account_id, amount, held_at) "
        "SELECT id, account_id, 5, began_at FROM sessions"
    )

    assert found(town) == {
        "every hold belongs to a live session": [
            "0.000005 is held for session 1, which has ended"
        ]
    }


def test_a_call_nobody_paid_is_noticed(town, anna, tamper):
    due = a_up(town, anna)
    tamper("UPDATE legs SET ended_at = made_at, cause = 'X'")

    assert found(town) == {
        "every ended leg has exactly one entry, of its price": [
            f"leg {due.uuid} costs 0.00, but its entry is missing"
        ]
    }


def test_a_price_that_was_changed_afterwards_is_noticed(town, anna, tamper):
    due = call(town, anna)
    tamper("UPDATE legs SET price = price - 1 WHERE side = 'a'")

    assert found(town) == {
        "every ended leg has exactly one entry, of its price": [
            f"leg {due.uuid} costs 0.029999, but its entry is -0.03"
        ],
        "every price follows from the rate kept with its leg": [
            f"leg {due.uuid} costs 0.029999, but its rate makes 0.03 of 30 s"
        ],
    }


def test_a_leg_that_is_never_charged_and_was_is_noticed(town, anna, tamper):
    due = call(town, anna)
    tamper("UPDATE legs SET charge = 'never' WHERE side = 'a'")

    assert found(town) == {
        "every price follows from the rate kept with its leg": [
            f"leg {due.uuid} costs 0.03, but is charged never"
        ]
    }


def test_a_leg_a_charged_though_no_b_answered_is_noticed(town, anna, tamper):
    due = call(town, anna)
    tamper("UPDATE legs SET charge = 'if_answered' WHERE side = 'a'")
    assert found(town) == {}

    tamper("UPDATE legs SET answered_at = NULL WHERE side = 'b'")

    assert found(town) == {
        "every price follows from the rate kept with its leg": [
            f"leg {due.uuid} costs 0.03, but is charged if answered"
        ]
    }


def test_a_leg_a_that_is_free_though_some_b_answered_is_noticed(town, anna, tamper):
    with town.transaction() as services:
        services.tariffs.plan(town.plan_id).leg_a_charge = LegACharge.IF_ANSWERED
    due = a_up(town, anna)
    b, _ = admit(town, due.session_id)
    settle(town, b, ended("NO_ANSWER"))
    settle(town, due.uuid, ended(answered=0, lasted=30))
    assert found(town) == {}

    tamper("UPDATE legs SET answered_at = made_at WHERE side = 'b'")

    assert found(town) == {
        "every price follows from the rate kept with its leg": [
            f"leg {due.uuid} costs 0.00, but its rate makes 0.03 of 30 s"
        ]
    }


def test_a_leg_a_may_wait_for_the_end_of_a_b_that_has_answered(town, anna):
    with town.transaction() as services:
        services.tariffs.plan(town.plan_id).leg_a_charge = LegACharge.IF_ANSWERED
    due = a_up(town, anna)
    b, _ = admit(town, due.session_id)
    settle(town, due.uuid, ended(answered=0, lasted=30))

    b_up(town, due.session_id, b, after(31))
    assert found(town) == {}

    settle(town, b, ended(answered=31, lasted=10))
    assert found(town) == {}
    assert town.balance(anna) == "9.96"


def test_a_charge_for_no_call_is_noticed(town, anna):
    with town.transaction() as services:
        services.ledger.post(anna.id, Kind.CALL, -5, reference="made up", now=NOON)

    (sentence,) = found(town)["every charge belongs to a leg that has ended"]
    assert sentence.endswith("charges made up, which is no ended leg")


def test_a_refund_beyond_its_entry_is_noticed(town, anna):
    with town.transaction() as services:
        payment = services.ledger.entries(services.accounts.get(anna.id))[0]
        services.ledger.post(
            anna.id,
            Kind.REFUND,
            -payment.amount - 1,
            reference="too much",
            now=NOON,
            refunds_id=payment.id,
        )

    assert found(town) == {
        "no entry is refunded beyond what it was": [
            f"entry {payment.id} of 10.00 was refunded -10.000001"
        ]
    }


def test_a_refund_to_somebody_else_is_noticed(town, anna, bob):
    call(town, anna)
    with town.transaction() as services:
        charge = services.ledger.entries(services.accounts.get(anna.id))[0]
        services.ledger.post(
            bob.id,
            Kind.REFUND,
            -charge.amount,
            reference="astray",
            now=NOON,
            refunds_id=charge.id,
        )

    (sentence,) = found(town)["every refund goes to the account of what it gives back"]
    assert sentence.endswith(f"refunds entry {charge.id} of another account")


def test_half_a_transfer_is_noticed(town, anna):
    with town.transaction() as services:
        services.ledger.post(
            anna.id, Kind.TRANSFER, 5_000_000, reference="t:in", now=NOON
        )

    assert found(town) == {
        "what transfers take, they give": [
            "transfer t takes 0.00 and gives 5.00, in 1 entries of USD"
        ]
    }


def test_two_transfers_that_only_together_cancel_out_are_noticed(town, anna):
    with town.transaction() as services:
        for reference, amount in [
            ("s:out", -5),
            ("s:in", 6),
            ("t:out", -6),
            ("t:in", 5),
        ]:
            services.ledger.post(
                anna.id, Kind.TRANSFER, amount, reference=reference, now=NOON
            )

    assert found(town) == {
        "what transfers take, they give": [
            "transfer s takes 0.000005 and gives 0.000006, in 2 entries of USD",
            "transfer t takes 0.000006 and gives 0.000005, in 2 entries of USD",
        ]
    }


def test_a_transfer_that_changes_its_currency_is_noticed(town, anna, bob, tamper):
    transfer(town, anna, bob)
    tamper("UPDATE accounts SET currency = 'EUR' WHERE login = 'bob'")

    assert found(town) == {
        "what transfers take, they give": [
            "transfer t takes 1.00 and gives 1.00, in 2 entries of EUR and USD"
        ]
    }


def test_a_transfer_that_takes_from_its_taker_is_noticed(town, anna, bob):
    with town.transaction() as services:
        post = services.ledger.post
        post(anna.id, Kind.TRANSFER, 5_000_000, reference="t:out", now=NOON)
        post(bob.id, Kind.TRANSFER, -5_000_000, reference="t:in", now=NOON)

    assert found(town) == {
        "what transfers take, they give": [
            "transfer t takes -5.00 and gives -5.00, in 2 entries of USD"
        ]
    }


def test_a_voucher_redeemed_and_refunded_is_right(town, anna):
    pin, _ = selling.sell(town, 2)
    assert selling.redeem(town, anna, pin) == "5.00"
    with town.transaction() as services:
        entry, _ = services.ledger.entries(services.accounts.get(anna.id))
        services.cashier.refund(entry.id, None, Occasion("r", "a mistake", NOON))

    assert found(town) == {}


def test_a_voucher_with_a_long_number_is_right(town, anna, tamper):
    (pin,) = selling.sell(town)
    tamper("UPDATE vouchers SET number = 1000000")

    assert selling.redeem(town, anna, pin) == "5.00"

    assert selling.voucher_entries(town, anna) == [("5.00", "1-1000000")]
    assert found(town) == {}


def test_a_voucher_redeemed_for_nothing_is_noticed(town, anna, tamper):
    selling.sell(town)
    tamper(
        "UPDATE vouchers SET state = 'redeemed', "
        "account_id = (SELECT id FROM accounts WHERE login = 'anna')"
    )

    assert found(town) == {
        "every redeemed voucher has exactly one entry, of its value": [
            "voucher 1-000001 is worth 5.00, but its entry is missing"
        ]
    }


def test_a_voucher_that_paid_more_than_its_value_is_noticed(town, anna, tamper):
    (pin,) = selling.sell(town)
    selling.redeem(town, anna, pin)
    tamper("UPDATE voucher_batches SET value = 4000000")

    assert found(town) == {
        "every redeemed voucher has exactly one entry, of its value": [
            "voucher 1-000001 is worth 4.00, but its entry 2 is 5.00"
        ]
    }


def test_a_voucher_that_paid_somebody_else_is_noticed(town, anna, bob, tamper):
    (pin,) = selling.sell(town)
    selling.redeem(town, anna, pin)
    tamper(
        "UPDATE vouchers SET account_id = (SELECT id FROM accounts WHERE login = 'bob')"
    )

    (sentence,) = found(town)[
        "every redeemed voucher has exactly one entry, of its value"
    ]
    assert sentence.endswith("is 5.00 for somebody else")


@pytest.mark.parametrize("reference", ["1-000001", "99-000001"])
def test_money_of_a_voucher_that_nobody_redeemed_is_noticed(town, anna, reference):
    selling.sell(town)
    with town.transaction() as services:
        services.ledger.post(
            anna.id, Kind.VOUCHER, 5_000_000, reference=reference, now=NOON
        )

    (sentence,) = found(town)[
        "every voucher's entry belongs to a voucher that was redeemed"
    ]
    assert sentence.endswith(f"is for {reference}, which nobody redeemed")


def test_every_law_has_a_name_of_its_own(database):
    assert len({law.name for law in LAWS}) == len(LAWS)
