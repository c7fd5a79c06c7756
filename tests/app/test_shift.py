"""A shift begins and ends with the lease, and with whether it could be kept."""

import pytest

from domain.database import Unavailable
from esl_service import lease
from esl_service.lease import HELD_FOR, Lease
from esl_service.shift import Shift
from tests.broken import Flaky


class Work:
    """What a service does with its shifts."""

    def __init__(self, transaction):
        self.now = 0.0
        self.database = Flaky(transaction)
        self.told = []
        held = Lease(self.database, "switch here", watch=lambda: self.now)
        self.shift = Shift(
            held,
            desk=None,
            begin=lambda: self.told.append("begin"),
            end=lambda: self.told.append("end"),
        )


@pytest.fixture
def work(transaction):
    return Work(transaction)


def test_a_shift_begins_once_while_the_lease_is_kept(work):
    for _ in range(3):
        work.shift.look()
        work.now += lease.KEPT_EVERY

    assert work.told == ["begin"]


def test_it_begins_anew_when_the_database_was_away_for_too_long(work):
    work.shift.look()
    work.database.away = True
    work.now += HELD_FOR + 1
    with pytest.raises(Unavailable):
        work.shift.look()
    assert not work.shift.works

    work.database.away = False
    work.shift.look()

    assert work.told == ["begin", "begin"]


def test_it_ends_when_another_has_taken_the_lease(work, transaction):
    work.shift.look()
    other = Lease(transaction, "switch here", abandoned=lambda _owner: True)
    other.step()

    work.shift.look()

    assert work.told == ["begin", "end"]
