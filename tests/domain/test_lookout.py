"""Whoever looks for work sees all of it at once, and almost nothing it costs."""

from datetime import timedelta

import pytest

from domain.calls.models import THE_SWITCH, Source
from domain.calls.outlook import Outlook
from domain.calls.requests import Wish
from domain.database import Unavailable, engine_for
from domain.lookout import Lookout
from tests.databases import on_both
from tests.people import ANNA, EXITS, NOON, OFFICE, after, new_uuid

NOTHING = Outlook(next_due=None, on_the_line=False, to_hang_up=False)


def asks(transaction, person, *, later: float = 0) -> None:
    """Let somebody ask for a call."""
    wish = Wish(ANNA, OFFICE, Source.SMS, ANNA, after=timedelta(seconds=later))
    with transaction() as services:
        services.requests.ask(services.accounts.get(person.id), wish, NOON)


@on_both
def test_nobody_wants_anything(lookout):
    assert lookout.look() == NOTHING
    assert lookout.look() == NOTHING


@on_both
def test_a_request_is_seen_as_soon_as_it_is_stored_and_waits_for_its_time(
    lookout, transaction, town
):
    anna = town.welcome()
    assert not lookout.look().is_due(NOON)

    asks(transaction, anna, later=5)

    assert not lookout.look().is_due(after(4))
    assert lookout.look().is_due(after(5))


@on_both
def test_a_request_that_is_not_committed_yet_is_not_seen(lookout, transaction, town):
    anna = town.welcome()

    with transaction() as services:
        wish = Wish(ANNA, OFFICE, Source.SMS, ANNA)
        services.requests.ask(services.accounts.get(anna.id), wish, NOON)
        services.talks.speak(1, "fr")  # whatever makes the session write
        assert lookout.look() == NOTHING

    assert lookout.look().is_due(NOON)


@on_both
def test_who_is_rung_is_on_the_line_of_one_switch_alone(
    lookout, elsewhere, transaction, town
):
    asks(transaction, town.welcome())
    with transaction() as services:
        services.requests.take_due(NOON, exits=EXITS, new_uuid=new_uuid)

    assert lookout.look() == Outlook(None, on_the_line=True, to_hang_up=False)
    assert elsewhere.look() == NOTHING


@on_both
def test_a_wish_to_be_cut_off_is_seen(lookout, transaction, town):
    anna = town.welcome()
    asks(transaction, anna)
    with transaction() as services:
        services.requests.take_due(NOON, exits=EXITS, new_uuid=new_uuid)
        services.hangups.ask(services.accounts.locked(anna.id), after(1))

    assert lookout.look().to_hang_up


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_a_database_that_was_away_is_asked_anew(lookout, engine):
    lookout.look()
    lookout._kept.connection.dbapi_connection.close()

    with pytest.raises(Unavailable):
        lookout.look()

    assert lookout.look() == NOTHING


@pytest.fixture
def engine(database):
    engine = engine_for(database)
    yield engine
    engine.dispose()


@pytest.fixture
def lookout(engine):
    lookout = Lookout(engine, THE_SWITCH)
    yield lookout
    lookout.close()


@pytest.fixture
def elsewhere(engine):
    lookout = Lookout(engine, "another switch")
    yield lookout
    lookout.close()
