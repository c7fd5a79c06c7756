"""Money moved on purpose, and books that nobody can change."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from domain import money
from domain.database import engine_for
from domain.errors import (
    CurrenciesDiffer,
    InsufficientFunds,
    MovedAlready,
    NothingToRefund,
)
from domain.ledger.cashier import Occasion
from domain.ledger.models import Kind
from tests.databases import on_both
from tests.domain.calling import a_up, ended, settle
from tests.people import NOON, STRANGER, entries_add_up

pytestmark = on_both


def why(reference="r1", note="as agreed", made_by="olga"):
    return Occasion(reference, note, NOON, made_by)


@pytest.fixture
def anna(town):
    return town.welcome()


@pytest.fixture
def bob(town):
    return town.welcome("bob", number=STRANGER, funds="1.00")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET amount = 1",
        "UPDATE entries SET note = 'never mind' WHERE kind = 'top_up'",
        "DELETE FROM entries",
    ],
)
def test_the_database_itself_refuses_to_change_the_ledger(database, anna, statement):
    engine = engine_for(database)

    with (
        pytest.raises(DBAPIError, match="only ever added"),
        engine.begin() as connection,
    ):
        connection.execute(text(statement))

    engine.dispose()


@pytest.fixture(params=["ours", "a stranger's"])
def connection(request, database):
    """One as our programs open it, one as anybody may."""
    if not database.startswith("sqlite"):
        pytest.skip("PostgreSQL has no REPLACE")
    engine = (
        engine_for(database) if request.param == "ours" else create_engine(database)
    )
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_an_entry_is_not_replaced_by_another_of_its_id(connection, anna):
    doubled = """
        INSERT OR REPLACE INTO entries
        (id, kind, reference, account_id, amount, note, made_at)
        SELECT id, kind, 'another', account_id, 2 * amount, note, made_at FROM entries
    """

    with pytest.raises(DBAPIError, match="only ever added"):
        connection.execute(text(doubled))


def test_an_entry_is_not_replaced_by_another_of_its_reference(connection, anna):
    doubled = """
        INSERT OR REPLACE INTO entries
        (id, kind, reference, account_id, amount, note, made_at)
        SELECT id + 9, kind, reference, account_id, 2 * amount, note, made_at
        FROM entries
    """
    before = connection.execute(text("SELECT * FROM entries")).all()

    connection.execute(text(doubled))

    assert connection.execute(text("SELECT * FROM entries")).all() == before


def test_the_ledger_cannot_be_emptied(database, anna):
    if not database.startswith("postgresql"):
        pytest.skip("SQLite has no TRUNCATE")
    engine = engine_for(database)

    with pytest.raises(DBAPIError, match="only ever added"), engine.begin() as pen:
        pen.execute(text("TRUNCATE entries CASCADE"))

    engine.dispose()


def test_an_adjustment_names_who_made_it_and_why(town, anna):
    with town.transaction() as services:
        account = services.accounts.get(anna.id)
        services.cashier.adjust(account, -250_000, why(note="a call was not billed"))

    with town.transaction(write=False) as services:
        entry, _ = services.ledger.entries(services.accounts.get(anna.id))
        assert (entry.kind, entry.amount) == (Kind.ADJUSTMENT, -250_000)
        assert (entry.note, entry.made_by) == ("a call was not billed", "olga")
    assert town.balance(anna) == "9.75"


@pytest.mark.parametrize("fault", [{"note": " "}, {"made_by": None}])
def test_an_adjustment_nobody_answers_for_is_a_mistake(town, anna, fault):
    with town.transaction() as services:
        account = services.accounts.get(anna.id)
        with pytest.raises(ValueError, match="a reason and an operator"):
            services.cashier.adjust(account, 1, why(**fault))


def test_money_is_moved_once_for_each_reference(town, anna):
    with town.transaction() as services:
        services.cashier.top_up(services.accounts.get(anna.id), 1_000_000, why())

    with pytest.raises(MovedAlready), town.transaction() as services:
        services.cashier.top_up(services.accounts.get(anna.id), 1_000_000, why())

    assert town.balance(anna) == "11.00"


def test_money_held_for_a_call_cannot_be_carried_to_a_friend(town, anna, bob):
    a_up(town, anna)
    available = money.parse(town.available(anna))
    assert available < money.parse("10.00")

    with pytest.raises(InsufficientFunds):
        transfer(town, anna, bob, available + 1)

    transfer(town, anna, bob, available)
    assert town.available(anna) == "0.00"
    assert money.parse(town.balance(bob)) == 1_000_000 + available


def test_a_transfer_between_currencies_is_refused(town, anna, bob):
    with town.transaction() as services:
        services.accounts.get(bob.id).currency = "EUR"

    with pytest.raises(CurrenciesDiffer):
        transfer(town, anna, bob, 1_000_000)

    assert town.balance(anna) == "10.00"


def test_a_call_is_refunded_in_parts_and_never_beyond_its_price(town, anna):
    due = a_up(town, anna)
    settle(town, due.uuid, ended(answered=0, lasted=60))
    charge = newest(town, anna)
    assert charge.amount == -60_000

    refund(town, charge.id, 20_000, "first")
    refund(town, charge.id, None, "rest")

    assert town.balance(anna) == "10.00"
    with pytest.raises(NothingToRefund) as refusal:
        refund(town, charge.id, 1, "more")
    assert refusal.value.details["left"] == 0


def test_a_payment_is_given_back_only_as_far_as_it_is_not_spent(town, anna):
    payment = newest(town, anna)
    a_up(town, anna)

    with pytest.raises(InsufficientFunds):
        refund(town, payment.id, None, "all of it")
    refund(town, payment.id, 9_000_000, "most of it")

    assert town.balance(anna) == "1.00"


def test_a_refund_and_a_transfer_are_not_refunded(town, anna, bob):
    payment = newest(town, anna)
    refund(town, payment.id, 1_000_000, "first")
    transfer(town, anna, bob, 500_000)

    for person in (anna, bob):
        with pytest.raises(NothingToRefund):
            refund(town, newest(town, person).id, None, "again")
    with town.transaction(write=False) as services:
        assert entries_add_up(services, anna)
        assert entries_add_up(services, bob)


@pytest.mark.parametrize("amount", [0, -1])
def test_a_top_up_or_transfer_of_nothing_is_a_mistake(town, anna, bob, amount):
    with pytest.raises(ValueError, match="carries nothing"):
        transfer(town, anna, bob, amount)
    with town.transaction() as services:
        account = services.accounts.get(anna.id)
        with pytest.raises(ValueError, match="adds nothing"):
            services.cashier.top_up(account, amount, why())


def newest(town, person):
    with town.transaction(write=False) as services:
        account = services.accounts.get(person.id)
        return services.ledger.entries(account, limit=1)[0]


def refund(town, entry_id, amount, reference):
    with town.transaction() as services:
        services.cashier.refund(entry_id, amount, why(reference))


def transfer(town, giver, taker, amount):
    with town.transaction() as services:
        both = services.accounts.get(giver.id), services.accounts.get(taker.id)
        services.cashier.transfer(*both, amount, why())
