"""What may be known of a leg that is gone depends on what the switch wrote."""

from datetime import timedelta

import pytest

from esl_service.caretaker import Caretaker
from esl_service.pumps.records import PATIENCE

A_LOOK = timedelta(seconds=5)


def look_twice(house, caretaker):
    for _ in range(2):
        house.clock.now += A_LOOK
        caretaker.look_for_lost(())


@pytest.fixture
def due(house):
    """A call that was taken to be rung by a service that is no more."""
    due = house.rings(house.town.welcome())
    house.switch.living.clear()
    return due


def cause_of(house, due):
    return house.legs(due.session_id)[0].cause


def test_whose_end_the_switch_would_have_written_was_never_rung(house, due, tmp_path):
    caretaker = Caretaker(house.desk, house.switch, tmp_path, house.clock)

    look_twice(house, caretaker)

    assert cause_of(house, due) == "NEVER_RUNG"
    assert [again.session_id for again in house.desk.take_due()] == [due.session_id]


def test_where_records_stay_unreadable_who_is_gone_may_have_been_rung(
    house, due, tmp_path
):
    caretaker = Caretaker(house.desk, house.switch, tmp_path / "gone", house.clock)
    look_twice(house, caretaker)
    assert cause_of(house, due) is None

    house.clock.now += PATIENCE
    look_twice(house, caretaker)

    assert cause_of(house, due) == "LOST"
    assert house.desk.take_due() == []
    house.clock.pass_by(60)
    assert [again.session_id for again in house.desk.take_due()] == [due.session_id]


@pytest.mark.parametrize("folder", ["", "unreadable"])
def test_of_whom_the_switch_wrote_what_nobody_can_read_may_have_been_rung(
    house, due, tmp_path, folder
):
    (tmp_path / folder).mkdir(exist_ok=True)
    (tmp_path / folder / f"a_{due.uuid}.cdr.json").write_text("{")
    caretaker = Caretaker(house.desk, house.switch, tmp_path, house.clock)

    look_twice(house, caretaker)

    assert cause_of(house, due) == "LOST"
    assert house.desk.take_due() == []


def test_where_the_switch_keeps_no_records_who_is_gone_may_have_been_rung(house, due):
    caretaker = Caretaker(house.desk, house.switch, None, house.clock)

    look_twice(house, caretaker)

    assert cause_of(house, due) == "LOST"
    assert house.desk.take_due() == []
