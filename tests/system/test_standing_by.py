"""Two ESL services watch one switch; the one that works is stopped, and goes on."""

import os
import signal
import sqlite3
import time
from contextlib import closing

import pytest

from domain.database import engine_for, transactions
from tests.people import ANNA, HOTEL, OFFICE, Town
from tests.system.crashing.scene import call, rung, the_books_are_right
from tests.system.programs import System, eventually

THE_NEXT = "enter the number"


@pytest.fixture
def system(sqlite, tmp_path):
    with System(sqlite.fresh(), tmp_path) as running:
        yield running


@pytest.fixture
def town(system):
    engine = engine_for(system.database)
    made = Town(transactions(engine))
    made.anna = made.welcome(confirms_leg_a=False, calls_at_once=3, funds="100.00")
    yield made
    engine.dispose()


def test_a_service_that_was_stopped_for_too_long_rings_and_writes_nothing(system, town):
    anna, office = system.handset(ANNA), system.handset(OFFICE)
    hotel = system.handset(HOTEL)
    for handset in (anna, hotel):
        handset.behave("answers", after=0.05)
    office.behave("answers", after=0.05, talks=1)
    standby = system.stand_by()
    call(town, leg_b=None)
    anna.hears(THE_NEXT)

    began = time.monotonic()
    stop_between_transactions(system)
    call(town, leg_a=HOTEL, leg_b=None)
    anna.hears(THE_NEXT, times=3)  # silence is answered by asking, too
    assert "is served again" in standby.log.read_text()
    hotel.hears(THE_NEXT)
    time.sleep(max(0, 14 - (time.monotonic() - began)))
    os.kill(system.esl.process.pid, signal.SIGCONT)
    eventually(lambda: "taken by another service" in system.esl.log.read_text())

    anna.press(f"00{OFFICE[1:]}#")
    eventually(lambda: office.state == "talking")
    standby.kill()
    eventually(lambda: office.state == "idle")
    eventually(lambda: "is served again" in system.esl.log.read_text())
    assert (anna.state, hotel.state) == ("talking", "talking")
    anna.hang_up()
    hotel.hang_up()

    the_books_are_right(system, town)
    assert rung(system) == {ANNA: 1, HOTEL: 1, OFFICE: 1}


def stop_between_transactions(system):
    """Stop the service that works, but not with SQLite's pen in its hand.

    Nobody could write then, until it goes on: neither the other service, nor we.
    """
    file = system.database.removeprefix("sqlite:///")
    while True:
        os.kill(system.esl.process.pid, signal.SIGSTOP)
        with closing(sqlite3.connect(file, timeout=0)) as books:
            try:
                books.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                os.kill(system.esl.process.pid, signal.SIGCONT)
                time.sleep(0.05)
            else:
                return
