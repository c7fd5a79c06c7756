"""Messages that went wrong: seen, worked again, sent again, and never twice."""

from datetime import timedelta

import pytest

from domain.messages.models import Received, Sending
from tests.people import NOON

TO_US = ("--to", "+48221000000")


@pytest.fixture
def received(seeded):
    """Work a text of the demo's customer, as if a carrier had posted it."""

    def receive(text, *, number="1", to=TO_US, sender="+48600316058"):
        return seeded.reads(
            "sms", "receive", "--from", sender, *to, "--id", number, text
        )

    return receive


def inbound(services, number=1):
    return services.sms_log.message(number)


def test_messages_are_listed_and_shown_with_their_secrets_hidden(seeded, received):
    received("U.callback P.pass D.48774417880 O.12345678")
    received("hello", number="2")

    newest, oldest = seeded.learns("sms", "list")
    shown = seeded.learns("sms", "show", "1")

    assert (newest["id"], newest["outcome"], newest["text"]) == (
        2,
        "not_understood",
        "***",
    )
    assert oldest["text"] == "U.callback P.*** D.48774417880 O.12345678"
    assert shown["account"] == "callback"
    assert [each["text"] for each in shown["replies"]] == [
        "Calling +4812345678 now, then +48774417880. Please pick up."
    ]
    assert "P.***" in seeded.reads("sms", "show", "1")
    assert "Calling +4812345678 now" in seeded.reads("sms", "show", "1")


def test_what_a_carrier_posted_is_shown(seeded, received, transaction):
    received("I")
    with transaction() as services:
        inbound(services).posted = "id=1&text=I"

    assert seeded.learns("sms", "show", "1")["posted"] == "id=1&text=I"
    assert "id=1&text=I" in seeded.reads("sms", "show", "1")


def test_messages_are_found_by_sender_and_by_outcome(seeded, received):
    received("I")
    received("hello", number="2")
    received("hello", number="3", sender="+15552345678")

    def found(*which):
        return [each["id"] for each in seeded.learns("sms", "list", *which)]

    assert found("--sender", "+15552345678") == [3]
    assert found("--outcome", "not_understood") == [2]
    assert found("--limit", "1") == [3]
    assert seeded.reads("sms", "list", "--unworked") == "no such message came\n"
    assert seeded.is_told("sms", "show", "9") == "there is no message 9"


def test_a_message_that_came_to_a_number_we_did_not_know_is_worked_at_last(
    seeded, received
):
    lost = received("D.48774417880", to=("--to", "+48229999999"))
    assert lost == "no reply\n"
    seeded.reads("access", "add", "+48229999999", "--carrier", "generic")

    told = seeded.reads("sms", "replay", "1")

    assert told == (
        "to +48600316058: "
        "Calling +48600316058 now, then +48774417880. Please pick up.\n"
    )


@pytest.mark.parametrize(
    ("text", "sender", "to", "why"),
    [
        ("I", "+48600316058", "+48229999999", "unknown_access_number: it came to a"),
        ("I", "+15552345678", "+48221000000", "unknown_sender: its sender is regis"),
        ("I", "INFO", "+48221000000", "not_answerable: nobody answers such a"),
    ],
)
def test_a_message_that_earns_no_reply_again_says_why(
    seeded, received, text, sender, to, why
):
    received(text, sender=sender, to=("--to", to))

    assert seeded.reads("sms", "replay", "1").startswith(f"no reply: {why}")
    assert seeded.learns("sms", "replay", "1") == []


def test_a_sender_that_was_told_enough_is_named_as_the_reason(
    seeded, received, transaction
):
    for number in range(1, 5):
        received("I", number=str(number))

    told = seeded.reads("sms", "replay", "4")

    assert told.startswith("no reply: status")
    assert "its sender was told enough for now" in told


def test_a_message_whose_worker_stopped_is_worked_once(seeded, received, transaction):
    received("hello")
    with transaction() as services:
        message = inbound(services)
        message.state, message.outcome = Received.RECEIVED, None
        message.text = "N2"

    assert [each["id"] for each in seeded.learns("sms", "list", "--unworked")] == [1]
    (reply,) = seeded.learns("sms", "replay", "1")
    assert reply["text"].startswith("Calling +48600316058 now")
    again = seeded.is_told("sms", "replay", "1")
    assert again == "1 is left alone: it has done what it asked: calling"
    assert len(calls(seeded)) == 1


