"""A telephone service without a telephone: everything real but the channel."""

from dataclasses import dataclass

import pytest

from domain.calls.models import Source
from domain.calls.requests import Wish
from domain.calls.rules import CallRules
from esl_service.caller import Keys
from esl_service.desk import Desk, Site
from esl_service.reception import Reception
from esl_service.voice import Voice
from tests.doubles import Clock, FakeChannel, FakeExchange
from tests.people import ACCESS_NUMBER, HOTEL, OFFICE, Town, new_uuid


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(transaction, clock) -> Desk:
    site = Site("carrier", ACCESS_NUMBER, CallRules())
    return Desk(transaction, site, clock=clock, new_uuid=new_uuid)


@dataclass
class Service:
    """An ESL service whose calls are made one at a time, at once."""

    town: Town
    desk: Desk
    clock: Clock
    folder: object

    def call(self, person, channel, *, failure=None, leg_a=HOTEL, leg_b=OFFICE):
        """Ask for a call and serve it to its end; its legs, A first."""
        with self.town.transaction() as services:
            account = services.accounts.get(person.id)
            access = services.accounts.access_number(ACCESS_NUMBER)
            wish = Wish(leg_a, leg_b, Source.SMS, person.number, access)
            services.requests.ask(account, wish, self.clock.now)
        exchange = FakeExchange(channel, failure)
        reception = Reception(
            exchange, self.desk, Voice(self.folder), Keys(), self.clock
        )
        for due in self.desk.take_due():
            reception.serve(due)
        with self.town.transaction(write=False) as services:
            (session,) = services.history.sessions(limit=1)
            return list(session.legs)

    def channel(self, **habits) -> FakeChannel:
        """A user with these habits."""
        return FakeChannel(self.clock, **habits)


@pytest.fixture
def service(town, desk, clock, tmp_path) -> Service:
    return Service(town, desk, clock, tmp_path)
