"""How far behind the switch we are, and that no call is added then."""

import gevent

from esl_service.switch import pressure
from esl_service.switch.pressure import Pressure
from tests.switch.scripted import wait_until


def test_many_events_that_nobody_has_read_are_a_strain():
    felt = Pressure()

    felt.felt(waiting=1_999, took=0)
    assert not felt.strained
    felt.felt(waiting=2_000, took=0)
    assert felt.strained


def test_the_strain_is_over_when_half_of_it_is_gone():
    felt = Pressure()
    felt.felt(waiting=2_500, took=0)

    felt.felt(waiting=1_500, took=0)
    assert felt.strained
    felt.felt(waiting=900, took=0)

    assert not felt.strained
    assert (felt.most, felt.times_strained) == (2_500, 1)


def test_a_heartbeat_is_late_by_the_quickest_one_not_by_the_clocks():
    felt = Pressure()

    felt.felt(waiting=0, took=-60.0)  # its clock is a minute ahead
    assert felt.late == 0
    felt.felt(waiting=0, took=-56.5)

    assert felt.late == 3.5
    assert felt.strained


def test_what_the_calls_have_not_read_is_counted(puppet):
    anna = puppet.anna()
    already = puppet.switch._office.waiting

    for _ in range(3):
        puppet.scripted.tell("CHANNEL_PROGRESS", anna.uuid)

    wait_until(lambda: puppet.switch._office.waiting == already + 3)


def test_a_switch_whose_events_pile_up_is_strained(puppet, monkeypatch):
    monkeypatch.setattr(pressure, "_MANY", 5)
    anna = puppet.anna()
    for _ in range(5):
        puppet.scripted.tell("CHANNEL_PROGRESS", anna.uuid)

    puppet.scripted.tell("HEARTBEAT")

    wait_until(lambda: puppet.switch.strained)
    anna.goodbye(0)
    gevent.sleep(0)
    puppet.scripted.tell("HEARTBEAT")
    wait_until(lambda: not puppet.switch.strained)
