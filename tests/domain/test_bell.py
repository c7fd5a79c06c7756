"""A call that waits is heard of at once, where the database is a file."""

import logging

import pytest
from sqlalchemy import make_url

from domain.bell import _LONGEST, bell_of
from domain.calls.models import Source
from domain.calls.requests import Wish
from domain.errors import Refusal
from tests.people import ANNA, EXITS, NOON, OFFICE, new_uuid


@pytest.fixture
def bell(database):
    return bell_of(make_url(database))


@pytest.fixture
def anna(town):
    return town.welcome(funds="1.00")


def asks(services, person):
    wish = Wish(ANNA, OFFICE, Source.SMS, ANNA)
    services.requests.ask(services.accounts.get(person.id), wish, NOON)


def rings(bell) -> int:
    return bell.stat().st_size if bell.exists() else 0


def test_it_rings_once_the_request_can_be_seen_and_not_before(transaction, bell, anna):
    with transaction() as services:
        asks(services, anna)
        assert rings(bell) == 0

    assert rings(bell) == 1


def test_it_is_silent_while_nobody_asks(transaction, bell, anna):
    with transaction() as services:
        asks(services, anna)
    with transaction() as services:
        services.talks.speak(1, "fr")
    with transaction(write=False) as services:
        services.accounts.get(anna.id)

    assert rings(bell) == 1


def test_it_rings_for_whoever_is_to_be_rung_again(transaction, bell, anna):
    with transaction() as services:
        asks(services, anna)
    with transaction() as services:
        (due,) = services.requests.take_due(NOON, exits=EXITS, new_uuid=new_uuid)
    assert rings(bell) == 1

    with transaction() as services:
        services.requests.tried_in_vain(due.session_id, "USER_BUSY", NOON)

    assert rings(bell) == 2


def test_who_is_refused_does_not_ring_it(transaction, bell, town):
    poor = town.welcome(funds="0")

    with pytest.raises(Refusal), transaction() as services:
        asks(services, poor)

    assert rings(bell) == 0


def test_a_call_is_stored_where_it_cannot_ring(transaction, bell, anna, caplog):
    bell.mkdir()  # whatever is in its place

    with caplog.at_level(logging.WARNING), transaction() as services:
        asks(services, anna)

    with transaction(write=False) as services:
        assert services.requests.anything_due(NOON)
    assert "nobody is told at once that a call waits" in caplog.text


def test_its_file_begins_anew_when_it_is_long(transaction, bell, anna):
    bell.write_bytes(b"." * _LONGEST)

    with transaction() as services:
        asks(services, anna)

    assert rings(bell) == 1


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:books?mode=memory&uri=true",
        "postgresql+psycopg://books@localhost/books",
    ],
)
def test_what_is_no_file_of_our_own_has_none(url):
    assert bell_of(make_url(url)) is None
