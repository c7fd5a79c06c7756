"""What a database may do for a while is told apart from what it never should."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.pool import QueuePool

from domain.database import Unavailable, transactions


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
