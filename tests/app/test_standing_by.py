"""Several services: on one switch only one works; on several each minds its own."""

import gevent
import pytest

from esl_service import app as composition
from esl_service import lease, rounds
from sandbox.behaviour import Kind
from sandbox.handset import State
from tests.app.exchange import Exchange
from tests.people import ANNA, OFFICE
from tests.switch.scripted import wait_until

THE_NEXT = "enter the number"


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(lease, "KEPT_EVERY", 0.05)
    monkeypatch.setattr(lease, "HELD_FOR", 1.0)
    monkeypatch.setattr(lease, "TAKEN_AFTER", 1.4)
    monkeypatch.setattr(rounds, "LOOK_FOR_USERS", 0.05)
    monkeypatch.setattr(rounds, "LOOK_FOR_LOST", 0.1)


@pytest.fixture
def pair(exchange):
    """Two services on one switch: the first works, the second stands by."""
    first = exchange.app
    wait_until(lambda: first._lease.held)
    second = exchange.serve()
    gevent.sleep(0.1)
    assert (first._lease.held, second._lease.held) == (True, False)
    return first, second


def stall(app, monkeypatch):
    """Let a service keep its lease no more, as one that was stopped."""
    monkeypatch.setattr(app._lease, "step", lambda: lease.Turn.NONE)


def hears(handset, words, times=1):
    wait_until(lambda: sum(words in each for each in handset.heard) >= times, 5)


def test_of_two_services_one_takes_each_call(exchange, pair, town):
    anna = town.welcome(confirms_leg_a=False)
    telephone = exchange.person(ANNA)
    exchange.person(OFFICE, talks=0.1)

    exchange.ask(anna)
    hears(telephone, THE_NEXT)
    assert pair[1]._reception.present == {}
    telephone.hang_up()
    wait_until(lambda: town.holds() == 0)

    assert exchange.sandbox.sessions == 2


def test_a_user_in_the_menu_is_served_by_whoever_takes_over(
    exchange, pair, town, monkeypatch
):
    first, second = pair
    anna = town.welcome(confirms_leg_a=False)
    telephone, office = exchange.person(ANNA), exchange.person(OFFICE, talks=0.1)
    exchange.ask(anna)
    hears(telephone, THE_NEXT)

    stall(first, monkeypatch)
    wait_until(lambda: second._reception.present)
    hears(telephone, THE_NEXT, times=2)
    telephone.press(f"00{OFFICE[1:]}#")
    wait_until(lambda: exchange.sandbox.sessions == 3)
    wait_until(lambda: office.state is State.IDLE)
    telephone.hang_up()
    wait_until(lambda: town.holds() == 0)

    assert first._reception.present == {}
    assert len([leg for leg in exchange.legs() if leg.answered_us]) == 3
    assert exchange.sandbox.sessions == 3


def test_who_talks_notices_nothing_and_keys_the_next_number_afterwards(
    exchange, pair, town, monkeypatch
):
    first, second = pair
    anna = town.welcome(confirms_leg_a=False)
    telephone, office = exchange.person(ANNA), exchange.person(OFFICE)
    exchange.ask(anna)
    wait_until(lambda: office.state is State.TALKING)

    stall(first, monkeypatch)
    wait_until(lambda: second._reception.present)
    assert (telephone.state, office.state) == (State.TALKING, State.TALKING)
    telephone.press("##")
    wait_until(lambda: office.state is State.IDLE)
    hears(telephone, THE_NEXT)
    telephone.press("#")
    telephone.hang_up()
    wait_until(lambda: town.holds() == 0)

    assert [leg.billed_seconds > 0 for leg in exchange.legs()] == [True, True]


def test_who_is_rung_while_the_service_changes_is_served_by_the_next(
    exchange, pair, town, monkeypatch
):
    first, second = pair
    anna = town.welcome(confirms_leg_a=False)
    telephone = exchange.person(ANNA, Kind.MANUAL)
    exchange.person(OFFICE, talks=0.1)
    exchange.ask(anna)
    wait_until(lambda: telephone.state is State.RINGING)

    stall(first, monkeypatch)
    wait_until(lambda: second._reception.present)
    telephone.answer()
    hears(telephone, THE_NEXT)
    telephone.hang_up()
    wait_until(lambda: town.holds() == 0)

    assert exchange.sandbox.sessions == 2


