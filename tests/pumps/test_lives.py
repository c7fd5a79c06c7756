"""A switch that restarts has ended everybody, and its legs are paid for at once."""

from esl_service.pumps.lives import Lives
from tests.people import HOTEL


def restart(house):
    house.switch.core_uuid = "second"
    house.switch.living.clear()


def watch(house) -> Lives:
    lives = Lives(house.desk.till, house.switch)
    assert not lives.over
    return lives


def test_the_legs_of_a_life_that_is_over_are_charged_up_to_their_last_hold(house):
    visit, _ = house.talks(house.town.welcome())
    house.clock.pass_by(20)
    house.desk.extend(visit.session_id)
    lives = watch(house)

    restart(house)
    assert lives.over
    house.clock.pass_by(3)
    lives.step(served=())

    legs = house.legs(visit.session_id)
    assert [leg.cause for leg in legs] == ["LOST", "LOST"]
    assert {leg.billed_seconds for leg in legs} == {20}
    assert house.town.holds() == 0
    assert not lives.over


def test_nobody_is_rung_again_who_talked_or_was_asked_for_a_number(house):
    house.talks(house.town.welcome())
    house.is_up(house.town.welcome("ben", number=HOTEL), HOTEL)
    lives = watch(house)

    restart(house)
    lives.step(served=())
    house.clock.pass_by(200)

    assert house.desk.take_due() == []
    assert house.town.holds() == 0


def test_who_was_being_rung_is_rung_again_after_a_pause_which_is_another_try(house):
    due = house.rings(house.town.welcome())
    lives = watch(house)

    restart(house)
    lives.step(served=())
    assert house.desk.take_due() == []
    house.clock.pass_by(60)

    (again,) = house.desk.take_due()
    assert again.session_id == due.session_id
    with house.town.transaction(write=False) as services:
        assert services.requests.for_session(due.session_id).attempts == 2


def test_whose_call_is_just_ending_here_is_waited_for(house):
    visit = house.is_up(house.town.welcome())
    lives = watch(house)
    restart(house)

    lives.step(served={visit.session_id})
    assert lives.over
    assert house.legs(visit.session_id)[0].ended_at is None

    lives.step(served=())
    assert house.legs(visit.session_id)[0].cause == "LOST"


def test_whoever_was_rung_by_the_new_life_is_left_alone(house):
    due = house.rings(house.town.welcome())
    lives = watch(house)
    restart(house)
    lives.step(served={due.session_id})  # stored before, and rung when it was back
    house.switch.living.add(due.uuid)

    lives.step(served=())

    assert house.legs(due.session_id)[0].ended_at is None
    assert not lives.over


def test_a_switch_that_leaves_again_is_asked_again(house):
    visit = house.is_up(house.town.welcome())
    lives = watch(house)
    restart(house)
    house.switch.away = True

    lives.step(served=())
    assert house.legs(visit.session_id)[0].ended_at is None
    assert lives.over
    house.switch.away = False
    lives.step(served=())

    assert house.legs(visit.session_id)[0].cause == "LOST"


def test_while_the_switch_lives_nothing_is_over(house):
    house.is_up(house.town.welcome())
    lives = watch(house)
    house.switch.living.clear()  # by their own end, which is on its way to us

    assert not lives.over
