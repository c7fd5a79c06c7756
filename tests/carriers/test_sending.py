"""What each carrier is sent, and what its answer means."""

import base64
import json
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from requests import Session

from portal.carriers.base import OutgoingSms, Undelivered
from tests.carriers.everyone import SECRET, everyone
from tests.carriers.exchange import exchange

MESSAGE = OutgoingSms(7, "any", "+48221000000", "+48600316058", "Cześć")

OURS, THEIRS = "48221000000", "48600316058"


def basic(login):
    return "Basic " + base64.b64encode(f"{login}:{SECRET}".encode()).decode()


FORM = "form"
JSON = "json"
QUERY = "query"

CASES = {
    "46elks": (
        "/a1/sms",
        (FORM, {"from": f"+{OURS}", "to": f"+{THEIRS}", "message": "Cześć"}),
        {"Authorization": basic("u1")},
        ({"id": "s1"}, "s1"),
    ),
    "aws": (
        "/",
        (
            JSON,
            {
                "DestinationPhoneNumber": f"+{THEIRS}",
                "OriginationIdentity": f"+{OURS}",
                "MessageBody": "Cześć",
            },
        ),
        {"x-amz-target": "PinpointSMSVoiceV2.SendTextMessage"},
        ({"MessageId": "m1"}, "m1"),
    ),
    "bandwidth": (
        "/api/v2/users/5/messages",
        (
            JSON,
            {
                "applicationId": "app-1",
                "from": f"+{OURS}",
                "to": [f"+{THEIRS}"],
                "text": "Cześć",
                "tag": "7",
            },
        ),
        {"Authorization": basic("token")},
        ({"id": "b1"}, "b1"),
    ),
    "capcom6": (
        "/messages",
        (JSON, {"phoneNumbers": [f"+{THEIRS}"], "textMessage": {"text": "Cześć"}}),
        {"Authorization": basic("me")},
        ({"id": "c1"}, "c1"),
    ),
    "httpsms": (
        "/v1/messages/send",
        (
            JSON,
            {
                "from": f"+{OURS}",
                "to": f"+{THEIRS}",
                "content": "Cześć",
                "request_id": "7",
            },
        ),
        {"x-api-key": SECRET},
        ({"data": {"id": "h1"}}, "h1"),
    ),
    "infobip": (
        "/sms/3/messages",
        (
            JSON,
            {
                "messages": [
                    {
                        "sender": OURS,
                        "destinations": [{"to": THEIRS}],
                        "content": {"text": "Cześć"},
                    }
                ]
            },
        ),
        {"Authorization": f"App {SECRET}"},
        ({"messages": [{"messageId": "i1"}]}, "i1"),
    ),
    "jasmin": (
        "/send",
        (
            FORM,
            {
                "username": "us",
                "password": SECRET,
                "from": f"+{OURS}",
                "to": f"+{THEIRS}",
                "coding": "8",
                "hex-content": "Cześć".encode("utf-16-be").hex(),
            },
        ),
        {},
        ('Success "j1"', "j1"),
    ),
    "kannel": (
        "/cgi-bin/sendsms",
        (
            QUERY,
            {
                "username": "us",
                "password": SECRET,
                "from": f"+{OURS}",
                "to": f"+{THEIRS}",
                "text": "Cześć",
                "charset": "UTF-8",
                "coding": "2",
            },
        ),
        {},
        ("0: Accepted for delivery", ""),
    ),
    "playsms": (
        "/index.php",
        (
            QUERY,
            {
                "app": "ws",
                "op": "pv",
                "u": "us",
                "h": SECRET,
                "from": f"+{OURS}",
                "to": f"+{THEIRS}",
                "msg": "Cześć",
                "unicode": "1",
            },
        ),
        {},
        ({"data": [{"status": "OK", "smslog_id": 5}]}, "5"),
    ),
    "plivo": (
        "/v1/Account/MA1/Message/",
        (JSON, {"src": OURS, "dst": THEIRS, "text": "Cześć"}),
        {"Authorization": basic("MA1")},
        ({"message_uuid": ["p1"]}, "p1"),
    ),
    "sinch": (
        "/xms/v1/plan/batches",
        (
            JSON,
            {"from": OURS, "to": [THEIRS], "body": "Cześć", "client_reference": "7"},
        ),
        {"Authorization": f"Bearer {SECRET}"},
        ({"id": "s1"}, "s1"),
    ),
    "smseagle": (
        "/http_api/send_sms",
        (
            QUERY,
            {
                "access_token": SECRET,
                "to": f"+{THEIRS}",
                "message": "Cześć",
                "unicode": "1",
            },
        ),
        {},
        ("OK; ID=5", "5"),
    ),
    "telnyx": (
        "/v2/messages",
        (JSON, {"from": f"+{OURS}", "to": f"+{THEIRS}", "text": "Cześć"}),
        {"Authorization": f"Bearer {SECRET}"},
        ({"data": {"id": "t1"}}, "t1"),
    ),
    "twilio": (
        "/2010-04-01/Accounts/AC1/Messages.json",
        (FORM, {"From": f"+{OURS}", "To": f"+{THEIRS}", "Body": "Cześć"}),
        {"Authorization": basic("AC1")},
        ({"sid": "SM1"}, "SM1"),
    ),
    "vonage": (
        "/sms/json",
        (
            FORM,
            {
                "api_key": "abcd1234",
                "api_secret": SECRET,
                "from": OURS,
                "to": THEIRS,
                "text": "Cześć",
                "type": "unicode",
                "client-ref": "7",
            },
        ),
        {},
        ({"messages": [{"status": "0", "message-id": "v1"}]}, "v1"),
    ),
    "vonage_messages": (
        "/v1/messages",
        (
            JSON,
            {
                "channel": "sms",
                "message_type": "text",
                "from": OURS,
                "to": THEIRS,
                "text": "Cześć",
                "client_ref": "7",
            },
        ),
        {"Authorization": basic("abcd1234")},
        ({"message_uuid": "v2"}, "v2"),
    ),
}


