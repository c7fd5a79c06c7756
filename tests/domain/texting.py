"""SMS brought in by hand, step by step, as the portal does."""

from sqlalchemy import select

from domain.errors import Refusal
from domain.messages.identity import Reading, identify
from domain.messages.models import InboundSms
from domain.messages.parsing import read
from domain.messages.sms import Sms
from tests.people import ACCESS_NUMBER, ANNA, NOON


def sms(text, *, sender=ANNA, number="1", to=ACCESS_NUMBER):
    return Sms("generic", number, sender, to, text)


def deliver(town, message, now=NOON, *, until_worked=False):
    """Take a message in; the texts of the replies.

    `until_worked` stops when it is stored and read, and returns what works it.
    """
    with town.transaction() as services:
        stored = services.messages.store(message, now)
    try:
        command = read(message.text)
    except Refusal as refusal:
        command = refusal
    with town.transaction(write=False) as services:
        identity = identify(services.accounts, command, message, now)

    def work():
        with town.transaction() as services:
            reading = Reading(command, identity)
            replies = services.messages.work(stored, message, reading, now)
            return [reply.text for reply in replies]

    return work if until_worked else work()


def outcomes_of(town):
    """What became of each message, in the order in which they were stored."""
    with town.transaction(write=False) as services:
        in_order = select(InboundSms.outcome).order_by(InboundSms.id)
        return list(services.messages._session.scalars(in_order))
