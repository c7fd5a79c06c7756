"""The outbox: what waits goes out, once it can, and is never silently lost."""

import base64
import json
from datetime import UTC, datetime, timedelta
from time import sleep
from urllib.parse import parse_qs

import pytest

from domain.messages.models import Sending
from domain.messages.sms import Sms
from portal.carriers.agreed import Agreed
from portal.carriers.door import take
from portal.carriers.generic import Generic
from portal.carriers.settings import CarrierBook
from portal.outbox import LEASE, TRIES, Outbox
from tests.carriers.exchange import exchange
from tests.carriers.posts import carriers_of, portal_of, post_generic, stored
from tests.databases import on_both
from tests.people import ACCESS_NUMBER, ANNA, NOON


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self):
        self.time = NOON

    def __call__(self):
        return self.time

    def go_on(self, time: timedelta):
        self.time += time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def carrier():
    with exchange() as told:
        yield told


def outbox_of(transaction, carrier, clock, **changes) -> Outbox:
    book = carriers_of(carriers__generic__send_url=f"{carrier.url}/messages", **changes)
    return Outbox(transaction, book, clock)


@pytest.fixture
def outbox(transaction, carrier, clock):
    box = outbox_of(transaction, carrier, clock)
    yield box
    box.stop()


def ask_for_balance(transaction, town, message_id="1"):
    """Anna asks for her balance; the reply waits."""
    if message_id == "1":
        town.welcome("anna")
    (reply,) = take(
        transaction, Sms("generic", message_id, ANNA, ACCESS_NUMBER, "I"), NOON
    )
    return reply


@on_both
def test_a_reply_that_waits_is_posted_once(transaction, town, database, carrier, clock):
    reply = ask_for_balance(transaction, town)
    outbox = outbox_of(transaction, carrier, clock)

    assert outbox.pump() == 1
    clock.go_on(timedelta(days=1))
    assert outbox.pump() == 0

    ((path, headers, body),) = carrier.posts
    assert path == "/messages"
    assert headers["X-Secret"] == "shared-by-us-two"
    assert json.loads(body) == {
        "id": str(reply.id),
        "from": ACCESS_NUMBER,
        "to": ANNA,
        "text": "Your balance is $10.00.",
    }
    (row,) = stored(database, "outbound_sms")
    assert (row["state"], row["attempts"], row["fault"]) == ("sent", 1, None)
    outbox.stop()


def test_a_carrier_out_of_order_is_tried_again_later_with_the_same_id(
    outbox, transaction, town, database, carrier, clock
):
    ask_for_balance(transaction, town)
    carrier.statuses = [503, 429]

    outbox.pump()
    assert outbox.pump() == 0
    clock.go_on(timedelta(seconds=10))
    assert outbox.pump() == 1
    clock.go_on(timedelta(seconds=19))
    assert outbox.pump() == 0
    clock.go_on(timedelta(seconds=1))
    assert outbox.pump() == 1

    assert len({json.loads(body)["id"] for _, _, body in carrier.posts}) == 1
    (row,) = stored(database, "outbound_sms")
    assert (row["state"], row["attempts"]) == ("sent", 3)


def test_after_eight_tries_a_message_is_given_up(
    outbox, transaction, town, database, carrier, clock
):
    ask_for_balance(transaction, town)
    carrier.statuses = [500] * 20

    for _ in range(20):
        outbox.pump()
        clock.go_on(timedelta(minutes=10))

    assert len(carrier.posts) == TRIES
    (row,) = stored(database, "outbound_sms")
    assert row["state"] == "dead"
    assert row["fault"] == "generic answered with status 500"


@pytest.mark.parametrize("status", [302, 400, 401, 404])
def test_what_a_carrier_will_never_take_is_given_up_at_once(
    outbox, transaction, town, database, carrier, status
):
    ask_for_balance(transaction, town)
    carrier.statuses = [status]

    outbox.pump()

    (row,) = stored(database, "outbound_sms")
    assert row["state"] == "dead"
    assert row["fault"] == f"generic answered with status {status}"


def test_a_carrier_nobody_can_reach_is_tried_again(transaction, town, database, clock):
    ask_for_balance(transaction, town)
    nobody = carriers_of(carriers__generic__send_url="http://127.0.0.1:1/messages")
    outbox = Outbox(transaction, nobody, clock)

    outbox.pump()
    outbox.stop()

    (row,) = stored(database, "outbound_sms")
    assert row["state"] == "queued"
    assert row["fault"] == "generic could not be reached: ConnectionError"


def test_a_message_for_a_carrier_that_was_struck_out_waits_for_an_operator(
    transaction, town, database, clock
):
    ask_for_balance(transaction, town)
    outbox = Outbox(transaction, CarrierBook({}), clock)

    outbox.pump()
    outbox.stop()

    (row,) = stored(database, "outbound_sms")
    assert (row["state"], row["fault"]) == ("queued", "carriers does not list generic")


def test_a_message_whose_sender_crashed_goes_out_after_the_lease(
    outbox, transaction, town, database, carrier, clock
):
    ask_for_balance(transaction, town)
    assert len(outbox._take()) == 1  # and then the power went

    assert outbox.pump() == 0
    clock.go_on(LEASE)
    assert outbox.pump() == 1

    assert len(carrier.posts) == 1
    assert stored(database, "outbound_sms")[0]["state"] == "sent"


