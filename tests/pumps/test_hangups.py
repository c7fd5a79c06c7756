"""Who asks from elsewhere to be cut off, is."""

from domain.calls.rules import CallRules
from esl_service.channel import Goodbye
from esl_service.desk import Desk, Site
from esl_service.pumps import hangups
from tests.people import ACCESS_NUMBER, after, new_uuid


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


def test_a_leg_of_another_switch_is_left_to_its_own_service(house, transaction):
    there = Site("carrier", ACCESS_NUMBER, CallRules(), switch="berlin")
    here = house.desk
    house.desk = Desk(transaction, there, clock=house.clock, new_uuid=new_uuid)
    anna = house.town.welcome()
    visit = house.is_up(anna)
    asks_to_be_cut_off(house, anna)

    hangups.step(here.till, house.switch)
    assert house.switch.killed == []
    hangups.step(house.desk.till, house.switch)

    assert [uuid for uuid, _ in house.switch.killed] == [visit.uuid]


def test_without_a_link_it_is_tried_again(house):
    anna = house.town.welcome()
    visit = house.is_up(anna)
    asks_to_be_cut_off(house, anna)
    house.switch.away = True

    hangups.step(house.desk.till, house.switch)
    house.switch.away = False
    hangups.step(house.desk.till, house.switch)

    assert [uuid for uuid, _ in house.switch.killed] == [visit.uuid]
