"""Whoever is connected as soon as they pick up has a leg B in the same step."""

from contextlib import contextmanager

import pytest
from sqlalchemy.exc import OperationalError

from esl_service.channel import Superseded
from tests.doubles import CalledParty
from tests.people import OFFICE


def unkept(transaction):
    """Transactions of a database that goes away as each is to be committed."""

    @contextmanager
    def opened(*, write=True):
        with transaction(write=write) as services:
            yield services
            raise OperationalError("COMMIT", {}, Exception("gone"))

    return opened


@pytest.fixture
def anna(town):
    return town.welcome(confirms_leg_a=False)


def test_who_need_not_confirm_has_a_line_as_they_pick_up(service, town, anna):
    due = service.rings(anna)
    held = town.holds()

    visit = service.desk.welcome(due)

    leg_a, leg_b = service.legs()
    assert leg_a.answered_at == service.clock.now
    assert (leg_b.uuid, leg_b.number) == (visit.line.dial.uuid, OFFICE)
    assert visit.line.seconds > 0
    assert town.holds() >= held > 0


def test_who_must_confirm_has_none_before(service, town):
    visit = service.desk.welcome(service.rings(town.welcome(confirms_leg_a=True)))

    assert visit.line is None
    assert len(service.legs()) == 1


def test_who_will_key_a_number_has_none_either(service, anna):
    visit = service.desk.welcome(service.rings(anna, leg_b=None))

    assert visit.line is None
    assert len(service.legs()) == 1


def test_whom_nobody_reaches_any_more_is_refused_and_nothing_but_the_answer_is_stored(
    service, town, anna
):
    due = service.rings(anna)
    with town.transaction() as services:
        services.accounts.open_access_number(OFFICE, carrier="generic")

    visit = service.desk.welcome(due)

    assert visit.line is None
    (leg_a,) = service.legs()
    assert leg_a.answered_at is not None


def test_a_line_that_could_not_be_kept_leaves_its_room_to_others(
    service, town, anna, monkeypatch
):
    town.gateway("only", calls_at_once=2)
    due = service.rings(anna)
    with monkeypatch.context() as patch:
        patch.setattr(service.desk, "_transaction", unkept(town.transaction))
        with pytest.raises(OperationalError):
            service.desk.welcome(due)
    assert len(service.legs()) == 1

    assert service.desk.welcome(due).line is not None


def test_where_all_rooms_are_taken_she_waits_for_one(service, town, anna, monkeypatch):
    town.gateway("only", calls_at_once=2)
    due = service.rings(anna)
    service.desk.trunks._count("another's", service.desk.trunks._legs[due.uuid])
    pause = service.desk._pause

    def and_another_leaves(seconds):
        service.desk.trunks.leave("another's")
        pause(seconds)

    monkeypatch.setattr(service.desk, "_pause", and_another_leaves)
    channel = service.channel(parties=[CalledParty(talks=3)])

    _, leg_b = service.serve(due, channel)

    assert leg_b.billed_seconds == 3


def test_a_service_that_works_no_more_stores_neither_answer_nor_line(
    service, anna, monkeypatch
):
    due = service.rings(anna)

    def fence(_services):
        raise Superseded

    monkeypatch.setattr(service.desk, "_fence", fence)
    with pytest.raises(Superseded):
        service.desk.welcome(due)

    (leg_a,) = service.legs()
    assert leg_a.answered_at is None