def test_a_message_that_crashes_every_sender_is_given_up(
    outbox, transaction, town, database, carrier, clock
):
    ask_for_balance(transaction, town)
    for _ in range(TRIES):
        outbox._take()
        clock.go_on(LEASE)

    outbox.pump()

    assert carrier.posts == []
    (row,) = stored(database, "outbound_sms")
    assert row["state"] == "dead"
    assert row["fault"] == "its sender stopped at every try"


def test_what_was_said_in_an_answer_meanwhile_is_not_given_up_for_a_refusal(
    outbox, transaction, town, database, carrier, clock
):
    reply = ask_for_balance(transaction, town)
    (being_sent,) = outbox._take()
    with transaction() as services:
        services.messages.outbound(reply.id).state = Sending.ANSWERED
    carrier.statuses = [400]

    outbox._try(being_sent)

    (row,) = stored(database, "outbound_sms")
    assert (row["state"], row["fault"]) == ("answered", None)


@on_both
def test_two_portals_never_take_one_message(transaction, town, carrier, clock):
    ask_for_balance(transaction, town)
    first, second = (outbox_of(transaction, carrier, clock) for _ in range(2))

    assert first.pump() + second.pump() == 1

    assert len(carrier.posts) == 1
    first.stop()
    second.stop()


def test_a_carrier_without_an_address_can_only_answer(
    transaction, town, database, clock
):
    ask_for_balance(transaction, town)
    outbox = Outbox(
        transaction, CarrierBook({"generic": Generic(Agreed("secret"))}), clock
    )

    outbox.pump()
    outbox.stop()

    (row,) = stored(database, "outbound_sms")
    assert row["state"] == "queued"
    assert row["fault"] == "carriers.generic.send_url is not set"


def test_a_carrier_may_take_a_message_without_a_word(
    outbox, transaction, town, database, carrier
):
    ask_for_balance(transaction, town)
    carrier.answer = "thank you"

    outbox.pump()

    assert stored(database, "outbound_sms")[0]["state"] == "sent"


def test_twilio_takes_messages_by_its_api(transaction, town, database, carrier, clock):
    with transaction() as services:
        services.accounts.access_number(ACCESS_NUMBER).carrier = "twilio"
    ask_for_balance(transaction, town)
    carrier.answer = {"sid": "SM01"}
    carrier.statuses = [201]
    outbox = outbox_of(
        transaction,
        carrier,
        clock,
        carriers__twilio__api=carrier.url,
        carriers__twilio__account_sid="AC01",
    )

    outbox.pump()
    outbox.stop()

    ((path, headers, body),) = carrier.posts
    assert path == "/2010-04-01/Accounts/AC01/Messages.json"
    proof = base64.b64decode(headers["Authorization"].removeprefix("Basic "))
    assert proof == b"AC01:0123456789abcdef0123456789abcdef"
    assert parse_qs(body.decode()) == {
        "From": [ACCESS_NUMBER],
        "To": [ANNA],
        "Body": ["Your balance is $10.00."],
    }
    assert stored(database, "outbound_sms")[0]["state"] == "sent"


def test_twilio_without_an_account_can_only_answer(
    transaction, town, database, carrier, clock
):
    with transaction() as services:
        services.accounts.access_number(ACCESS_NUMBER).carrier = "twilio"
    ask_for_balance(transaction, town)
    outbox = outbox_of(transaction, carrier, clock)

    outbox.pump()
    outbox.stop()

    (row,) = stored(database, "outbound_sms")
    assert row["state"] == "queued"
    assert row["fault"] == "carriers.twilio.account_sid is not set"


def test_a_reply_leaves_as_soon_as_the_carrier_has_its_answer(
    transaction, town, carrier, monkeypatch
):
    monkeypatch.setattr("portal.worker.POLL_S", 600)  # only being woken can be in time
    town.welcome("anna")
    book = carriers_of(carriers__generic__send_url=f"{carrier.url}/messages")
    portal = portal_of(
        transaction,
        book,
        "portal.outbox",
        now=lambda: datetime.now(UTC),
        outbox_enabled=True,
    )
    sleep(0.05)  # the outbox has looked, and rests

    post_generic(portal, "generic.json")

    assert carrier.posted.wait(30)
    portal.app.registry["outbox"].stop()


def test_an_outbox_may_be_left_to_another_portal(transaction):
    portal = portal_of(transaction, carriers_of(), "portal.outbox")

    assert "outbox" not in portal.app.registry


def test_the_outbox_lives_through_a_fault(transaction, town, carrier, clock, caplog):
    faults = [ValueError("a bug")]

    def sometimes(*, write=True):
        if faults:
            raise faults.pop()
        return transaction(write=write)

    ask_for_balance(transaction, town)
    outbox = outbox_of(sometimes, carrier, clock)

    outbox.start()
    sleep(0.05)
    outbox.wake()
    assert carrier.posted.wait(2)
    outbox.stop()

    assert "the outbox met a fault" in caplog.text
