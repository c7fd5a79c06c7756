"""A prepared statement does what the session would, and fails as it would."""

from datetime import datetime

import pytest
from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.accounts.models import Account, Status
from domain.base import Base
from domain.database import engine_for
from domain.prepared import Prepared
from tests.databases import on_both
from tests.people import NOON

pytestmark = on_both
_ACCOUNTS = Base.metadata.tables[Account.__tablename__]
OPEN = Prepared(insert(_ACCOUNTS))
FIND = Prepared(
    select(_ACCOUNTS.c.status, _ACCOUNTS.c.made_at, _ACCOUNTS.c.balance).where(
        _ACCOUNTS.c.login == bindparam("of_login"),
        _ACCOUNTS.c.status == Status.ACTIVE,
    )
)


def account(town, **columns: object) -> dict[str, object]:
    """The columns of an account that have no default."""
    told = {"login": "anna", "password_hash": "…", "currency": "USD", "made_at": NOON}
    return {**told, "plan_id": town.plan_id, **columns}


def test_values_are_written_and_read_as_our_own_types(session, town):
    OPEN.rows(session, **account(town))

    ((status, made_at, balance),) = FIND.rows(session, of_login="anna")

    assert (status, made_at, balance) == (Status.ACTIVE, NOON, 0)
    assert isinstance(made_at, datetime)


def test_columns_that_are_not_told_have_their_defaults_or_nothing(session, town):
    OPEN.rows(session, **account(town))
    OPEN.rows(session, **account(town, login="bert", balance=5, language="fr"))

    anna, bert = session.scalars(select(Account).order_by(Account.id))

    assert (anna.balance, anna.calls_at_once, anna.language) == (0, 1, None)
    assert (bert.balance, bert.calls_at_once, bert.language) == (5, 1, "fr")


def test_nothing_found_is_none(session, town):
    assert FIND.first(session, of_login="nobody") is None
    assert FIND.value(session, of_login="nobody") is None


def test_a_value_that_is_wanted_and_not_told_is_named(session, town):
    with pytest.raises(LookupError, match="of_login"):
        FIND.rows(session)


def test_what_the_database_refuses_is_told_without_the_values(session, town):
    OPEN.rows(session, **account(town))

    with pytest.raises(IntegrityError) as refusal:
        OPEN.rows(session, **account(town, password_hash="secret"))

    assert "secret" not in str(refusal.value).partition("[SQL")[2]


@pytest.fixture
def session(database):
    engine = engine_for(database)
    with Session(engine) as session:
        yield session
    engine.dispose()
