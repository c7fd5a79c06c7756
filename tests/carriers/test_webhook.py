"""SMS by HTTP: what is taken, what is refused, and what is answered."""

import json
import logging
from threading import Barrier, Thread

import pytest
from sqlalchemy.exc import OperationalError

from portal.carriers.agreed import Agreed
from portal.carriers.generic import Generic
from portal.carriers.settings import CarrierBook
from tests.carriers.posts import (
    SECRET,
    carriers_of,
    payload,
    portal_of,
    post_generic,
    post_twilio,
    signature,
    stored,
)
from tests.databases import on_both
from tests.people import ANNA, OFFICE


def asked(database):
    """Who is to be rung, and who then."""
    return [(row["leg_a"], row["leg_b"]) for row in stored(database, "call_requests")]


@pytest.mark.parametrize("name", ["generic.json", "generic.form"])
def test_a_generic_carrier_posts_json_or_a_form(portal, town, database, name):
    town.welcome("anna")

    answer = post_generic(portal, name)

    assert answer.status_int == 200
    assert answer.json == {"replies": []}
    assert asked(database) == [(ANNA, OFFICE)]


def test_json_is_understood_even_when_it_is_called_a_form(portal, town, database):
    town.welcome("anna")

    portal.post(
        "/sms/generic",
        payload("generic.json"),
        headers={"X-Secret": SECRET},
        content_type="application/x-www-form-urlencoded",
    )

    assert asked(database) == [(ANNA, OFFICE)]


def test_numbers_without_quotes_and_without_a_plus_are_read(portal, town, database):
    town.welcome("anna")

    post_generic(portal, "generic-bare-numbers.json")

    (message,) = stored(database, "inbound_sms")
    assert message["external_id"] == "17"
    assert message["sender"] == "+48600316058"
    assert message["recipient"] == "+48221000000"
    assert message["outcome"] == "status"


def test_a_carrier_may_name_its_fields_and_its_header_as_it_likes(
    transaction, town, database
):
    town.welcome("anna")
    portal = portal_of(
        transaction,
        carriers_of(
            carriers__generic__fields__id="reference",
            carriers__generic__fields__from="source",
            carriers__generic__fields__to="destination",
            carriers__generic__fields__text="message",
            carriers__generic__secret_header="Authorization",
        ),
    )

    portal.post(
        "/sms/generic",
        payload("generic-renamed.json"),
        headers={"Authorization": SECRET},
        content_type="application/json",
    )

    (message,) = stored(database, "inbound_sms")
    assert (message["external_id"], message["outcome"]) == ("g-3", "status")


@on_both
def test_the_same_message_told_twice_makes_one_call(transaction, town, database):
    town.welcome("anna")
    portal = portal_of(transaction, carriers_of())

    answers = [post_generic(portal, "generic.json") for _ in range(2)]

    assert [answer.status_int for answer in answers] == [200, 200]
    assert len(asked(database)) == 1
    assert len(stored(database, "outbound_sms")) == 1


def test_a_message_without_an_id_is_known_by_its_content(portal, town, database):
    town.welcome("anna")

    for _ in range(2):
        assert post_generic(portal, "generic-without-id.json").status_int == 200

    assert len(stored(database, "inbound_sms")) == 1
    assert len(stored(database, "outbound_sms")) == 1


def test_a_stranger_is_neither_called_nor_answered(portal, town, database):
    town.welcome("anna")

    answer = post_generic(portal, "generic-stranger.json")

    assert answer.status_int == 200
    (message,) = stored(database, "inbound_sms")
    assert message["outcome"] == "unknown_sender"
    assert stored(database, "outbound_sms") == []
    assert asked(database) == []


def test_a_sender_that_is_a_name_is_never_answered(portal, town, database):
    assert post_generic(portal, "generic-name.json").status_int == 200

    (message,) = stored(database, "inbound_sms")
    assert (message["sender"], message["outcome"]) == ("INFO", "not_answerable")
    assert stored(database, "outbound_sms") == []


def test_a_password_is_neither_stored_nor_logged(portal, town, database, caplog):
    town.welcome("anna")
    caplog.set_level(logging.DEBUG)

    post_generic(portal, "generic-with-password.json")

    assert asked(database) == [(ANNA, OFFICE)]
    assert "anna-password" not in str(stored(database, "inbound_sms"))
    assert "anna-password" not in caplog.text


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("broken.json", "The body is not JSON."),
        ("array.json", "The body is JSON, but not an object in braces."),
        ("garbage.txt", "The body has no text called 'from'."),
        ("generic-without-text.json", "The body has no text called 'text'."),
        ("generic-from-nobody.json", "The message's sender is empty."),
        (
            "generic-control-character.json",
            "The message's id holds control characters.",
        ),
        ("generic-half-character.json", "The message's text is not Unicode."),
        ("generic-not-utf8.form", "The body is not a form in UTF-8."),
    ],
)
def test_what_is_no_message_is_refused_with_a_sentence(
    portal, database, name, sentence
):
    answer = post_generic(portal, name)

    assert answer.status_int == 400
    assert answer.text == f"{sentence}\n"
    assert stored(database, "inbound_sms") == []


def test_an_endless_id_is_refused(portal, database):
    told = json.loads(payload("generic.json")) | {"id": "7" * 201}

    answer = portal.post_json(
        "/sms/generic", told, headers={"X-Secret": SECRET}, status=400
    )

    assert answer.text == "The message's id is longer than 200 letters.\n"


@pytest.mark.parametrize("secret", ["", "shared-by-us-tw", "ⓢ"])
def test_without_the_secret_nothing_is_stored(portal, town, database, secret):
    town.welcome("anna")

    answer = post_generic(portal, "generic.json", secret.encode().decode("latin-1"))

    assert answer.status_int == 403
    assert stored(database, "inbound_sms") == []


