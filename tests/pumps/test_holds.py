"""Money is held ahead of whoever is on the line, and of nobody else."""

from datetime import timedelta

import pytest

from domain import money
from domain.ledger.cashier import Occasion
from esl_service.channel import Goodbye
from esl_service.pumps import holds
from tests.people import NOON, after


def test_the_hold_of_two_who_talk_goes_before_them(house):
    visit, _ = house.talks(house.town.welcome())
    before = house.held()
    house.clock.pass_by(30)

    holds.step(house.desk, house.switch, served={visit.session_id})

    assert house.held() == before + 2 * 30 * 1_000


def test_a_leg_of_whose_stop_nothing_is_known_gets_one(house):
    visit, line = house.talks(house.town.welcome(funds="0.10"))
    house.desk.stops.clear()  # the service was started again
    house.clock.pass_by(20)

    holds.step(house.desk, house.switch, served={visit.session_id})

    now, stops = house.clock.now, dict(house.switch.stops)
    assert (
        now < stops[line.dial.uuid] < stops[visit.uuid] < now + timedelta(seconds=100)
    )


def test_a_leg_ends_no_later_when_its_answer_took_long_to_be_noted(house):
    due = house.rings(house.town.welcome(funds="0.10"))
    answered_at = house.clock.now
    house.clock.pass_by(4)

    visit = house.desk.welcome(due, answered_at)

    promised = answered_at + timedelta(seconds=due.stop_seconds)
    assert house.desk.stops[visit.uuid] == promised
    holds.step(house.desk, house.switch, served={visit.session_id})
    assert house.desk.stops[visit.uuid] <= promised
    (leg,) = house.legs(visit.session_id)
    assert leg.answered_at == answered_at


def test_money_that_comes_in_mid_call_moves_both_stops(house):
    anna = house.town.welcome(funds="0.20")
    visit, line = house.talks(anna)
    told = dict(house.desk.stops)
    house.clock.pass_by(15)
    top_up(house, anna, "1.00")

    holds.step(house.desk, house.switch, served={visit.session_id})

    # 1.00 buys 500 s of both legs and 1000 s of one; 15 s have passed meanwhile.
    stops = dict(house.switch.stops)
    for uuid, more in ((line.dial.uuid, 500), (visit.uuid, 1_000)):
        later = told[uuid] + timedelta(seconds=more)
        assert stops[uuid] == house.desk.stops[uuid] == later


def test_money_that_another_call_takes_moves_the_stop_forward(house):
    anna = house.town.welcome(funds="1.00", calls_at_once=2)
    visit, line = house.talks(anna)
    house.clock.pass_by(15)
    with house.town.transaction() as services:
        account = services.accounts.get(anna.id)
        services.cashier.adjust(account, -500_000, why(house))

    holds.step(house.desk, house.switch, served={visit.session_id})

    stops = dict(house.switch.stops)
    latest = house.clock.now + timedelta(seconds=500)
    assert stops[line.dial.uuid] < stops[visit.uuid] < latest


def test_the_switch_does_not_hear_again_of_a_stop_that_has_not_moved(house):
    visit, _ = house.talks(house.town.welcome(funds="0.20"))

    for _ in range(4):
        house.clock.pass_by(15.4)
        holds.step(house.desk, house.switch, served={visit.session_id})

    assert house.switch.stops == []


def test_who_is_gone_is_forgotten(house):
    visit, line = house.talks(house.town.welcome())
    assert house.desk.stops.keys() == {visit.uuid, line.dial.uuid}

    house.desk.settle(Goodbye(line.dial.uuid, "X", 1_000_000, NOON, after(1)))
    holds.step(house.desk, house.switch, served={visit.session_id})

    assert house.desk.stops.keys() == {visit.uuid}


@pytest.mark.parametrize(("lives", "goes_on"), [(True, True), (False, False)])
def test_a_session_served_by_nobody_is_held_for_while_the_switch_knows_it(
    house, lives, goes_on
):
    house.talks(house.town.welcome())
    before = house.held()
    house.clock.pass_by(30)
    if not lives:
        house.switch.living.clear()

    holds.step(house.desk, house.switch, served=())

    assert (house.held() > before) == goes_on


def test_who_only_rings_needs_no_more_than_was_held_at_the_beginning(house):
    due = house.rings(house.town.welcome())
    before = house.held()
    house.clock.pass_by(20)

    holds.step(house.desk, house.switch, served={due.session_id})

    assert house.held() == before


def test_while_the_switch_is_away_the_stop_set_before_holds(house):
    visit, _ = house.talks(house.town.welcome(funds="0.10"))
    house.clock.pass_by(20)
    house.switch.away = True

    holds.step(house.desk, house.switch, served={visit.session_id})

    assert house.switch.stops == []


def top_up(house, person, amount):
    with house.town.transaction() as services:
        account = services.accounts.get(person.id)
        services.cashier.top_up(account, money.parse(amount), why(house))


def why(house):
    return Occasion("r1", "because", house.clock.now, "olga")
