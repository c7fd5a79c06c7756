"""Rates from before there were versions of price lists keep their prices."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from domain.database import engine_for, transactions
from domain.numbers import E164
from tests.databases import migrate, on_both
from tests.people import OFFICE

BEFORE = "20261123a"
LONG_AGO = datetime(2020, 1, 6, 12, tzinfo=UTC)

PLAN = (
    "INSERT INTO plans (id, name, currency, leg_a_charge, allows_costly)"
    " VALUES (:id, :name, 'USD', 'always', false)"
)
ACCOUNT = (
    "INSERT INTO accounts (login, password_hash, status, currency, plan_id, balance,"
    " credit_limit, numbers_allowed, calls_at_once, announces_balance, made_at)"
    " VALUES ('anna', '', 'active', 'USD', 1, 0, 0, 1, 1, true, :now)"
)
RATE = (
    "INSERT INTO rates (plan_id, prefix, destination, valid_from, valid_to,"
    " per_minute, setup, first_block, step, free_seconds, minimum_charge,"
    " minimum_seconds)"
    " VALUES (:plan, :prefix, 'Poland', :begins, :ends, :price, 1, 2, 3, 4, 5, 6)"
)
DAY = timedelta(days=1)


def fill(engine):
    def moment(time):
        return time.replace(tzinfo=None) if engine.dialect.name == "sqlite" else time

    rates = [
        (1, "48", LONG_AGO - 9 * DAY, LONG_AGO - DAY, 100),
        (1, "48", LONG_AGO - DAY, None, 200),
        (1, "4877", LONG_AGO + DAY, None, 300),
        (2, "48", LONG_AGO - 2 * DAY, None, 400),
    ]
    with engine.begin() as connection:
        for number, name in ((1, "basic"), (2, "gold"), (3, "empty")):
            connection.execute(text(PLAN), {"id": number, "name": name})
        connection.execute(text(ACCOUNT), {"now": moment(LONG_AGO)})
        for plan, prefix, begins, ends, price in rates:
            row = {"plan": plan, "prefix": prefix, "price": price}
            times = {"begins": moment(begins), "ends": ends and moment(ends)}
            connection.execute(text(RATE), {**row, **times})


@on_both
def test_old_rates_keep_their_prices_at_every_moment(database):
    migrate(database, down_to=BEFORE)
    engine = engine_for(database)
    fill(engine)

    migrate(database)

    with transactions(engine)(write=False) as services:
        prices = services.tariffs

        def price(plan, at):
            return prices.price(prices.by_name(plan), E164(OFFICE), at).rate

        days = [price("basic", LONG_AGO + days * DAY).per_minute for days in (-8, 0, 2)]
        assert days == [100, 200, 300]
        assert price("gold", LONG_AGO).per_minute == 400
        assert price("gold", LONG_AGO).minimum_seconds == 6
        assert prices.by_name("basic").time_zone == "UTC"
    engine.dispose()


@on_both
def test_going_back_keeps_the_prices_in_force(database):
    migrate(database, down_to=BEFORE)
    engine = engine_for(database)
    fill(engine)
    migrate(database)

    migrate(database, down_to=BEFORE)

    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT plan_id, per_minute FROM rates ORDER BY per_minute")
        ).all()
    assert rows == [(1, 100), (1, 200), (1, 300), (2, 400)]
    engine.dispose()
