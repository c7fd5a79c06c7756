"""A portal that dies between storing a message and working it, and is told no more."""

from datetime import timedelta

import pytest

from portal.inbox import Inbox
from portal.outbox import Outbox
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


@pytest.fixture
def forwarder(transaction, town):
    """Anna's texts come by a modem: there is no way to it but in its answers."""
    town.welcome("anna")
    with transaction() as services:
        services.accounts.access_number("+48221000000").carrier = "modem"
    return post_of("modem/text")


def told_by(post, portal):
    return portal.post(post.target, post.body, headers=post.headers).json["replies"]


@on_both
def test_a_reply_that_only_an_answer_can_take_waits_until_it_is_told_again(
    transaction, forwarder, database
):
    with pytest.raises(Killed):
        told_by(forwarder, portal_of(dies_before(transaction, 3), everyone()))
    portal = portal_of(transaction, everyone())
    outbox = Outbox(transaction, everyone(), lambda: LATER)
    assert inbox_of(portal, transaction, LATER).pump() == 1
    assert outbox.pump() == 1  # in vain
    (reply,) = stored(database, "outbound_sms")
    assert reply["state"] == "queued"

    (told,) = told_by(forwarder, portal)

    assert told == {"id": str(reply["id"]), "to": ANNA, "text": reply["text"]}
    assert told_by(forwarder, portal) == []
    much_later = Outbox(transaction, everyone(), lambda: LATER + timedelta(hours=1))
    assert much_later.pump() == 0
    (reply,) = stored(database, "outbound_sms")
    assert reply["state"] == "answered"
    assert asked(database) == [(ANNA, OFFICE)]
    for each in (outbox, much_later):
        each.stop()


def test_the_inbox_may_be_first_while_the_forwarder_still_waits(
    transaction, forwarder, database
):
    opened = []

    def slowly(*, write=True):
        opened.append(write)
        if len(opened) == len(["kept", "read", "worked"]):
            assert inbox_of(portal, transaction, LATER).pump() == 1
        return transaction(write=write)

    portal = portal_of(slowly, everyone())

    assert len(told_by(forwarder, portal)) == 1
    assert asked(database) == [(ANNA, OFFICE)]


def twilio_told_again(transaction, **settings):
    """What Twilio is answered once the inbox was first."""
    with transaction() as services:
        services.accounts.access_number("+48221000000").carrier = "twilio"
    carriers = carriers_of(**settings)
    with pytest.raises(Killed):
        post_twilio(portal_of(dies_before(transaction, 3), carriers), "twilio.form")
    portal = portal_of(transaction, carriers)
    inbox_of(portal, transaction, LATER).pump()
    return post_twilio(portal, "twilio.form").text


def test_without_an_account_twilio_takes_it_when_it_tells_it_again(
    transaction, town, database
):
    town.welcome("anna")

    assert "<Message>" in twilio_told_again(transaction)
    assert stored(database, "outbound_sms")[0]["state"] == "answered"


def test_what_the_outbox_may_be_sending_is_not_said_in_an_answer_as_well(
    transaction, town, database
):
    town.welcome("anna")

    answer = twilio_told_again(transaction, carriers__twilio__account_sid="AC01")

    assert "<Message>" not in answer
    assert stored(database, "outbound_sms")[0]["state"] == "queued"


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
