"""What each carrier's post is answered with: nothing, a word, or the replies."""

import json
from xml.etree import ElementTree as ET

import pytest

from portal.carriers.base import OutgoingSms
from tests.carriers.everyone import NAMES, everyone

BOOK = everyone()
REPLY = OutgoingSms(7, "any", "+48221000000", "+48600316058", "Tom & <Ann>")
OTHER = OutgoingSms(8, "any", "+48221000000", "+48600316058", "again")
SPEAKING = ["46elks", "kannel", "modem", "playsms", "plivo", "twilio"]


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(SPEAKING)))
def test_some_carriers_take_no_replies_in_the_answer(name):
    carrier = BOOK.named(name)

    assert carrier.answer([REPLY]).said == ()
    assert not carrier.replies_at_once


@pytest.mark.parametrize("name", SPEAKING)
def test_others_send_what_they_are_answered(name):
    carrier = BOOK.named(name)

    assert carrier.answer([REPLY]).said == (7,)
    assert carrier.replies_at_once


@pytest.mark.parametrize("name", ["46elks", "kannel", "playsms"])
def test_a_gateway_sends_the_whole_body_so_one_reply_is_all(name):
    answer = BOOK.named(name).answer([REPLY, OTHER])

    assert (answer.body, answer.content_type) == (REPLY.text, "text/plain")
    assert answer.said == (7,)
    assert BOOK.named(name).answer([]).body == ""


def test_jasmin_is_told_exactly_its_own_word():
    assert BOOK.named("jasmin").answer([]).body == "ACK/Jasmin"


def test_plivo_reads_who_sends_to_whom():
    answer = BOOK.named("plivo").answer([REPLY])

    (message,) = ET.fromstring(answer.body)  # noqa: S314 - we wrote it
    assert answer.content_type == "application/xml"
    assert message.attrib == {"src": "48221000000", "dst": "48600316058", "type": "sms"}
    assert message.text == REPLY.text


def test_plivo_may_be_answered_by_its_api():
    carrier = everyone(plivo__reply="api").named("plivo")

    assert carrier.answer([REPLY]).said == ()
    assert not carrier.replies_at_once


def test_a_forwarder_finds_its_replies_as_json():
    answer = BOOK.named("modem").answer([REPLY, OTHER])

    assert json.loads(answer.body) == {
        "replies": [
            {"id": "7", "to": "+48600316058", "text": "Tom & <Ann>"},
            {"id": "8", "to": "+48600316058", "text": "again"},
        ]
    }
