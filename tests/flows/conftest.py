"""A telephone service without a telephone: everything real but the channel."""

from dataclasses import dataclass

import pytest

from domain.accounts.models import Service as Kind
from domain.calls.models import Source
from domain.calls.requests import Wish
from domain.calls.rules import CallRules
from esl_service.caller import Keys
from esl_service.desk import Desk, Site
from esl_service.lobby import Lobby
from esl_service.reception import Reception
from esl_service.voice import Voice
from tests.doubles import Clock, FakeChannel, FakeExchange
from tests.flows.lodge import Lodge
from tests.people import ACCESS_NUMBER, HOTEL, OFFICE, Town, new_uuid

SITE = Site("carrier", ACCESS_NUMBER, CallRules())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(transaction, clock) -> Desk:
    return Desk(transaction, SITE, clock=clock, new_uuid=new_uuid, pause=clock.pass_by)


@pytest.fixture
def lobby(transaction, clock) -> Lobby:
    return Lobby(transaction, SITE, clock)


@dataclass
class Service:
    """An ESL service whose calls are made one at a time, at once."""

    town: Town
    desk: Desk
    lobby: Lobby
    clock: Clock
    voice: Voice
    keys: Keys

    def call(self, person, channel, *, failure=None, leg_a=HOTEL, leg_b=OFFICE):
        """Ask for a call, serve it and hear the rest; its legs, A first."""
        due = self.rings(person, leg_a, leg_b)
        return self.serve(due, channel, failure=failure)

    def rings(self, person, leg_a=HOTEL, leg_b=OFFICE):
        """A call was asked for and taken: leg A rings."""
        self.ask(person, leg_a, leg_b)
        (due,) = self.desk.take_due()
        return due

    def serve(self, due, channel=None, *, failure=None):
        """Serve a call that was taken and hear the rest; its legs, A first."""
        channel = channel or self.channel()
        reception = self._reception(FakeExchange(channel, failure))
        reception.serve(due)
        return self._afterwards(reception, channel)

    def resume(self, channel, *, failure=None, alive=True):
        """Come back to the only user there is; their legs, A first."""
        reception = self._reception(FakeExchange(channel, failure, alive=alive))
        (stay,) = self.lobby.unserved(())
        reception.resume(stay)
        return self._afterwards(reception, channel)

    def _reception(self, exchange):
        return Reception(
            exchange, self.desk, self.lobby, self.voice, self.keys, self.clock
        )

    def _afterwards(self, reception, channel):
        assert reception.present == {}
        for goodbye in channel.orphans:
            self.desk.settle(goodbye)
        return self.legs()

    def ask(self, person, leg_a=HOTEL, leg_b=OFFICE):
        """Ask for a call."""
        with self.town.transaction() as services:
            account = services.accounts.get(person.id)
            access = services.accounts.access_number(ACCESS_NUMBER)
            wish = Wish(leg_a, leg_b, Source.SMS, person.number, access)
            services.requests.ask(account, wish, self.clock.now)

    def legs(self):
        """The legs of the last session, A first."""
        with self.town.transaction(write=False) as services:
            (session,) = services.history.sessions(limit=1)
            return list(session.legs)

    def session(self):
        """The last session."""
        with self.town.transaction(write=False) as services:
            return services.history.sessions(limit=1)[0]

    def account(self, person):
        """A person's account, as it is stored."""
        with self.town.transaction(write=False) as services:
            return services.accounts.get(person.id)

    def channel(self, **habits) -> FakeChannel:
        """A user with these habits."""
        return FakeChannel(self.clock, **habits)


@pytest.fixture
def service(town, desk, lobby, clock, tmp_path) -> Service:
    return Service(town, desk, lobby, clock, Voice(tmp_path), Keys())


@pytest.fixture
def lodge(service, transaction) -> Lodge:
    return Lodge(service, transaction)


@pytest.fixture
def card(lodge) -> Lodge:
    """An access number that is a calling card's."""
    lodge.serves(Kind.CALLING_CARD)
    return lodge
