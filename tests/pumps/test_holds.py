"""Money is held ahead of whoever is on the line, and of nobody else."""

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

    renew(house, served={visit.session_id})

    assert house.held() == before + 2 * 30 * 1_000


def test_where_money_ends_the_switch_gets_the_stop(house):
    visit, line = house.talks(house.town.welcome(funds="0.10"))
    house.clock.pass_by(20)

    renew(house, served={visit.session_id})

    stops = dict(house.switch.stops)
    assert 0 < stops[line.dial.uuid] < 60
    assert stops[visit.uuid] > stops[line.dial.uuid]


def test_money_that_comes_in_mid_call_moves_both_stops(house):
    anna = house.town.welcome(funds="0.20")
    visit, line = house.talks(anna)
    ends = {}
    house.clock.pass_by(15)
    renew(house, served={visit.session_id}, ends=ends)
    before = dict(house.switch.stops)
    house.switch.stops.clear()

    top_up(house, anna, "1.00")
    house.clock.pass_by(15)
    renew(house, served={visit.session_id}, ends=ends)

    # 1.00 buys 500 s of both legs and 1000 s of one; 15 s have passed meanwhile.
    after = dict(house.switch.stops)
    assert after[line.dial.uuid] == before[line.dial.uuid] + 500 - 15
    assert after[visit.uuid] == before[visit.uuid] + 1_000 - 15


def test_the_switch_does_not_hear_again_of_a_stop_that_has_not_moved(house):
    visit, _ = house.talks(house.town.welcome(funds="0.20"))
    ends = {}
    renew(house, served={visit.session_id}, ends=ends)
    assert len(house.switch.stops) == 2

    for _ in range(3):
        house.clock.pass_by(15)
        renew(house, served={visit.session_id}, ends=ends)

    assert len(house.switch.stops) == 2


def test_who_is_gone_is_forgotten(house):
    visit, line = house.talks(house.town.welcome())
    ends = {}
    renew(house, served={visit.session_id}, ends=ends)
    assert ends.keys() == {visit.uuid, line.dial.uuid}

    house.desk.settle(Goodbye(line.dial.uuid, "X", 1_000_000, NOON, after(1)))
    renew(house, served={visit.session_id}, ends=ends)

    assert ends.keys() == {visit.uuid}


@pytest.mark.parametrize(("lives", "goes_on"), [(True, True), (False, False)])
def test_a_session_served_by_nobody_is_held_for_while_the_switch_knows_it(
    house, lives, goes_on
):
    house.talks(house.town.welcome())
    before = house.held()
    house.clock.pass_by(30)
    if not lives:
        house.switch.living.clear()

    renew(house, served=())

    assert (house.held() > before) == goes_on


def test_who_only_rings_needs_no_more_than_was_held_at_the_beginning(house):
    due = house.rings(house.town.welcome())
    before = house.held()
    house.clock.pass_by(20)

    renew(house, served={due.session_id})

    assert house.held() == before


def test_while_the_switch_is_away_the_stop_set_before_holds(house):
    visit, _ = house.talks(house.town.welcome(funds="0.10"))
    house.clock.pass_by(20)
    house.switch.away = True

    renew(house, served={visit.session_id})

    assert house.switch.stops == []


def renew(house, served, ends=None):
    """One step of the pump, by the house's clock."""
    ends = {} if ends is None else ends
    holds.step(house.desk, house.switch, served, ends, house.clock.now)


def top_up(house, person, amount):
    with house.town.transaction() as services:
        account = services.accounts.get(person.id)
        why = Occasion("top-up", "paid in", house.clock.now)
        services.cashier.top_up(account, money.parse(amount), why)
