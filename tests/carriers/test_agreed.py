"""A carrier without a way of its own: proved as agreed with it, and not otherwise."""

import base64
import hmac
import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from requests import Session

from domain.settings import BadSettings
from portal.carriers.base import OutgoingSms
from tests.carriers.exchange import exchange
from tests.carriers.posts import SECRET, carriers_of, portal_of, stored
from tests.people import ACCESS_NUMBER, ANNA, NOON

FIELDS = {"id": "1", "from": ANNA, "to": ACCESS_NUMBER, "text": "I"}
BODY = urlencode(FIELDS).encode()
DIGEST = hmac.digest(SECRET.encode(), BODY, "sha256")
BASIC = "Basic " + base64.b64encode(f"generic:{SECRET}".encode()).decode()


def agreed(transaction, way, **more):
    changes = {f"carriers__generic__{name}": told for name, told in more.items()}
    book = carriers_of(carriers__generic__proof=way, **changes)
    return portal_of(transaction, book)


@pytest.mark.parametrize(
    ("way", "query", "headers", "body"),
    [
        ("header", "", {"X-Secret": SECRET}, BODY),
        ("field", f"?secret={SECRET}", {}, BODY),
        ("field", "", {}, BODY + f"&secret={SECRET}".encode()),
        ("basic", "", {"Authorization": BASIC}, BODY),
        ("hmac", "", {"X-Signature": DIGEST.hex()}, BODY),
        ("hmac", "", {"X-Signature": f"sha256={DIGEST.hex().upper()}"}, BODY),
        ("hmac", "", {"X-Signature": base64.b64encode(DIGEST).decode()}, BODY),
    ],
)
def test_a_post_is_proved_as_agreed(
    transaction, town, database, way, query, headers, body
):
    portal = agreed(transaction, way)

    portal.post(f"/sms/generic{query}", body, headers=headers, status=200)

    assert len(stored(database, "inbound_sms")) == 1
    assert SECRET not in str(stored(database, "inbound_sms"))


@pytest.mark.parametrize("told", [DIGEST.hex(), base64.b64encode(DIGEST).decode()])
def test_a_signature_is_compared_in_a_time_that_tells_nothing(
    transaction, town, compared, told
):
    portal = agreed(transaction, "hmac")

    portal.post("/sms/generic", BODY, headers={"X-Signature": told}, status=200)

    assert told.encode() in compared


@pytest.mark.parametrize("way", ["header", "field", "basic", "hmac"])
@pytest.mark.parametrize(
    ("query", "headers", "body"),
    [
        ("", {}, BODY),
        ("?secret=", {"X-Secret": "", "X-Signature": ""}, BODY),
        ("?secret=guessed", {"X-Secret": "guessed", "X-Signature": "00"}, BODY),
        ("", {"Authorization": "Basic Z3Vlc3NlZDpndWVzc2Vk"}, BODY),
        ("", {"X-Signature": DIGEST.hex()}, BODY.replace(b"text=I", b"text=X")),
        ("", {"X-Signature": SECRET}, BODY),
        ("", {}, b"\xff"),
    ],
)
def test_nothing_else_proves_it(transaction, town, database, way, query, headers, body):
    portal = agreed(transaction, way)

    portal.post(f"/sms/generic{query}", body, headers=headers, status=403)

    assert stored(database, "inbound_sms") == []


def test_a_field_may_be_called_as_the_gateway_calls_it(transaction, town):
    portal = agreed(transaction, "field", secret_field="pw", get="true")

    portal.get("/sms/generic", {**FIELDS, "pw": SECRET}, status=200)
    portal.get("/sms/generic", {**FIELDS, "secret": SECRET}, status=403)


@pytest.mark.parametrize("name", ["channel", "reference", "type", "messageId"])
@pytest.mark.parametrize(
    "told", [SECRET, "older", ["older"], {"id": "older"}, '{"id": "older"}']
)
def test_the_field_of_the_proof_is_shown_by_no_name(
    transaction, town, database, name, told
):
    portal = agreed(transaction, "field", secret_field=name)

    portal.post_json(f"/sms/generic?{name}={SECRET}", {**FIELDS, name: told})

    (row,) = stored(database, "inbound_sms")
    assert json.loads(row["posted"]) == {**FIELDS, name: "***"}


@pytest.mark.parametrize("write", [json.dumps, urlencode])
def test_a_secret_is_shown_wherever_it_stands_by_no_name(
    transaction, town, database, write
):
    portal = agreed(transaction, "header", fields__id="reference")
    body = {**FIELDS, "channel": SECRET, "type": f" {SECRET} ", "reference": SECRET}

    portal.post("/sms/generic", write(body), headers={"X-Secret": SECRET})

    (row,) = stored(database, "inbound_sms")
    assert row["posted"].count("***") == 3
    assert SECRET not in row["posted"]


@pytest.mark.parametrize(
    ("way", "header", "shows"),
    [
        ("header", "X-Secret", lambda _: SECRET),
        ("field", "X-Secret", lambda _: SECRET),
        ("basic", "Authorization", lambda _: BASIC),
        (
            *("hmac", "X-Signature"),
            lambda body: hmac.digest(SECRET.encode(), body, "sha256").hex(),
        ),
    ],
)
def test_our_own_posts_are_proved_the_same_way(way, header, shows):
    with exchange() as carrier:
        changes = {
            "carriers__generic__proof": way,
            "carriers__generic__send_url": f"{carrier.url}/messages",
        }
        message = OutgoingSms(7, "generic", ACCESS_NUMBER, ANNA, "Cześć")
        carriers_of(**changes).named("generic").send(message, Session())

    ((_, headers, body),) = carrier.posts
    assert headers[header] == shows(body)
    assert way != "hmac" or SECRET not in str(headers)


def signed(portal, told, **more):
    body = urlencode(told).encode()
    proof = hmac.digest(SECRET.encode(), body, "sha256").hex()
    return portal.post("/sms/generic", body, headers={"X-Signature": proof}, **more)


@pytest.mark.parametrize("more", [{}, {"id": " ", "time": " "}])
def test_a_signed_post_that_anybody_could_repeat_is_refused(
    transaction, database, more
):
    """Of the same content ten minutes later nobody could tell that it is a copy."""
    portal = agreed(transaction, "hmac")
    told = {name: told for name, told in FIELDS.items() if name != "id"} | more

    answer = signed(portal, told, status=400)

    assert "needs an id or a time" in answer.text
    assert stored(database, "inbound_sms") == []


def test_a_copy_of_a_signed_post_is_known_by_its_time(transaction, town, database):
    town.welcome("anna")
    told = {name: told for name, told in FIELDS.items() if name != "id"}
    carriers = carriers_of(carriers__generic__proof="hmac")

    for later in (timedelta(0), timedelta(days=1)):
        portal = portal_of(transaction, carriers, now=lambda later=later: NOON + later)
        signed(portal, told | {"time": "12:00"}, status=200)

    assert len(stored(database, "inbound_sms")) == 1


def test_what_is_only_in_an_address_cannot_be_signed():
    with pytest.raises(BadSettings, match="get cannot be: only a body is signed"):
        carriers_of(carriers__generic__proof="hmac", carriers__generic__get="true")


def test_signed_posts_have_a_field_by_which_copies_are_known():
    changes = {"fields__id": "", "fields__time": "", "proof": "hmac"}

    with pytest.raises(BadSettings, match="time is needed where there is no"):
        carriers_of(
            **{f"carriers__generic__{name}": told for name, told in changes.items()}
        )