def test_nobody_is_called_twice_by_a_message_that_made_a_call(seeded, received):
    received("N2")
    received("N2", number="2")  # the same again: already calling

    for number in ("1", "2"):
        assert "it has done what it asked" in seeded.is_told("sms", "replay", number)
    assert len(calls(seeded)) == 1


def test_a_message_whose_password_was_not_kept_cannot_be_worked_again(seeded, received):
    received("U.callback P.pass D.1")

    told = seeded.is_told("sms", "replay", "1")

    assert told.endswith("ask the customer to send it again")
    assert seeded.is_told("sms", "replay", "7") == "there is no message 7"


def test_a_message_that_failed_is_given_to_the_portal_again_with_its_sealed_text(
    seeded, received, transaction
):
    received("U.callback P.pass D.1")
    with transaction() as services:
        message = inbound(services)
        message.state, message.outcome = Received.FAILED, "fault"
        message.sealed = "only the portal can read this"

    assert [each["id"] for each in seeded.learns("sms", "list", "--unworked")] == [1]
    told = seeded.reads("sms", "replay", "1")

    assert told == "1 waits for the portal, which has its secret text\n"
    with transaction(write=False) as services:
        (waiting,) = services.waiting_room.next(9, NOON)
        assert (waiting.stored.id, waiting.sealed) == (1, message.sealed)


def test_a_missed_call_is_not_taken_for_an_empty_message(seeded, received, transaction):
    received("I")
    with transaction() as services:
        message = inbound(services)
        message.text, message.outcome = "", "not_answerable"

    told = seeded.is_told("sms", "replay", "1")

    assert told == "1 is left alone: it has no text, as a missed call has none"
    assert calls(seeded) == []


def test_a_refused_message_is_worked_again_when_the_trouble_is_over(
    seeded, received, transaction
):
    with transaction() as services:
        services.accounts.by_login("callback").status = "blocked"
    received("I")
    with transaction() as services:
        services.accounts.by_login("callback").status = "active"

    assert "Your balance is" in seeded.reads("sms", "replay", "1")


@pytest.fixture
def dead(received, transaction):
    """A reply that no carrier took."""
    received("I")
    with transaction() as services:
        (reply,) = services.sms_log.answers_to(1)
        reply.state, reply.attempts, reply.fault = Sending.DEAD, 8, "acme said 500"


def test_a_reply_that_no_carrier_took_is_seen_and_sent_again(seeded, dead, transaction):
    (shown,) = seeded.learns("sms", "dead")

    assert (shown["id"], shown["fault"], shown["attempts"]) == (1, "acme said 500", 8)
    told = seeded.reads("sms", "resend", "1")
    assert told == "reply 1 to +48600316058 waits for the outbox\n"
    assert seeded.is_told("sms", "resend", "1") == (
        "1 is left alone: it is not dead: queued"
    )
    assert seeded.is_told("sms", "resend", "7") == "there is no reply 7"
    assert seeded.reads("sms", "dead") == "every reply was taken, or waits\n"
    with transaction(write=False) as services:
        (reply,) = services.sms_log.answers_to(1)
        assert reply.attempts == 0


def test_the_doctor_tells_of_messages_that_went_wrong(
    seeded, received, dead, transaction
):
    received("I", number="2", to=("--to", "+48229999999"))
    received("I", number="3")
    with transaction() as services:
        stopped = inbound(services, 3)
        stopped.state = Received.RECEIVED
        stopped.received_at -= timedelta(hours=1)

    told = seeded.gives("doctor").stdout

    assert "1 replies that no carrier took: see `sms-callback sms dead`" in told
    assert "1 messages stored and never worked: see `sms-callback sms list" in told
    assert "1 messages to numbers that are not ours" in told


def test_what_went_wrong_long_ago_is_no_trouble_any_more(dead, transaction):
    with transaction() as services:
        (reply,) = services.sms_log.answers_to(1)
        reply.made_at = NOON - timedelta(days=30)

        assert services.sms_log.troubles(NOON).dead == 0


def calls(seeded):
    return seeded.learns("calls", "list")
