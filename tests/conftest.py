"""Fixtures for everybody: databases, transactions, people."""

from collections.abc import Iterator

import pytest

from domain.database import Transaction, engine_for, transactions
from tests.databases import Postgres, Sqlite, postgres_server
from tests.people import PIN_KEYS, Town


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
