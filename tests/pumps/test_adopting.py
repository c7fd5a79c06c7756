"""Users whom nobody serves are found, and how far they had come."""

from esl_service.desk import Desk, Site
from esl_service.lobby import Lobby
from esl_service.pumps import adopting
from tests.people import ACCESS_NUMBER, HOTEL, OFFICE, after, new_uuid


def left(house, *, served=()):
    """The stays that a service would go on with."""
    stays = []
    adopting.step(house.lobby, house.switch, served, stays.append)
    return stays


def test_a_user_in_the_menu_is_taken_up(house):
    visit = house.is_up(house.town.welcome())

    (stay,) = left(house)

    assert (stay.session_id, stay.uuid) == (visit.session_id, visit.uuid)
    assert (stay.was_up, stay.line) == (True, None)


def test_a_user_who_is_rung_is_taken_up_before_they_answer(house):
    due = house.rings(house.town.welcome())

    (stay,) = left(house)

    assert (stay.dial.uuid, stay.dial.number) == (due.uuid, due.number)
    assert not stay.was_up


def test_a_user_is_taken_up_with_whom_they_talk(house):
    visit, line = house.talks(house.town.welcome())

    (stay,) = left(house)

    assert stay.uuid == visit.uuid
    assert (stay.line.dial.uuid, stay.line.dial.number) == (line.dial.uuid, OFFICE)


def test_who_is_served_here_and_who_is_gone_is_not_taken_up(house):
    served = house.is_up(house.town.welcome())
    gone = house.is_up(house.town.welcome("boris", number=HOTEL), HOTEL)
    house.switch.living.remove(gone.uuid)

    assert left(house, served={served.session_id}) == []


def test_who_is_listened_to_already_is_not_taken_up_twice(house):
    visit = house.is_up(house.town.welcome())
    house.switch.heard.add(visit.uuid)

    assert left(house) == []


def test_a_called_party_whose_user_has_left_has_nobody_to_go_on_with(house):
    visit, _ = house.talks(house.town.welcome())
    with house.town.transaction() as services:
        services.sessions.settle_lost(visit.uuid, after(1))

    assert left(house) == []


def test_while_the_switch_is_away_nobody_is_taken_up(house):
    house.is_up(house.town.welcome())
    house.switch.away = True

    assert left(house) == []


def test_a_user_on_another_switch_is_none_of_ours(house, transaction):
    there = Site("carrier", ACCESS_NUMBER, house.lobby._site.rules, switch="berlin")
    elsewhere = Desk(transaction, there, clock=house.clock, new_uuid=new_uuid)
    here, house.desk = house.desk, elsewhere
    visit, line = house.talks(house.town.welcome())

    assert left(house) == []
    assert here.till.open_legs() == []
    assert {leg.uuid for leg in elsewhere.till.open_legs()} == {
        visit.uuid,
        line.dial.uuid,
    }
    assert len(Lobby(transaction, there, house.clock).unserved(())) == 1
