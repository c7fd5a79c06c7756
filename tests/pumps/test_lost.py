"""Legs that nobody serves are found, ended and paid for."""

from esl_service.channel import Goodbye
from esl_service.pumps.lost import Search
from tests.people import OFFICE, after


def look(house, search, *, served=(), seconds=5):
    house.clock.pass_by(seconds)
    search.step(served, house.clock.now)


def test_a_user_left_alone_on_the_line_is_let_go(house):
    visit = house.is_up(house.town.welcome())

    look(house, Search(house.desk.till, house.switch), seconds=16)

    assert house.switch.killed == [(visit.uuid, "NORMAL_CLEARING")]


def test_a_leg_that_was_just_made_is_left_alone(house):
    house.rings(house.town.welcome())

    look(house, Search(house.desk.till, house.switch), seconds=14)

    assert house.switch.killed == []


def test_who_is_served_here_is_left_alone(house):
    visit = house.is_up(house.town.welcome())
    house.switch.living.clear()
    search = Search(house.desk.till, house.switch)

    look(house, search, served={visit.session_id}, seconds=60)
    look(house, search, served={visit.session_id})

    assert house.switch.killed == []
    assert house.legs(visit.session_id)[0].ended_at is None


def test_two_who_talk_are_left_to_talk(house):
    house.talks(house.town.welcome())

    look(house, Search(house.desk.till, house.switch), seconds=60)

    assert house.switch.killed == []


def test_whoever_answered_while_nobody_listened_is_left_to_talk(house):
    visit = house.is_up(house.town.welcome())
    house.switch.bridged.add(visit.uuid)

    look(house, Search(house.desk.till, house.switch), seconds=60)

    assert house.switch.killed == []


def test_money_is_held_for_whoever_answered_while_nobody_listened(house):
    visit = house.is_up(house.town.welcome())
    line = house.desk.admit(visit, OFFICE)
    house.switch.living.add(line.dial.uuid)
    house.switch.bridged.add(visit.uuid)
    house.switch.answered[line.dial.uuid] = after(10)

    look(house, Search(house.desk.till, house.switch), seconds=100)

    leg_b = house.legs(visit.session_id)[1]
    assert leg_b.answered_at == after(10)
    # Leg A up 100 s, leg B 90 s, both for a minute more, and A's tail of 5 s.
    assert house.held() == (165 + 150) * 1_000
    assert house.switch.stops == []


def test_whoever_answered_unheard_is_stopped_where_the_money_ends(house):
    anna = house.town.welcome(funds="0.20")
    visit = house.is_up(anna)
    line = house.desk.admit(visit, OFFICE)
    house.switch.living.add(line.dial.uuid)
    house.switch.bridged.add(visit.uuid)
    house.switch.answered[line.dial.uuid] = after(10)

    look(house, Search(house.desk.till, house.switch), seconds=60)

    # 0.20 buys 200 s of both legs: 60 + T + 5 of A and 50 + T of B.
    assert house.switch.stops == [(line.dial.uuid, 42)]


def test_a_leg_missed_once_may_still_be_heard_to_end(house):
    visit = house.is_up(house.town.welcome())
    house.switch.living.clear()
    search = Search(house.desk.till, house.switch)

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
    search = Search(house.desk.till, house.switch)

    look(house, search, seconds=300)
    assert house.town.holds() == 1
    look(house, search)

    legs = house.legs(visit.session_id)
    assert [leg.cause for leg in legs] == ["LOST", "LOST"]
    assert {leg.billed_seconds for leg in legs} == {20}
    assert house.town.holds() == 0


def test_a_leg_that_was_never_rung_costs_nothing_and_holds_nothing(house):
    anna = house.town.welcome()
    due = house.rings(anna)
    house.switch.living.clear()
    search = Search(house.desk.till, house.switch)

    look(house, search, seconds=16)
    look(house, search)

    (leg_a,) = house.legs(due.session_id)
    assert (leg_a.cause, leg_a.price) == ("LOST", 0)
    assert house.town.balance(anna) == "10.00"


def test_while_the_switch_is_away_nobody_counts_as_missed(house):
    visit = house.is_up(house.town.welcome())
    house.switch.away = True
    search = Search(house.desk.till, house.switch)

    look(house, search, seconds=60)
    look(house, search)

    assert house.legs(visit.session_id)[0].ended_at is None