@pytest.fixture
def company():
    with exchange() as told:
        yield told


def carrier_at(company, name):
    more = {"twilio__account_sid": "AC1"} if name == "twilio" else {}
    return everyone(**{f"{name}__api": company.url}, **more).named(name)


def what_was_sent(path: str, body: bytes, kind: str) -> object:
    if kind == JSON:
        return json.loads(body)
    told = urlsplit(path).query if kind == QUERY else body.decode()
    return {name: values[0] for name, values in parse_qs(told).items()}


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_message_goes_out_as_the_carrier_wants_it(name, company):
    path, (kind, sent), headers, (answer, known_as) = CASES[name]
    company.answer = answer

    told = carrier_at(company, name).send(MESSAGE, Session())

    assert told == known_as
    ((asked, had, body),) = company.posts
    assert urlsplit(asked).path == path
    assert what_was_sent(asked, body, kind) == sent
    assert headers.items() <= had.items()


ALPHABETS = {
    "jasmin": ("coding", "0", "8"),
    "kannel": ("coding", "0", "2"),
    "playsms": ("unicode", "0", "1"),
    "smseagle": ("unicode", "0", "1"),
    "vonage": ("type", "text", "unicode"),
}


@pytest.mark.parametrize("name", sorted(ALPHABETS))
@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Your balance is $10.00.", True),
        ("¿Está llamando à Åsa? Ñandú, Größe: 5 €", False),
        ("¿Llamamos à Åsa? Ñ, Größe: [5 €]", True),
        ("Il vous reste 5 € : façon", False),
        ("a `quoted` word", False),
        ("Cześć 😀", False),
    ],
)
def test_a_carrier_is_told_the_alphabet_that_every_phone_needs(
    name, text, short, company
):
    """Not ASCII, but the short alphabet of GSM: a letter more may double the price."""
    _, (kind, _), _, (answer, _) = CASES[name]
    option, if_short, if_long = ALPHABETS[name]
    company.answer = answer

    carrier_at(company, name).send(replace(MESSAGE, text=text), Session())

    ((asked, _, body),) = company.posts
    assert what_was_sent(asked, body, kind)[option] == (if_short if short else if_long)


@pytest.mark.parametrize("name", sorted(CASES))
@pytest.mark.parametrize(("status", "again"), [(503, True), (429, True), (400, False)])
def test_a_status_says_whether_to_try_again(name, company, status, again):
    company.statuses = [status]

    with pytest.raises(Undelivered) as fault:
        carrier_at(company, name).send(MESSAGE, Session())

    assert fault.value.retry is again
    assert "Cześć" not in str(fault.value)


@pytest.mark.parametrize(
    ("name", "answer", "again"),
    [
        ("vonage", {"messages": [{"status": "1"}]}, True),
        ("vonage", {"messages": [{"status": "4", "error-text": "secret"}]}, False),
        ("vonage", "no json", False),
        ("playsms", {"data": [{"status": "ERR"}]}, False),
        ("jasmin", 'Error "No route"', False),
        ("smseagle", "Wrong parameters", False),
    ],
)
def test_a_refusal_inside_an_answer_of_200_is_one(name, answer, again, company):
    company.answer = answer

    with pytest.raises(Undelivered) as fault:
        carrier_at(company, name).send(MESSAGE, Session())

    assert fault.value.retry is again
    assert "secret" not in str(fault.value)


def test_a_forwarder_cannot_be_rung_up():
    with pytest.raises(Undelivered) as fault:
        everyone().named("modem").send(MESSAGE, Session())

    assert fault.value.retry