def test_a_forged_twilio_signature_stores_nothing(portal, town, database):
    town.welcome("anna")
    right = signature(payload("twilio.form"))

    answers = [
        post_twilio(portal, "twilio.form", forged)
        for forged in ("n4vY9wXTSNNKdAdIvGbO3DVCiEg=", right.lower(), "none")
    ]

    assert [answer.status_int for answer in answers] == [403, 403, 403]
    assert stored(database, "inbound_sms") == []
    assert asked(database) == []


def test_a_signature_for_another_address_is_forged(portal, database):
    elsewhere = signature(payload("twilio.form"), "http://localhost/sms/twilio")

    assert post_twilio(portal, "twilio.form", elsewhere).status_int == 403
    assert stored(database, "inbound_sms") == []


def test_twilio_is_answered_in_its_own_language(portal, town, database):
    town.welcome("anna")
    with town.transaction() as services:
        services.accounts.access_number("+48221000000").carrier = "twilio"

    answer = post_twilio(portal, "twilio.form")

    assert answer.status_int == 200
    assert answer.content_type == "text/xml"
    said = answer.xml.findall("Message")
    assert [each.text for each in said] == [
        "Calling +48600316058 now, then +48774417880. Please pick up."
    ]
    (reply,) = stored(database, "outbound_sms")
    assert reply["state"] == "answered"
    assert reply["sent_at"] is not None


def test_what_a_person_wrote_comes_back_escaped(portal, town):
    town.welcome("anna")
    with town.transaction() as services:
        services.accounts.access_number("+48221000000").carrier = "twilio"

    answer = post_twilio(portal, "twilio-awkward.form")

    assert "&lt;office&gt; &amp; home" in answer.text
    (said,) = answer.xml.findall("Message")
    assert said.text == 'Your phonebook has no entry "<office> & home".'


def test_twilio_is_answered_through_the_api_if_that_is_wished(
    transaction, town, database
):
    town.welcome("anna")
    with town.transaction() as services:
        services.accounts.access_number("+48221000000").carrier = "twilio"
    carriers = carriers_of(
        carriers__twilio__reply="api", carriers__twilio__account_sid="AC01"
    )

    answer = post_twilio(portal_of(transaction, carriers), "twilio.form")

    assert answer.xml.findall("Message") == []
    assert stored(database, "outbound_sms")[0]["state"] == "queued"


def test_a_reply_that_leaves_by_another_carrier_waits_for_the_outbox(
    portal, town, database
):
    town.welcome("anna")  # whose access number is the generic carrier's

    answer = post_twilio(portal, "twilio.form")

    assert answer.xml.findall("Message") == []
    assert stored(database, "outbound_sms")[0]["state"] == "queued"


def test_stop_belongs_to_twilio(portal, town, database):
    town.welcome("anna")

    answer = post_twilio(portal, "twilio-stop.form")

    assert answer.status_int == 200
    assert stored(database, "inbound_sms") == []


def test_a_report_on_delivery_is_no_message(portal):
    answer = post_twilio(portal, "twilio-status.form")

    assert answer.status_int == 400
    assert answer.text == "The form has no field called 'Body'.\n"


def test_a_carrier_without_an_address_finds_the_replies_in_the_answer(
    transaction, town, database
):
    town.welcome("anna")
    carriers = CarrierBook({"generic": Generic(Agreed(SECRET))})

    answer = post_generic(portal_of(transaction, carriers), "generic.json")

    (reply,) = answer.json["replies"]
    assert (reply["from"], reply["to"]) == ("+48221000000", ANNA)
    assert stored(database, "outbound_sms")[0]["state"] == "answered"


def test_the_door_says_what_it_cannot_take(portal, database):
    longest = b"text=" + b"a" * (64 * 1024)

    assert portal.get("/sms/generic", status=405).headers["Allow"] == "POST"
    assert portal.post("/sms/nobody", b"", status=404).text.endswith(".\n")
    assert portal.post("/sms/generic", longest, status=413).text.endswith(".\n")
    assert stored(database, "inbound_sms") == []


def test_while_the_database_is_away_the_carrier_is_asked_to_try_again(town, caplog):
    def away(*, write: bool = True):
        raise OperationalError("INSERT …", {"text": "P.secret"}, Exception("away"))

    portal = portal_of(away, carriers_of())

    assert post_generic(portal, "generic.json").status_int == 503
    assert "P.secret" not in caplog.text


def test_after_a_crash_the_second_try_makes_the_call(transaction, town, database):
    town.welcome("anna")
    portal = portal_of(transaction, carriers_of())
    opened = []

    def crashes_at_the_third(*, write: bool = True):
        opened.append(write)
        if len(opened) == 3:
            raise OperationalError("COMMIT", {}, Exception("the power is gone"))
        return transaction(write=write)

    first = post_generic(portal_of(crashes_at_the_third, carriers_of()), "generic.json")
    second = post_generic(portal, "generic.json")

    assert (first.status_int, second.status_int) == (503, 200)
    assert asked(database) == [(ANNA, OFFICE)]


@on_both
def test_the_same_message_ten_times_at_once_is_one_call_and_one_reply(
    transaction, town, database
):
    town.welcome("anna")
    portal = portal_of(transaction, carriers_of())
    together = Barrier(10)
    statuses = []

    def tell():
        together.wait()
        statuses.append(post_twilio(portal, "twilio.form").status_int)

    threads = [Thread(target=tell) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [200] * 10
    assert len(stored(database, "inbound_sms")) == 1
    assert asked(database) == [(ANNA, OFFICE)]
    assert len(stored(database, "outbound_sms")) == 1
    assert town.holds() == 1
