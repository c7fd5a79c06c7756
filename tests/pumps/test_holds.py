"""Money is held ahead of whoever is on the line, and of nobody else."""

import pytest

from esl_service.pumps import holds


def test_the_hold_of_two_who_talk_goes_before_them(house):
    visit, _ = house.talks(house.town.welcome())
    before = house.held()
    house.clock.pass_by(30)

    holds.step(house.desk, house.switch, served={visit.session_id})

    assert house.held() == before + 2 * 30 * 1_000
    assert house.switch.stops == []


def test_where_money_ends_the_switch_gets_the_stop(house):
    visit, line = house.talks(house.town.welcome(funds="0.10"))
    house.clock.pass_by(20)

    holds.step(house.desk, house.switch, served={visit.session_id})

    ((stopped, seconds),) = house.switch.stops
    assert stopped == line.dial.uuid
    assert 0 < seconds < 60


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
