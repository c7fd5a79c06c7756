"""Fixtures for everybody: databases, transactions, people."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from domain.database import Transaction, engine_for, transactions
from tests.databases import Postgres, Sqlite, postgres_server
from tests.people import PIN_KEYS, Town

# How fast examples are made is the machine's: in a fresh clone the first letter costs
# seconds, for the tables of all letters are made then.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")


def pytest_addoption(parser) -> None:
    parser.addoption("--races", type=int, default=1, help="run each race so often")
    parser.addoption("--crashes", type=int, default=1, help="die so often at each step")
    parser.addoption("--copies", type=int, default=5, help="copies of each message")
    parser.addoption("--strangers", type=int, default=70, help="who text us")


def pytest_generate_tests(metafunc) -> None:
    times = metafunc.config.getoption("--races")
    if times > 1 and metafunc.definition.get_closest_marker("races"):
        metafunc.fixturenames.append("race")
        metafunc.parametrize("race", range(times))
    if metafunc.definition.get_closest_marker("crashes"):
        metafunc.parametrize("time", range(metafunc.config.getoption("--crashes")))


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory) -> Sqlite:
    return Sqlite(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with postgres_server() as socket_folder:
        yield Postgres(socket_folder)


@pytest.fixture
def database(request) -> str:
    """The URL of an empty, migrated database; SQLite unless parametrised."""
    kind = getattr(request, "param", "sqlite")
    return request.getfixturevalue(kind).fresh()


@pytest.fixture
def transaction(database) -> Iterator[Transaction]:
    """Opens transactions on `database`, as the programs do."""
    engine = engine_for(database)
    yield transactions(engine, pin_keys=PIN_KEYS)
    engine.dispose()


@pytest.fixture
def town(transaction) -> Town:
    """A small world: a plan, an access number, Anna who has 10.00."""
    return Town(transaction)
