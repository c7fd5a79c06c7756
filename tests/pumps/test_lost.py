"""Legs that are gone are settled; called parties without a user are ended."""

from esl_service.channel import Goodbye
from esl_service.pumps.lost import Search
from tests.people import after


def searching(house):
    return Search(house.desk.till, house.switch)


def look(house, search, *, served=(), seconds=5, unwritten=False):
    house.clock.pass_by(seconds)
    open_legs = house.desk.till.open_legs()
    search.step(open_legs, served, is_unwritten=lambda _: unwritten)


def test_a_user_who_lives_is_left_to_be_taken_up(house):
    house.is_up(house.town.welcome())
    search = searching(house)

    look(house, search, seconds=60)
    look(house, search)

    assert house.switch.killed == []
    assert house.town.holds() == 1


def test_who_is_served_here_is_left_alone(house):
    visit = house.is_up(house.town.welcome())
    house.switch.living.clear()
    search = searching(house)

    look(house, search, served={visit.session_id}, seconds=60)
    look(house, search, served={visit.session_id})

    assert house.switch.killed == []
    assert house.legs(visit.session_id)[0].ended_at is None


def test_two_who_talk_are_left_to_talk(house):
    house.talks(house.town.welcome())
    search = searching(house)

    look(house, search, seconds=60)
    look(house, search)

    assert house.switch.killed == []


def test_a_called_party_who_has_lost_the_user_is_hung_up(house):
    visit, line = house.talks(house.town.welcome())
    house.switch.living.remove(visit.uuid)
    search = searching(house)

    look(house, search)
    assert house.switch.killed == []
    look(house, search)

    assert house.switch.killed == [(line.dial.uuid, "NORMAL_CLEARING")]


def test_a_leg_missed_once_may_still_be_heard_to_end(house):
    visit = house.is_up(house.town.welcome())
    house.switch.living.clear()
    search = searching(house)

    look(house, search, seconds=60)
    house.desk.settle(
        Goodbye(visit.uuid, "NORMAL_CLEARING", 58_200_000, after(0), after(58.2))
    )
    look(house, search)

    (leg_a,) = house.legs(visit.session_id)
    assert (leg_a.cause, leg_a.billed_seconds) == ("NORMAL_CLEARING", 59)


def test_legs_missed_twice_are_charged_up_to_their_last_hold(house):
    anna = house.town.welcome()
    visit, _ = house.talks(anna)
    house.clock.pass_by(20)
    house.desk.extend(visit.session_id)
    house.switch.living.clear()
    search = searching(house)

    look(house, search, seconds=300)
    assert house.town.holds() == 1
    look(house, search)

    legs = house.legs(visit.session_id)
    assert [leg.cause for leg in legs] == ["LOST", "LOST"]
    assert {leg.billed_seconds for leg in legs} == {20}
    assert house.town.holds() == 0


def test_a_leg_that_was_never_rung_is_rung_again_at_once_and_costs_nothing(house):
    anna = house.town.welcome()
    due = house.rings(anna)
    house.switch.living.clear()
    search = searching(house)

    look(house, search, unwritten=True)
    look(house, search, unwritten=True)

    (leg_a,) = house.legs(due.session_id)
    assert (leg_a.cause, leg_a.price) == ("NEVER_RUNG", 0)
    (again,) = house.desk.take_due()
    assert again.session_id == due.session_id
    assert house.town.balance(anna) == "10.00"


def test_a_leg_of_a_life_that_ended_unheard_may_have_rung_and_that_was_a_try(house):
    due = house.rings(house.town.welcome())
    house.clock.pass_by(8)
    house.switch.living.clear()
    house.switch.began_at = (
        house.clock.now
    )  # it died with our service, and wrote nothing
    search = searching(house)

    look(house, search, unwritten=True)
    look(house, search, unwritten=True)

    assert house.legs(due.session_id)[0].cause == "LOST"
    assert house.desk.take_due() == []
    house.clock.pass_by(60)
    assert len(house.desk.take_due()) == 1


def test_who_had_answered_before_the_switch_crashed_is_not_rung_again(house):
    visit = house.is_up(house.town.welcome())
    house.switch.living.clear()
    search = searching(house)

    look(house, search)
    look(house, search)
    house.clock.pass_by(200)

    assert house.legs(visit.session_id)[0].cause == "LOST"
    assert house.desk.take_due() == []


def test_a_leg_that_may_have_rung_is_rung_again_after_a_pause(house):
    due = house.rings(house.town.welcome())
    house.switch.living.clear()
    search = searching(house)

    look(house, search)
    look(house, search)
    assert house.desk.take_due() == []
    house.clock.pass_by(60)

    assert [again.session_id for again in house.desk.take_due()] == [due.session_id]


def test_while_the_switch_is_away_nobody_counts_as_missed(house):
    visit = house.is_up(house.town.welcome())
    house.switch.away = True
    search = searching(house)

    look(house, search, seconds=60)
    look(house, search)

    assert house.legs(visit.session_id)[0].ended_at is None
