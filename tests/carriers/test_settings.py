"""The carriers' settings: what an operator may write, and what is said if not."""

import pytest

from domain.settings import BadSettings, SettingsReader
from portal.carriers.settings import read_carriers
from tests.carriers.posts import ENVIRON, carriers_of


def faults(section, environ=ENVIRON):
    reader = SettingsReader("portal", section, environ)
    read_carriers(reader)
    with pytest.raises(BadSettings) as bad:
        reader.check()
    return bad.value.faults


def test_an_operator_lists_the_carriers():
    book = carriers_of(carriers="twilio")

    assert book.named("twilio").name == "twilio"
    assert book.named("generic") is None


def test_without_the_setting_there_are_no_carriers():
    book = carriers_of(carriers="")

    assert not book.carriers


def test_every_fault_is_told_at_once():
    section = {
        "carriers": "generic pigeon twilio",
        "carriers.generic.send_url": "nowhere",
        "carriers.twilio.reply": "api",
    }

    assert faults(section, environ={}) == [
        (
            "carriers.generic.secret is missing: "
            "set PORTAL_CARRIERS_GENERIC_SECRET to 8 characters or more"
        ),
        "carriers.generic.send_url is 'nowhere', not an http:// or https:// address",
        (
            "carriers lists 'pigeon'; the known ones are: 46elks aws bandwidth capcom6 "
            "generic httpsms infobip jasmin kannel modem playsms plivo sinch smseagle "
            "telnyx twilio vonage vonage_messages"
        ),
        "carriers.twilio.account_sid is needed to reply by the api",
        (
            "carriers.twilio.auth_token is missing: "
            "set PORTAL_CARRIERS_TWILIO_AUTH_TOKEN to 8 characters or more"
        ),
    ]


def test_twilio_replies_in_one_of_two_ways():
    section = {"carriers": "twilio", "carriers.twilio.reply": "pigeon"}

    assert faults(section) == ["carriers.twilio.reply is 'pigeon', not twiml or api"]


def test_no_secret_is_shown_by_chance():
    shown = repr(carriers_of())

    assert not any(secret in shown for secret in ENVIRON.values())
