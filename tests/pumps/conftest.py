"""A desk over a real database, and a switch that is a list of who lives."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from domain.calls.models import Source
from domain.calls.requests import DueCall, Wish
from domain.calls.rules import CallRules
from domain.numbers import E164
from esl_service.channel import LinkLost
from esl_service.desk import Desk, Line, Site, Visit
from esl_service.lobby import Lobby
from tests.doubles import Clock
from tests.people import ACCESS_NUMBER, ANNA, NOON, OFFICE, Person, Town, new_uuid


@dataclass
class Register:
    """The part of a switch that the pumps use."""

    living: set[str] = field(default_factory=set)
    heard: set[str] = field(default_factory=set)
    """Legs that somebody here listens to."""
    killed: list[tuple[str, str]] = field(default_factory=list)
    stops: list[tuple[str, datetime]] = field(default_factory=list)
    strangers: list[dict[str, str]] = field(default_factory=list)
    announced: list[tuple[str, list[str]]] = field(default_factory=list)
    away: bool = False
    core_uuid: str = "first"
    began_at: datetime = NOON - timedelta(days=1)

    def channels(self) -> list[dict[str, str]]:
        self._answer()
        ours = [{"uuid": uuid, "presence_data": "cb:1:A"} for uuid in self.living]
        return [*ours, *self.strangers]

    def exists(self, uuid: str) -> bool:
        self._answer()
        return uuid in self.living

    def listens(self, uuid: str) -> bool:
        return uuid in self.heard

    def kill(self, uuid: str, cause: str = "NORMAL_CLEARING") -> bool:
        self._answer()
        self.killed.append((uuid, cause))
        return uuid in self.living

    def drop_by(self, uuid: str, at: datetime) -> bool:
        self._answer()
        self.stops.append((uuid, at))
        return True

    def announce(self, uuid: str, sounds: Sequence[str]) -> bool:
        self._answer()
        self.announced.append((uuid, [Path(sound).stem for sound in sounds]))
        return True

    def _answer(self) -> None:
        if self.away:
            raise LinkLost


@dataclass
class House:
    """Who is called and how far they have come."""

    town: Town
    desk: Desk
    lobby: Lobby
    clock: Clock
    switch: Register

    def rings(self, person: Person, leg_a: E164 = ANNA) -> DueCall:
        """A call was asked for and taken: leg A rings."""
        with self.town.transaction() as services:
            account = services.accounts.get(person.id)
            wish = Wish(leg_a, OFFICE, Source.SMS, leg_a)
            services.requests.ask(account, wish, self.clock.now)
        (due,) = self.desk.take_due()
        self.switch.living.add(due.uuid)
        return due

    def is_up(self, person: Person, leg_a: E164 = ANNA) -> Visit:
        """Leg A has answered."""
        return self.desk.welcome(self.rings(person, leg_a))

    def talks(self, person: Person, leg_a: E164 = ANNA) -> tuple[Visit, Line]:
        """Both have answered."""
        visit = self.is_up(person, leg_a)
        line = self.desk.admit(visit, OFFICE)
        self.switch.living.add(line.dial.uuid)
        self.desk.answered(visit, line, self.clock.now)
        return visit, line

    def legs(self, session_id: int) -> list:
        with self.town.transaction(write=False) as services:
            return list(services.sessions.get(session_id).legs)

    def held(self) -> int:
        """What all sessions hold, in micro-units."""
        with self.town.transaction(write=False) as services:
            return sum(hold.amount for hold in services.ledger.open_holds())


@pytest.fixture
def house(transaction, town) -> House:
    clock = Clock()
    site = Site("carrier", ACCESS_NUMBER, CallRules())
    desk = Desk(transaction, site, clock=clock, new_uuid=new_uuid)
    return House(town, desk, Lobby(transaction, site, clock), clock, Register())
