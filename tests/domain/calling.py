"""Calls made by hand, step by step, for the tests of the business."""

from concurrent.futures import ThreadPoolExecutor

from domain.calls.models import Source
from domain.calls.requests import Wish
from domain.calls.sessions import Ending
from tests.people import EXITS, HOTEL, NOON, OFFICE, after, new_uuid


def wish(leg_a=HOTEL, leg_b=OFFICE, sender="+48600316058", access_number=None):
    return Wish(leg_a, leg_b, Source.SMS, sender, access_number)


def ask(town, person, now=NOON, **circumstances):
    with town.transaction() as services:
        account = services.accounts.get(person.id)
        request = services.requests.ask(account, wish(**circumstances), now)
        return request.id, request.session_id


def take(town, now=NOON):
    with town.transaction() as services:
        return services.requests.take_due(now, exits=EXITS, new_uuid=new_uuid)


def a_up(town, person, now=NOON, **circumstances):
    """A call whose leg A has just answered."""
    ask(town, person, now, **circumstances)
    (due,) = take(town, now)
    with town.transaction() as services:
        services.sessions.a_answered(due.session_id, due.uuid, now)
    return due


def admit(town, session_id, number=OFFICE, now=NOON):
    """A leg B about to be rung: its UUID and what may be promised."""
    b = new_uuid()
    with town.transaction() as services:
        admitted = services.sessions.admit(
            session_id, number, uuid=b, exits=EXITS, now=now
        )
    return b, admitted.seconds


def b_up(town, session_id, uuid, now, at=None):
    with town.transaction() as services:
        return services.sessions.b_answered(session_id, uuid, now, at)


def extend(town, session_id, now):
    with town.transaction() as services:
        return services.sessions.extend(session_id, now)


def ended(cause="NORMAL_CLEARING", *, answered=None, lasted=0.0):
    return Ending(
        cause=cause,
        answered_us=round(lasted * 1_000_000),
        answered_at=None if answered is None else after(answered),
        ended_at=after((answered or 0) + lasted),
    )


def settle(town, uuid, ending):
    with town.transaction() as services:
        return services.sessions.settle(uuid, ending, ending.ended_at)


def request_of(town, session_id):
    """How far the session's request has come, and why."""
    with town.transaction(write=False) as services:
        request = services.requests.for_session(session_id)
        return request.state, request.cause


def at_once(work, arguments):
    """Do it with each argument, all in threads of their own."""
    with ThreadPoolExecutor(len(arguments)) as threads:
        return list(threads.map(work, arguments))