def test_whoever_takes_over_knows_at_once_how_full_the_gateways_are(
    exchange, town, monkeypatch
):
    monkeypatch.setattr(rounds, "LOOK_FOR_LOST", 60)
    first, second = exchange.app, exchange.serve()
    wait_until(lambda: first._lease.held)
    anna = town.welcome(confirms_leg_a=False)
    exchange.person(ANNA)
    office = exchange.person(OFFICE)
    exchange.ask(anna)
    wait_until(lambda: office.state is State.TALKING)

    stall(first, monkeypatch)
    wait_until(lambda: second._lease.held)

    wait_until(lambda: sum(second._desk.trunks._load.values()) == len((ANNA, OFFICE)))


def test_a_service_that_comes_to_itself_too_late_does_nothing(
    exchange, pair, town, monkeypatch
):
    first, second = pair
    anna = town.welcome(confirms_leg_a=False)
    telephone = exchange.person(ANNA, Kind.NO_ANSWER)
    with monkeypatch.context() as stopped:
        stall(first, stopped)
        wait_until(lambda: second._lease.held)
    monkeypatch.setattr(first._lease, "_kept_at", first._lease._watch() + 60)
    assert first._lease.held  # or so it believes

    exchange.ask(anna)
    first._rounds.attempt(first._rounds.take_due)
    wait_until(lambda: not first._lease.held)
    wait_until(lambda: telephone.state is State.RINGING)

    assert first._reception.present == {}
    assert len(second._reception.present) == 1


def test_ends_that_were_overheard_while_standing_by_are_settled(
    exchange, pair, town, monkeypatch
):
    first, second = pair
    monkeypatch.setattr(second._desk, "reads_records", lambda: False)
    anna = town.welcome(confirms_leg_a=False)
    telephone, office = exchange.person(ANNA), exchange.person(OFFICE)
    exchange.ask(anna)
    wait_until(lambda: office.state is State.TALKING)
    wait_until(lambda: first._desk.till.open_legs()[-1].answered)
    monkeypatch.setattr(first._desk, "till", first._desk.till)
    monkeypatch.setattr(first._desk.till, "settle", lambda _goodbye: None)
    stall(first, monkeypatch)
    wait_until(lambda: not first._lease.held)

    telephone.hang_up()
    wait_until(lambda: town.holds() == 0)

    assert [leg.cause for leg in exchange.legs()] == ["NORMAL_CLEARING"] * 2


def test_when_a_service_stops_in_order_the_next_takes_over_at_once(
    exchange, pair, town, monkeypatch
):
    monkeypatch.setattr(lease, "TAKEN_AFTER", 60)
    first, second = pair
    anna = town.welcome(confirms_leg_a=False)
    telephone, office = exchange.person(ANNA), exchange.person(OFFICE)
    exchange.ask(anna)
    wait_until(lambda: any(leg.talking for leg in first._desk.till.open_legs()))

    monkeypatch.setattr(composition, "PARTING", 0.1)
    first.stop()
    wait_until(lambda: second._reception.present)
    office.hang_up()
    hears(telephone, THE_NEXT)

    assert telephone.state is State.TALKING


def test_a_cut_link_costs_no_user(exchange, town):
    anna = town.welcome(confirms_leg_a=False)
    telephone, office = exchange.person(ANNA), exchange.person(OFFICE)
    exchange.ask(anna)
    wait_until(lambda: office.state is State.TALKING)

    exchange.app._switch.cut()
    wait_until(lambda: not exchange.app._reception.present)
    wait_until(lambda: exchange.app._reception.present)
    office.hang_up()
    hears(telephone, THE_NEXT)

    exchange.app._switch.cut()
    hears(telephone, THE_NEXT, times=2)
    telephone.hang_up()
    wait_until(lambda: town.holds() == 0)
    assert exchange.sandbox.sessions == 2


def test_services_of_two_switches_share_a_queue_and_mind_their_own(
    exchange, town, section
):
    berlin = Exchange(town, {**section, "switch.name": "berlin"})
    berlin.open()
    try:
        anna = town.welcome(confirms_leg_a=False)
        people = [exchange.person(ANNA), berlin.person(ANNA)]
        wait_until(lambda: exchange.app._lease.held and berlin.app._lease.held)
        exchange.ask(anna)
        wait_until(lambda: any(each.state is State.TALKING for each in people))
        gevent.sleep(0.5)

        present = [len(each.app._reception.present) for each in (exchange, berlin)]
        assert sorted(present) == [0, 1]
        assert [each.state for each in people].count(State.TALKING) == 1
        for each in people:
            if each.state is State.TALKING:
                each.hang_up()
        wait_until(lambda: town.holds() == 0)
    finally:
        berlin.close()
