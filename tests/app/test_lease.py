"""Two services never work at one switch at once, and never long none of them."""

import sys
import threading
from contextlib import contextmanager
from subprocess import PIPE, Popen
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.database import Unavailable, engine_for, transactions
from esl_service import owner
from esl_service.channel import Superseded
from esl_service.lease import HELD_FOR, KEPT_EVERY, TAKEN_AFTER, Lease, Turn
from tests.broken import Flaky
from tests.databases import ROOT, on_both

NAME = "switch here"
pauses = st.one_of(st.just(0.0), st.floats(0, 3), st.floats(0, 20))


class Watch:
    """A watch of somebody's own: it began whenever, and may run a little fast."""

    def __init__(self, began=0.0, pace=1.0):
        self.began, self.pace = began, pace
        self.passed = 0.0

    def __call__(self):
        return self.began + self.passed * self.pace


class Rivals:
    """Services that want one lease; time passes for all of them at once."""

    def __init__(
        self, transaction, *watches, abandoned=lambda _owner: False, name=NAME
    ):
        self.watches = watches
        self.leases = [
            Lease(transaction, name, watch=watch, abandoned=abandoned)
            for watch in watches
        ]

    def pass_by(self, seconds):
        for watch in self.watches:
            watch.passed += seconds
        assert len(self.holders) < 2

    @property
    def holders(self):
        return [lease for lease in self.leases if lease.held]


class Slow:
    """Opens transactions in which time passes, before they ask and when they have."""

    def __init__(self, transaction):
        self._transaction = transaction
        self.before = self.after = 0.0

    @contextmanager
    def __call__(self, *, write=True):
        self.pass_by(self.before)
        with self._transaction(write=write) as services:
            yield services
        self.pass_by(self.after)


@pytest.fixture
def rivals(transaction):
    return Rivals(transaction, Watch(), Watch(began=1e6))


@on_both
def test_the_first_who_asks_works_and_the_other_stands_by(rivals):
    first, second = rivals.leases

    turns = [first.step(), second.step(), first.step(), second.step()]

    assert turns == [Turn.TAKEN, Turn.NONE, Turn.NONE, Turn.NONE]
    assert rivals.holders == [first]


@on_both
def test_whoever_works_goes_on_working_as_long_as_they_keep_it(rivals):
    first, second = rivals.leases
    first.step()

    for _ in range(60):
        rivals.pass_by(1)
        first.step()
        second.step()

    assert rivals.holders == [first]


@on_both
def test_who_stands_by_takes_over_within_ten_seconds_of_a_death(rivals):
    first, second = rivals.leases
    first.step()
    second.step()

    waited = 0.0
    while not second.held:
        rivals.pass_by(KEPT_EVERY)
        waited += KEPT_EVERY
        second.step()

    assert waited < 10
    assert not first.held
    assert first.step() is Turn.LOST


def test_who_cannot_keep_it_has_stopped_before_another_may_take_it(rivals):
    first, second = rivals.leases
    first.step()
    second.step()

    rivals.pass_by(HELD_FOR)
    second.step()

    assert rivals.holders == []
    assert HELD_FOR < TAKEN_AFTER


def test_who_could_not_keep_it_for_a_while_goes_on_if_nobody_has_taken_it(rivals):
    first, _ = rivals.leases
    first.step()
    rivals.pass_by(60)
    assert not first.held

    assert first.step() is Turn.NONE

    assert first.held


def test_what_a_dead_neighbour_had_is_taken_at_once(transaction):
    rivals = Rivals(transaction, Watch(), Watch(), abandoned=lambda _owner: True)
    first, second = rivals.leases
    first.step()

    assert second.step() is Turn.TAKEN


@on_both
def test_what_is_given_back_is_taken_at_once(rivals):
    first, second = rivals.leases
    first.step()
    first.give_back()
    first.give_back()

    assert not first.held
    assert second.step() is Turn.TAKEN


def test_a_database_that_was_away_says_nothing_of_who_lives(transaction):
    away = Flaky(transaction)
    watch = Watch()
    keeper = Lease(transaction, NAME, watch=watch, abandoned=lambda _owner: False)
    standby = Lease(away, NAME, watch=watch, abandoned=lambda _owner: False)
    keeper.step()
    standby.step()
    away.away = True
    watch.passed += 60
    with pytest.raises(Unavailable):
        standby.step()

    away.away = False
    standby.step()
    watch.passed += 1
    keeper.step()

    assert standby.step() is Turn.NONE
    assert keeper.held


@on_both
def test_whoever_has_lost_it_may_write_no_more(rivals, transaction):
    first, second = rivals.leases
    first.step()
    with transaction() as services:
        first.fence(services)
    second.step()
    rivals.pass_by(TAKEN_AFTER + 1)
    second.step()

    with pytest.raises(Superseded), transaction() as services:
        first.fence(services)
    with transaction() as services:
        second.fence(services)


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_whoever_takes_it_waits_for_what_the_other_is_writing(database):
    engine = engine_for(database)
    rivals = Rivals(transactions(engine), Watch(), Watch())
    first, second = rivals.leases
    first.step()
    second.step()
    rivals.pass_by(TAKEN_AFTER + 1)
    written = []

    def take():
        second.step()
        written.append("taken")

    with transactions(engine)() as services:
        first.fence(services)
        taking = threading.Thread(target=take)
        taking.start()
        taking.join(0.5)
        written.append("written")
    taking.join()

    assert written == ["written", "taken"]
    assert second.held
    engine.dispose()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pace=st.floats(0.99, 1.01),
    acts=st.lists(
        st.tuples(st.sampled_from([0, 1]), pauses, pauses, pauses), max_size=25
    ),
)
def test_whatever_stalls_the_two_are_never_at_work_together(transaction, pace, acts):
    """Each look is late, and its statements too: a program may be stopped anywhere."""
    slow = Slow(transaction)
    rivals = Rivals(
        slow, Watch(), Watch(began=-50, pace=pace), name=f"switch {uuid4()}"
    )
    slow.pass_by = rivals.pass_by

    for who, late, slow.before, slow.after in acts:
        rivals.pass_by(late)
        rivals.leases[who].step()
        assert len(rivals.holders) < 2


def test_a_process_that_lives_is_not_dead_and_one_that_was_killed_is():
    told = "from esl_service.owner import ourselves; print(ourselves(), flush=True)"
    command = [sys.executable, "-c", f"{told}; input()"]
    with Popen(command, stdin=PIPE, stdout=PIPE, text=True, cwd=ROOT) as process:
        name = process.stdout.readline().strip()
        assert not owner.is_dead(name)
        process.kill()
        process.wait()

    assert owner.is_dead(name)
    assert not owner.is_dead(owner.ourselves())


def test_a_number_that_another_process_has_by_now_is_of_a_dead_one():
    assert owner.is_dead(f"{owner.ourselves()}0")


@pytest.mark.parametrize("name", ["", "unknown", "another machine/1/1", "a/b/c"])
def test_of_another_machine_nobody_says_that_it_is_dead(name):
    assert not owner.is_dead(name)


def test_where_no_process_can_be_seen_nobody_is_dead(monkeypatch, tmp_path):
    name = owner.ourselves()
    monkeypatch.setattr(owner, "_BOOT", tmp_path / "boot_id")

    assert owner.ourselves() == "unknown"
    assert not owner.is_dead(name)
