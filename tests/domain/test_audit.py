"""The books are proved right, and every way they could be wrong is noticed."""

import pytest
from sqlalchemy import text

from domain.calls.audit import LAWS
from domain.database import engine_for
from domain.ledger.cashier import Occasion
from domain.ledger.models import Kind
from domain.tariffs.models import LegACharge
from tests.databases import on_both
from tests.domain.calling import a_up, admit, ask, b_up, ended, settle
from tests.people import NOON, STRANGER, after

pytestmark = on_both


@pytest.fixture
def anna(town):
    return town.welcome()


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


def test_books_of_calls_past_waiting_and_running_are_right(town, anna):
    bob = town.welcome("bob", number=STRANGER, calls_at_once=2)
    call(town, anna)
    a_up(town, bob)
    ask(town, anna, now=after(60), leg_a=anna.number)
    with town.transaction() as services:
        both = services.accounts.get(anna.id), services.accounts.get(bob.id)
        services.cashier.transfer(*both, 1_000_000, Occasion("t", "a gift", NOON))

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


def test_half_a_transfer_is_noticed(town, anna):
    with town.transaction() as services:
        services.ledger.post(
            anna.id, Kind.TRANSFER, 5_000_000, reference="t:in", now=NOON
        )

    assert found(town) == {
        "what transfers take, they give": ["transfers do not cancel out: 5.00 is left"]
    }


def test_every_law_has_a_name_of_its_own(database):
    assert len({law.name for law in LAWS}) == len(LAWS)
