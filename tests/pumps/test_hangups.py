"""Who asks from elsewhere to be cut off, is."""

from esl_service.channel import Goodbye
from esl_service.pumps import hangups
from tests.people import after


def asks_to_be_cut_off(house, person):
    with house.town.transaction() as services:
        account = services.accounts.locked(person.id)
        return services.hangups.ask(account, house.clock.now)


def test_both_legs_are_hung_up_the_user_s_first(house):
    anna = house.town.welcome()
    visit, line = house.talks(anna)

    hangups.step(house.desk.till, house.switch)
    assert house.switch.killed == []
    asks_to_be_cut_off(house, anna)
    hangups.step(house.desk.till, house.switch)

    assert [uuid for uuid, _ in house.switch.killed] == [visit.uuid, line.dial.uuid]


def test_a_leg_that_ended_is_left_alone(house):
    anna = house.town.welcome()
    visit = house.is_up(anna)
    asks_to_be_cut_off(house, anna)

    gone = Goodbye(visit.uuid, "NORMAL_CLEARING", 9_000_000, after(0), after(9))
    house.desk.settle(gone)
    hangups.step(house.desk.till, house.switch)

    assert house.switch.killed == []
    assert house.held() == 0


def test_a_leg_that_is_not_rung_yet_is_hung_up_when_it_is(house):
    anna = house.town.welcome()
    due = house.rings(anna)
    house.switch.living.clear()
    asks_to_be_cut_off(house, anna)

    hangups.step(house.desk.till, house.switch)
    house.switch.living.add(due.uuid)
    hangups.step(house.desk.till, house.switch)

    assert house.switch.killed == [(due.uuid, hangups.CAUSE)] * 2


def test_without_a_link_it_is_tried_again(house):
    anna = house.town.welcome()
    visit = house.is_up(anna)
    asks_to_be_cut_off(house, anna)
    house.switch.away = True

    hangups.step(house.desk.till, house.switch)
    house.switch.away = False
    hangups.step(house.desk.till, house.switch)

    assert [uuid for uuid, _ in house.switch.killed] == [visit.uuid]
