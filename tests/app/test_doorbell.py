"""Who asks for a call is rung at once: nobody has to look at the queue for it."""

from datetime import UTC, datetime, timedelta

import gevent
import pytest
from sqlalchemy import make_url

from domain.bell import bell_of, ring
from esl_service import rounds
from esl_service.doorbell import Doorbell
from sandbox.behaviour import Kind
from sandbox.handset import State
from tests.people import ANNA
from tests.switch.scripted import wait_until

HOURS = 3600.0


@pytest.fixture
def bell(tmp_path):
    return tmp_path / "books.sqlite-bell"


@pytest.fixture
def doorbell(bell):
    doorbell = Doorbell(bell)
    yield doorbell
    doorbell.close()


@pytest.fixture
def deaf(monkeypatch):
    """No service looks at the queue unless it is rung, or somebody's time has come."""
    monkeypatch.setattr(rounds, "LOOK_UNRUNG", HOURS)


def test_each_ring_is_heard_and_rings_while_nobody_waits_count_as_one(doorbell, bell):
    assert not doorbell.wait(0.05)

    ring(bell)
    assert doorbell.wait(5)
    ring(bell)
    ring(bell)
    assert doorbell.wait(5)
    gevent.sleep(0.3)
    doorbell.wait(0)

    assert not doorbell.wait(0.05)


def test_it_is_heard_when_its_file_was_removed_and_begins_anew(doorbell, bell):
    ring(bell)
    assert doorbell.wait(5)

    bell.unlink()
    gevent.sleep(0.3)
    doorbell.wait(0)
    ring(bell)

    assert doorbell.wait(5)


@pytest.mark.usefixtures("deaf")
def test_anna_is_rung_as_soon_as_she_has_asked(exchange, town):
    anna = town.welcome(confirms_leg_a=False)
    telephone = exchange.person(ANNA, Kind.MANUAL)
    gevent.sleep(0.3)  # every pump rests

    exchange.ask(anna)

    wait_until(lambda: telephone.state is State.RINGING)


@pytest.mark.usefixtures("deaf")
def test_anna_is_rung_when_the_time_has_come_that_was_known(exchange, town):
    anna = town.welcome(confirms_leg_a=False)
    telephone = exchange.person(ANNA, Kind.MANUAL)

    exchange.ask(anna, at=datetime.now(UTC) + timedelta(seconds=1))
    gevent.sleep(0.5)
    assert telephone.state is not State.RINGING

    wait_until(lambda: telephone.state is State.RINGING)


def test_anna_is_rung_though_nobody_heard_the_bell(exchange, town, database):
    anna = town.welcome(confirms_leg_a=False)
    bell_of(make_url(database)).mkdir()  # it cannot ring
    telephone = exchange.person(ANNA, Kind.MANUAL)

    exchange.ask(anna)
    wait_until(lambda: telephone.state is State.RINGING)
