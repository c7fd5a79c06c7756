"""A portal that dies between storing a message and working it, and is told no more."""

from datetime import timedelta

import pytest

from portal.inbox import Inbox
from tests.carriers.everyone import everyone, post_of
from tests.carriers.posts import carriers_of, portal_of, post_twilio, stored
from tests.databases import on_both
from tests.people import ANNA, NOON, OFFICE

SOON, LATER = NOON + timedelta(seconds=29), NOON + timedelta(seconds=31)


class Killed(BaseException):
    """The portal's process is no more."""


def dies_before(transaction, number):
    """Open transactions until the one of that number."""
    opened = []

    def open_or_die(*, write=True):
        opened.append(write)
        if len(opened) == number:
            raise Killed
        return transaction(write=write)

    return open_or_die


def inbox_of(portal, transaction, now):
    registry = portal.app.registry
    at_once = registry["settings"].carriers.replying_at_once
    kept = timedelta(days=9)
    seal = registry["seal"]
    return Inbox(transaction, seal, lambda: now, kept=kept, at_once=at_once)


def asked(database):
    return [(row["leg_a"], row["leg_b"]) for row in stored(database, "call_requests")]


@on_both
@pytest.mark.parametrize("number", [2, 3], ids=["before it is read", "before its work"])
def test_a_message_that_nobody_tells_again_is_worked_by_the_next_portal(
    transaction, town, database, number
):
    town.welcome("anna")
    with pytest.raises(Killed):
        post_twilio(
            portal_of(dies_before(transaction, number), carriers_of()), "twilio.form"
        )
    (row,) = stored(database, "inbound_sms")
    assert (row["state"], asked(database)) == ("received", [])

    portal = portal_of(transaction, carriers_of())
    assert inbox_of(portal, transaction, SOON).pump() == 0
    assert inbox_of(portal, transaction, LATER).pump() == 1

    assert asked(database) == [(ANNA, OFFICE)]
    (reply,) = stored(database, "outbound_sms")
    assert reply["state"] == "queued"
    (row,) = stored(database, "inbound_sms")
    assert (row["state"], row["sealed"]) == ("worked", None)


def test_a_message_told_again_before_that_is_answered_in_the_answer(
    transaction, town, database
):
    town.welcome("anna")
    with transaction() as services:
        services.accounts.access_number("+48221000000").carrier = "twilio"
    with pytest.raises(Killed):
        post_twilio(
            portal_of(dies_before(transaction, 3), carriers_of()), "twilio.form"
        )
    portal = portal_of(transaction, carriers_of())

    answer = post_twilio(portal, "twilio.form")

    assert "<Message>" in answer.text
    assert inbox_of(portal, transaction, LATER).pump() == 0
    assert asked(database) == [(ANNA, OFFICE)]


def test_a_long_text_is_not_lost_with_the_portal_that_joined_it(transaction, database):
    first, last = post_of("kannel/part-2"), post_of("kannel/part-1")
    portal_of(transaction, everyone()).get(first.target)
    with pytest.raises(Killed):
        portal_of(dies_before(transaction, 2), everyone()).get(last.target)

    portal = portal_of(transaction, everyone())
    assert inbox_of(portal, transaction, LATER).pump() == 1

    (row,) = stored(database, "inbound_sms")
    assert (row["state"], row["text"]) == ("worked", "D.48774417880")


def test_what_waits_for_its_request_holds_up_no_others(transaction, town, database):
    town.welcome("anna")
    with pytest.raises(Killed):
        post_twilio(
            portal_of(dies_before(transaction, 2), carriers_of()), "twilio.form"
        )
    portal = portal_of(transaction, carriers_of())
    told = {"id": "2", "from": ANNA, "to": "+48221000000", "text": "I"}

    portal.post_json("/sms/generic", told, headers={"X-Secret": "shared-by-us-two"})

    states = [row["state"] for row in stored(database, "inbound_sms")]
    assert states == ["received", "worked"]
