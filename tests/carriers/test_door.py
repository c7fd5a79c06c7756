"""The door for every kind of carrier: methods, sizes, characters, unknown numbers."""

import pytest

from tests.carriers.everyone import NAMES, TOPIC, everyone, post_of
from tests.carriers.posts import PAYLOADS, carriers_of, portal_of, stored
from tests.databases import on_both
from tests.people import ACCESS_NUMBER, ANNA

BY_GET = ["jasmin", "kannel", "playsms", "smseagle", "twilio", "vonage"]


@pytest.mark.parametrize("name", NAMES)
def test_a_carrier_may_get_only_where_it_does(transaction, name):
    portal = portal_of(transaction, everyone())

    answer = portal.get(f"/sms/{name}", expect_errors=True)

    assert answer.status_int == (403 if name in BY_GET else 405)
    if name not in BY_GET:
        assert answer.headers["Allow"] == "POST"


def test_other_methods_are_named(transaction):
    portal = portal_of(transaction, everyone())

    answer = portal.put("/sms/kannel", b"", expect_errors=True)

    assert (answer.status_int, answer.headers["Allow"]) == (405, "GET, POST")


@pytest.mark.parametrize(
    "name",
    sorted(
        f"{path.parent.name}/{path.stem}"
        for path in (PAYLOADS / "posts").glob("*/*.http")
    ),
)
def test_every_post_is_taken_and_a_copy_of_it_changes_nothing(
    transaction, database, name
):
    portal = portal_of(transaction, everyone())
    post = post_of(name)

    for _ in range(2):
        answer = portal.request(
            post.target, method=post.method, headers=post.headers, body=post.body
        )
        assert answer.status_int == 200
        once = len(stored(database, "inbound_sms")), len(stored(database, "sms_parts"))

    again = len(stored(database, "inbound_sms")), len(stored(database, "sms_parts"))
    assert again == once


@on_both
@pytest.mark.parametrize("words", ["\x00I", "I\x07", "\u202eI", "\ufeffI", "\ufffe"])
def test_no_sign_in_a_text_upsets_a_database(transaction, town, database, words):
    town.welcome("anna")
    portal = portal_of(transaction, carriers_of())
    told = {"id": "1", "from": ANNA, "to": ACCESS_NUMBER, "text": words}

    portal.post_json("/sms/generic", told, headers={"X-Secret": "shared-by-us-two"})

    (message,) = stored(database, "inbound_sms")
    assert message["state"] == "worked"


def test_a_message_to_a_number_that_is_not_ours_is_kept_and_not_worked(
    transaction, town, database, caplog
):
    town.welcome("anna")
    portal = portal_of(transaction, carriers_of())
    told = {"id": "1", "from": ANNA, "to": "+48229999999", "text": "D.48774417880"}

    portal.post_json("/sms/generic", told, headers={"X-Secret": "shared-by-us-two"})

    (message,) = stored(database, "inbound_sms")
    assert message["outcome"] == "unknown_access_number"
    assert stored(database, "call_requests") == []
    assert stored(database, "outbound_sms") == []


def test_each_access_number_has_its_carrier_language_and_country(
    transaction, town, database
):
    town.welcome("anna")
    with transaction() as services:
        services.accounts.open_access_number(
            "+442071838750", carrier="vonage", language="fr", country="GB"
        )
    portal = portal_of(transaction, carriers_of())
    told = {"id": "1", "from": ANNA, "to": "+442071838750", "text": "D.020 7946 0018"}

    portal.post_json("/sms/generic", told, headers={"X-Secret": "shared-by-us-two"})

    (request,) = stored(database, "call_requests")
    assert request["leg_b"] == "+442079460018"
    (reply,) = stored(database, "outbound_sms")
    assert (reply["carrier"], reply["sender"]) == ("vonage", "+442071838750")
    assert reply["text"].startswith("Nous appelons")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("changes", [{"generic__proof": "field"}, {}])
@pytest.mark.parametrize("told", ["\ud800", "\udfff\ud800", "x\x00"])
def test_half_a_character_proves_nothing_wherever_it_stands(
    transaction, database, name, changes, told
):
    """Whoever has proved nothing shall upset nothing."""
    portal = portal_of(transaction, everyone(**changes))
    proofs = ("secret", "authcode", "apikey", "sig", "Signature", "SigningCertURL")
    body = {"TopicArn": TOPIC} | dict.fromkeys([*proofs, told], told)

    for target in (f"/sms/{name}", f"/sms/{name}?secret=%ED%A0%80&authcode="):
        portal.post_json(target, body, status=403)
        portal.post_json(target, body | {"TopicArn": told}, status=403)
    assert stored(database, "inbound_sms") == []


@pytest.mark.parametrize("proof", ["sha256", "md5hash"])
def test_vonage_could_not_have_signed_half_a_character(transaction, proof):
    portal = portal_of(transaction, everyone(vonage__proof=proof))

    portal.post_json("/sms/vonage", {"text": "\ud800", "sig": "00"}, status=403)


def test_each_of_plivos_signatures_is_compared_in_a_time_that_tells_nothing(
    transaction, compared
):
    portal = portal_of(transaction, everyone())
    headers = {"X-Plivo-Signature-V3": "one, two"}

    portal.post("/sms/plivo", "Text=I", headers=headers, status=403)

    assert compared == [b"one", b"two"]
