"""A minute before their call ends users are told so, and nobody else is."""

import pytest

from domain.ledger.cashier import Occasion
from esl_service.channel import Goodbye
from esl_service.pumps import holds
from esl_service.pumps.warnings import Warnings
from esl_service.speech import Speech
from esl_service.voice import Voice
from tests.people import after

A_MINUTE = ["tone", "low-credit"]


@pytest.fixture
def warn(house, tmp_path):
    """Look at the ends, so many seconds later."""
    warnings = Warnings(house.desk, house.switch, Speech(Voice(tmp_path)))

    def look(later=0):
        house.clock.pass_by(later)
        warnings.step(house.clock.now)
        return house.switch.announced

    return look


def seconds_left(house, line) -> float:
    return (house.desk.stops[line.dial.uuid] - house.clock.now).total_seconds()


def adjust(house, person, micros):
    """Move money in mid-call, and the ends with it."""
    with house.town.transaction() as services:
        account = services.accounts.get(person.id)
        occasion = Occasion(f"{micros}", "a test", house.clock.now, "olga")
        services.cashier.adjust(account, micros, occasion)
    holds.step(house.desk, house.switch, served=range(9))


def test_she_alone_hears_a_tone_and_words_a_minute_before_the_end(house, warn):
    visit, line = house.talks(house.town.welcome(funds="0.50"))
    ends = seconds_left(house, line)

    assert warn() == []
    assert warn(later=ends - 61) == []
    assert warn(later=1) == [(visit.uuid, A_MINUTE)]


def test_she_is_told_once(house, warn):
    visit, line = house.talks(house.town.welcome(funds="0.50"))
    warn(later=seconds_left(house, line) - 60)

    for _ in range(3):
        holds.step(house.desk, house.switch, served={visit.session_id})
        warn(later=15)

    assert len(house.switch.announced) == 1


def test_money_that_comes_in_puts_the_warning_off_and_it_comes_again(house, warn):
    anna = house.town.welcome(funds="0.50")
    visit, line = house.talks(anna)
    warn(later=seconds_left(house, line) - 59)

    adjust(house, anna, 300_000)
    warn()
    assert len(house.switch.announced) == 1
    warn(later=seconds_left(house, line) - 60)

    assert house.switch.announced == [(visit.uuid, A_MINUTE)] * 2


def test_where_the_money_goes_at_once_a_tone_does_not_promise_a_minute(house, warn):
    anna = house.town.welcome(funds="1.00")
    visit, line = house.talks(anna)
    house.clock.pass_by(240)

    adjust(house, anna, -450_000)

    assert 10 < seconds_left(house, line) < 45
    assert warn() == [(visit.uuid, ["tone"])]


def test_of_a_call_that_may_last_a_minute_she_has_just_been_told(house, warn):
    _, line = house.talks(house.town.welcome(funds="0.14"))

    assert 30 < seconds_left(house, line) < 70
    assert warn(later=20) == []


def test_nobody_who_is_alone_is_warned_of_their_own_stop(house, warn):
    visit, line = house.talks(house.town.welcome(funds="0.50"))
    house.desk.settle(
        Goodbye(line.dial.uuid, "NORMAL_CLEARING", 1_000_000, after(0), after(1))
    )
    left = (house.desk.stops[visit.uuid] - house.clock.now).total_seconds()

    assert warn(later=left - 30) == []


def test_a_warning_that_could_not_be_sent_is_sent_when_the_link_is_back(house, warn):
    visit, line = house.talks(house.town.welcome(funds="0.50"))
    house.switch.away = True
    warn(later=seconds_left(house, line) - 60)
    house.switch.away = False

    assert warn(later=1) == [(visit.uuid, A_MINUTE)]


def test_she_is_warned_in_the_language_she_chose(house, warn, monkeypatch):
    visit, line = house.talks(house.town.welcome(funds="0.50"))
    house.desk.speak(visit, "zh", for_good=False)
    asked = []
    sounds = Speech.sounds

    def listen(speech, language, sentences):
        asked.append(language)
        return sounds(speech, language, sentences)

    monkeypatch.setattr(Speech, "sounds", listen)

    warn(later=seconds_left(house, line) - 60)

    assert asked == ["zh"]
