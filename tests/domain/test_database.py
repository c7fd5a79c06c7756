"""What a database may do for a while is told apart from what it never should."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.pool import QueuePool

from domain.database import Unavailable, engine_for, transactions


def test_a_database_that_cannot_be_opened_is_unavailable(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path}/nowhere/books.sqlite")

    with pytest.raises(Unavailable), transactions(engine)() as services:
        services.accounts.all()


def test_a_pool_that_has_no_connection_left_is_unavailable(database):
    engine = create_engine(
        database, poolclass=QueuePool, pool_size=1, max_overflow=0, pool_timeout=0.05
    )

    with engine.connect(), pytest.raises(Unavailable), engine.connect():
        pass
    engine.dispose()


@pytest.mark.parametrize(
    ("error", "passes"),
    [(OperationalError, True), (InterfaceError, True), (IntegrityError, False)],
)
def test_only_what_passes_by_itself_may_be_asked_again(error, passes):
    fault: DBAPIError = error(text("SELECT 1").text, {}, Exception("gone"))

    assert isinstance(fault, Unavailable) is passes


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_a_server_that_restarted_meanwhile_is_not_noticed(database):
    engine = engine_for(database)
    transaction = transactions(engine)
    with transaction() as one, transaction() as another:
        assert (one.accounts.all(), another.accounts.all()) == ([], [])

    others = create_engine(database)
    with others.connect() as operator:
        operator.execute(
            text(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    others.dispose()

    for _ in range(2):
        with transaction() as services:
            assert services.accounts.all() == []
    engine.dispose()
