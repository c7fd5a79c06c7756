"""Messages, from a handset to the portal and back."""

import re

import pytest

ANNA = "+48600316058"
ACCESS = "+48221234567"
SECRET = {"X-Secret": "between-us"}


def test_annas_message_reaches_the_portal_as_the_generic_carriers(web, portal):
    portal.says = (200, b'{"accepted": true}')

    sent = web.post_json(
        f"/handsets/{ANNA}/sms", {"to": ACCESS, "text": "D.48774417880"}
    ).json

    [(headers, message)] = portal.received
    assert headers["X-Secret"] == "between-us"
    assert headers["Content-Type"] == "application/json"
    assert message == {
        "id": sent["id"],
        "from": ANNA,
        "to": ACCESS,
        "text": "D.48774417880",
    }
    assert (sent["status"], sent["answer"]) == (200, {"accepted": True})


def test_annas_message_is_on_her_own_screen(web, portal):
    web.post_json(f"/handsets/{ANNA}/sms", {"to": ACCESS, "text": "I"})

    [shown] = web.get(f"/handsets/{ANNA}").json["sms"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT.*\+00:00", shown.pop("at"))
    assert shown == {
        "sender": ANNA,
        "recipient": ACCESS,
        "text": "I",
        "direction": "out",
    }


def test_an_empty_message_is_a_message_and_each_has_its_own_id(web, portal):
    for _ in range(2):
        web.post_json(f"/handsets/{ANNA}/sms", {"to": ACCESS, "text": ""})

    assert [message["text"] for _, message in portal.received] == ["", ""]
    assert len({message["id"] for _, message in portal.received}) == 2


@pytest.mark.parametrize(
    ("portal_says", "status"), [(403, 403), (500, 500), (302, 502)]
)
def test_what_the_portal_refuses_is_refused_and_told(web, portal, portal_says, status):
    portal.says = (portal_says, b"wrong secret")

    refused = web.post_json(
        f"/handsets/{ANNA}/sms", {"to": ACCESS, "text": "I"}, status=status
    ).json

    assert refused["answer"] == "wrong secret"
    assert str(portal_says) in refused["error"]


def test_a_portal_that_is_down_is_told_in_a_sentence(web, portal, portal_url):
    portal.shutdown()
    portal.server_close()

    refused = web.post_json(
        f"/handsets/{ANNA}/sms", {"to": ACCESS, "text": "I"}, status=502
    )

    assert portal_url in refused.json["error"]


def test_the_portals_reply_is_shown_on_the_handset_once(web):
    reply = {"id": "7", "from": ACCESS, "to": ANNA, "text": "Calling you now."}

    answers = [
        web.post_json("/carrier/messages", reply, headers=SECRET).json for _ in range(2)
    ]

    assert answers == [{"id": "7"}, {"id": "7"}]
    [shown] = web.get(f"/handsets/{ANNA}").json["sms"]
    assert (shown["sender"], shown["direction"]) == (ACCESS, "in")
    assert shown["text"] == "Calling you now."


@pytest.mark.parametrize("headers", [{}, {"X-Secret": "guessed"}])
def test_a_reply_without_the_carriers_secret_is_not_shown(web, headers):
    reply = {"id": "7", "from": ACCESS, "to": ANNA, "text": "Send me your PIN."}

    refused = web.post_json("/carrier/messages", reply, headers=headers, status=403)

    assert "X-Secret" in refused.json["error"]
    assert web.get(f"/handsets/{ANNA}").json["sms"] == []


def test_a_reply_to_no_telephone_is_refused_and_may_be_put_right(web):
    reply = {"id": "7", "from": ACCESS, "to": "Anna", "text": "Hello"}
    refused = web.post_json("/carrier/messages", reply, headers=SECRET, status=400)

    web.post_json("/carrier/messages", {**reply, "to": ANNA}, headers=SECRET)

    assert "Anna" in refused.json["error"]
    assert len(web.get(f"/handsets/{ANNA}").json["sms"]) == 1
