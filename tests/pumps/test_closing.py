"""When the service ends, nobody is left alone, and who talks is left to talk."""

from esl_service.channel import Goodbye
from esl_service.pumps import closing
from tests.people import HOTEL, after


def test_who_is_alone_is_let_go_and_who_talks_talks_on(house):
    alone = house.is_up(house.town.welcome())
    talking, _ = house.talks(house.town.welcome("boris", number=HOTEL), HOTEL)

    served = {alone.session_id, talking.session_id}
    closing.step(house.desk.till, house.switch, served)

    assert house.switch.killed == [(alone.uuid, "NORMAL_CLEARING")]


def test_who_is_only_rung_is_rung_again_by_the_next_service(house):
    due = house.rings(house.town.welcome())

    closing.step(house.desk.till, house.switch, {due.session_id})
    ((uuid, cause),) = house.switch.killed
    house.desk.settle(Goodbye(uuid, cause, 0, None, after(5)))
    house.clock.pass_by(120)

    assert [again.number for again in house.desk.take_due()] == [due.number]


def test_what_others_serve_is_left_alone(house):
    house.is_up(house.town.welcome())

    closing.step(house.desk.till, house.switch, served=())

    assert house.switch.killed == []


def test_without_a_link_everybody_is_left_to_their_stops(house, caplog):
    visit = house.is_up(house.town.welcome())
    house.switch.away = True

    closing.step(house.desk.till, house.switch, {visit.session_id})

    assert "the switch is away" in caplog.text
