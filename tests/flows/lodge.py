"""A porter's lodge without a telephone: who rings us, and how it goes for them."""

from esl_service.caller import Keys
from esl_service.channel import Arrival
from esl_service.front_desk import FrontDesk
from esl_service.porter import BUSY, Porter
from esl_service.reception import Reception
from tests.doubles import FakeExchange
from tests.people import ACCESS_NUMBER, ANNA, new_uuid


class Lodge:
    """A porter, and those who ring."""

    def __init__(self, service, transaction):
        self.service = service
        self.town = service.town
        self.front = FrontDesk(transaction, clock=service.clock)
        self.reception = Reception(
            FakeExchange(service.channel()),
            service.desk,
            service.lobby,
            service.voice,
            Keys(),
            service.clock,
        )
        self.porter = Porter(self.reception, self.front, service.desk, service.clock)

    def rung(self, caller=ANNA, called=ACCESS_NUMBER, *, channel=None, **state):
        """Somebody rings us; how it went for them."""
        channel = channel or self.service.channel()
        channel.uuid = channel.uuid or new_uuid()
        arrival = Arrival(channel.uuid, called.strip("+"), caller.strip("+"), **state)
        self.porter.serve(arrival, channel)
        for goodbye in channel.orphans:
            self.service.desk.settle(goodbye)
        assert self.reception.present == {}
        return channel

    def serves(self, service, **settings):
        """Let the access number have this service."""
        with self.town.transaction() as services:
            access = services.accounts.access_number(ACCESS_NUMBER)
            access.service = service
            for name, value in settings.items():
                setattr(access, name, value)

    def card_of(self, person):
        with self.town.transaction() as services:
            account = services.accounts.get(person.id)
            return services.cards.issue(account, self.service.clock.now)

    def requests(self, person):
        """Source, state, cause and delay of each request, the newest first."""
        with self.town.transaction(write=False) as services:
            account = services.accounts.get(person.id)
            return [
                (r.source, r.state, r.cause, (r.due_at - r.asked_at).seconds)
                for r in services.history.requests(account)
            ]

    def texts(self):
        """What is to be sent by SMS."""
        with self.town.transaction(write=False) as services:
            waiting = services.messages.due(self.service.clock.now)
            return [(each.recipient, each.text) for each in waiting]


def was_rejected(channel, cause=BUSY) -> bool:
    return channel.gone.cause == cause and not channel.gone.answered
