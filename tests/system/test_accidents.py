"""The switch, the database or the link between fails in the middle of calls.

The service recovers by itself. Afterwards nobody was rung twice, every leg that talked
is paid for once and by what is known of it, nobody rings and no money is held.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import requests

from domain.calls.models import Source
from domain.calls.requests import Wish
from domain.database import engine_for, transactions
from domain.numbers import E164
from tests.cdrs import cdrs_in
from tests.databases import Postgres, frozen, postgres_server, stopped
from tests.people import ANNA, OFFICE, Town
from tests.system.programs import System, eventually

BEN, LONDON = E164("+48600999888"), E164("+442071234567")
AWAY = 30.0
"""Seconds that the database is away."""


class Scene:
    """Two users with money, whoever they ring, and what is known of their calls."""

    def __init__(self, system: System) -> None:
        self.system = system
        self._engine = engine_for(system.database)
        self.town = Town(transactions(self._engine))
        settings = {"confirms_leg_a": False, "announces_balance": False}
        self.anna = self.town.welcome(funds="50.00", **settings)
        self.ben = self.town.welcome("ben", number=BEN, funds="50.00", **settings)
        self.telephones = [system.handset(n) for n in (ANNA, OFFICE, BEN, LONDON)]

    def close(self) -> None:
        self._engine.dispose()

    def talk(self, person, to: E164):
        """Let a user be rung and talk with somebody; both telephones."""
        user, party = self.system.handset(person.number), self.system.handset(to)
        for telephone in (user, party):
            telephone.behave("answers", after=0.05)
        self.ask(person, to)
        eventually(lambda: (user.state, party.state) == ("talking", "talking"))
        return user, party

    def ask(self, person, to: E164) -> None:
        now = datetime.now(UTC)
        with self.town.transaction() as services:
            account = services.accounts.get(person.id)
            wish = Wish(person.number, to, Source.SMS, str(now.timestamp()))
            services.requests.ask(account, wish, now)

    def happens(self, accident: str, **details: float) -> None:
        """Let an accident happen at the sandbox."""
        url = f"{self.system.sandbox.web}/faults/{accident}"
        requests.post(url, json=details, timeout=10).raise_for_status()

    def legs(self) -> list:
        with self.town.transaction(write=False) as services:
            sessions = services.history.sessions(limit=100)
            return [leg for session in sessions for leg in session.legs]

    def is_over(self) -> list:
        """Wait for the end of everything; the legs, after a look at the books."""
        log = self.system.esl.log
        eventually(self._is_quiet, patience=40, what=lambda: log.read_text()[-5000:])
        recorded = self._recorded()
        with self.town.transaction(write=False) as services:
            assert not any(services.audit.faults().values())
        legs = self.legs()
        for leg in legs:
            if leg.uuid in recorded:
                assert leg.answered_us == recorded[leg.uuid]
            assert bool(leg.price) == bool(leg.answered_us)
        assert self.system.esl.process.poll() is None
        return legs

    def _is_quiet(self) -> bool:
        return (
            all(each.state == "idle" for each in self.telephones)
            and self.town.holds() == 0
            and all(leg.ended_at for leg in self.legs())
        )

    def _recorded(self) -> dict[str, int]:
        """What the switch counted of each leg, in microseconds."""
        legs = cdrs_in(self.system.records)
        return {leg["uuid"]: int(leg["billusec"]) for leg in legs}


@contextmanager
def playing(database: str, folder) -> Iterator[Scene]:
    system = System(database, folder)
    system.esl_module = "tests.system.crashing"
    with system:
        scene = Scene(system)
        try:
            yield scene
        finally:
            scene.close()


@pytest.fixture
def scene(sqlite, tmp_path):
    with playing(sqlite.fresh(), tmp_path) as scene:
        yield scene


def test_a_switch_that_crashes_ends_every_call_and_works_on(scene):
    began = datetime.now(UTC)
    scene.talk(scene.anna, OFFICE)
    scene.talk(scene.ben, LONDON)
    time.sleep(1)

    scene.happens("crash", away=1)

    legs = scene.is_over()
    assert [leg.cause for leg in legs] == ["LOST"] * 4
    assert all(leg.price > 0 for leg in legs)
    longest = (datetime.now(UTC) - began) / timedelta(seconds=1)
    assert all(leg.answered_us / 1e6 < longest for leg in legs)
    again(scene)


def test_a_switch_that_is_restarted_has_told_what_each_leg_took(scene):
    scene.talk(scene.anna, OFFICE)
    time.sleep(1)

    scene.happens("restart", away=1)

    legs = scene.is_over()
    assert {leg.cause for leg in legs} == {"SYSTEM_SHUTDOWN"}
    assert all(leg.price > 0 for leg in legs)
    again(scene)


@pytest.mark.parametrize("link", ["cut", "cut_events", "cut_commands", "lose_events"])
def test_who_talks_notices_nothing_of_a_cut_link(scene, link):
    user, party = scene.talk(scene.anna, OFFICE)

    scene.happens(link)
    time.sleep(2)

    assert (user.state, party.state) == ("talking", "talking")
    party.hang_up()
    eventually(lambda: user.state == "idle" or party.state == "idle")
    if user.state == "talking":
        user.hang_up()
    legs = scene.is_over()
    assert len(legs) == 2
    assert all(leg.price > 0 for leg in legs)
    again(scene)


def test_a_locked_file_of_the_database_costs_nobody_a_call(scene):
    path = scene.system.database.removeprefix("sqlite:///")

    @contextmanager
    def locked() -> Iterator[None]:
        connection = sqlite3.connect(path, isolation_level=None, timeout=10)
        try:
            connection.execute("BEGIN EXCLUSIVE")
            yield
            connection.execute("ROLLBACK")
        finally:
            connection.close()

    the_database_is_away(scene, locked)


@pytest.mark.postgres
@pytest.mark.parametrize("away", [stopped, frozen])
def test_a_server_of_the_database_that_is_away_costs_nobody_a_call(away, tmp_path):
    with (
        postgres_server() as folder,
        playing(Postgres(folder).fresh(), tmp_path) as scene,
    ):
        the_database_is_away(scene, lambda: away(folder))


def the_database_is_away(scene, away) -> None:
    """Anna's party leaves while it is away; Ben talks until it is back."""
    anna, office = scene.talk(scene.anna, OFFICE)
    ben, london = scene.talk(scene.ben, LONDON)

    with away():
        time.sleep(AWAY / 3)
        office.hang_up()
        time.sleep(AWAY * 2 / 3)
        assert (ben.state, london.state) == ("talking", "talking")

    eventually(lambda: scene.town.holds() >= 1)
    time.sleep(1)
    assert (ben.state, london.state) == ("talking", "talking")
    for telephone in (london, ben, anna):
        if telephone.state == "talking":
            telephone.hang_up()
    legs = scene.is_over()
    assert len(legs) == 4
    assert all(leg.price > 0 for leg in legs)
    again(scene)


def again(scene) -> None:
    """The service works: Anna is called once more, and pays for it."""
    before = len(scene.legs())
    telephone, party = scene.system.handset(ANNA), scene.system.handset(OFFICE)
    telephone.behave("answers", after=0.05, talks=1.5)
    party.behave("answers", after=0.05, talks=0.5)

    scene.ask(scene.anna, OFFICE)

    eventually(lambda: len(scene.legs()) == before + 2)
    assert all(leg.price > 0 for leg in scene.is_over()[:2])
