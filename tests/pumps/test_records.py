"""Legs that ended while nobody listened are paid by what the switch wrote."""

import logging

import pytest

from domain.database import Unavailable
from esl_service.channel import Goodbye, Record
from esl_service.pumps.records import AT_ONCE, Left, Reader
from esl_service.till import Till
from tests.broken import Flaky
from tests.people import NOON, after


class Shelf:
    """Records, and which of them were put away."""

    def __init__(self, *goodbyes):
        self.records = [Record(each.uuid, each) for each in goodbyes]
        self.put_away_names = []

    def waiting(self, most):
        return self.records[:most]

    def put_away(self, record):
        self.records.remove(record)
        self.put_away_names.append(record.name)


def read(house, shelf):
    """One step of reading."""
    return Reader(house.desk.till, shelf).step(NOON)


def talked(uuid, seconds, cause="NORMAL_CLEARING"):
    return Goodbye(uuid, cause, round(seconds * 1e6), after(0), after(seconds))


def test_legs_that_ended_unheard_are_paid_to_the_second(house):
    visit, line = house.talks(house.town.welcome())
    shelf = Shelf(talked(line.dial.uuid, 40.2), talked(visit.uuid, 44.9))

    read(house, shelf)

    legs = house.legs(visit.session_id)
    assert [leg.billed_seconds for leg in legs] == [45, 41]
    assert house.town.holds() == 0
    assert shelf.put_away_names == [line.dial.uuid, visit.uuid]


def test_whoever_answered_unheard_pays(house):
    due = house.rings(house.town.welcome())

    read(house, Shelf(talked(due.uuid, 12)))

    (leg_a,) = house.legs(due.session_id)
    assert leg_a.billed_seconds == 12


def test_a_leg_that_was_settled_is_not_settled_again(house):
    anna = house.town.welcome()
    visit = house.is_up(anna)
    house.desk.settle(talked(visit.uuid, 10))
    balance = house.town.balance(anna)
    shelf = Shelf(talked(visit.uuid, 99))

    read(house, shelf)

    assert house.town.balance(anna) == balance
    assert shelf.put_away_names == [visit.uuid]


def test_a_leg_that_is_none_of_ours_is_put_away(house):
    shelf = Shelf(talked("somebody-else-s", 10))

    read(house, shelf)

    assert shelf.put_away_names == ["somebody-else-s"]


def test_nothing_is_put_away_while_the_database_is_away(house):
    visit = house.is_up(house.town.welcome())
    shelf = Shelf(talked(visit.uuid, 10))
    flaky = Flaky(house.town.transaction)
    flaky.away = True

    with pytest.raises(Unavailable):
        Reader(Till(flaky, house.clock), shelf).step(NOON)

    assert shelf.put_away_names == []


def test_a_folder_that_stays_away_keeps_nobody_from_being_lost_for_ever(house, caplog):
    class Unreadable(Shelf):
        def waiting(self, most):
            raise PermissionError("no entry")

    reader = Reader(house.desk.till, Unreadable())

    with caplog.at_level(logging.ERROR):
        left = [reader.step(after(seconds)) for seconds in (0, 170, 181)]

    assert left == [Left.UNKNOWN, Left.UNKNOWN, Left.GIVEN_UP]
    assert "the switch's records cannot be read: no entry" in caplog.text


def test_of_more_records_than_one_step_reads_the_rest_is_told(house):
    shelf = Shelf(*(talked(f"{n:04}", 1) for n in range(AT_ONCE + 1)))

    assert read(house, shelf) is Left.MORE
    assert read(house, shelf) is Left.NOTHING
    assert shelf.records == []
