"""Legs that look like ours and are none are hung up."""

from esl_service.pumps.strangers import Watch


def stranger(house, tag="cb:7:A"):
    row = {"uuid": "c0ffee", "presence_data": tag}
    house.switch.strangers.append(row)


def test_a_leg_that_no_book_knows_is_hung_up_when_it_is_seen_again(house):
    house.talks(house.town.welcome())
    stranger(house)
    watch = Watch(house.desk.till, house.switch)

    watch.step()
    assert house.switch.killed == []
    watch.step()

    assert house.switch.killed == [("c0ffee", "NORMAL_CLEARING")]


def test_a_leg_that_the_books_know_to_have_ended_is_hung_up(house):
    visit = house.is_up(house.town.welcome())
    house.desk.till.settle_lost(visit.uuid)
    watch = Watch(house.desk.till, house.switch)

    watch.step()
    watch.step()

    assert house.switch.killed == [(visit.uuid, "NORMAL_CLEARING")]


def test_legs_of_somebody_else_on_the_switch_are_left_alone(house):
    stranger(house, tag="")
    watch = Watch(house.desk.till, house.switch)

    watch.step()
    watch.step()

    assert house.switch.killed == []


def test_while_the_switch_is_away_nobody_is_a_stranger(house):
    stranger(house)
    watch = Watch(house.desk.till, house.switch)
    watch.step()
    house.switch.away = True

    watch.step()

    assert house.switch.killed == []
