"""Twilio's signature, against vectors that its own library accepts."""

import json
from urllib.parse import urlencode

import pytest

from portal.carriers.base import Forged, Hook
from portal.carriers.twilio import Twilio, spellings
from tests.carriers.posts import payload
from tests.people import NOON

VECTORS = json.loads(payload("twilio-signatures.json"))


def hook(vector, **changes):
    told = vector | changes
    return Hook(
        url=told["url"],
        headers={"x-twilio-signature": told["signature"]},
        body=urlencode(told["form"]).encode(),
        received_at=NOON,
    )


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["url"])
def test_what_twilio_signed_is_believed_with_and_without_the_port(vector):
    twilio = Twilio(vector["auth_token"])

    for url in spellings(vector["url"]):
        twilio.verify(hook(vector, url=url))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["url"])
def test_whatever_was_changed_on_the_way_is_forged(vector):
    twilio = Twilio(vector["auth_token"])
    changed = {
        "url": vector["url"].replace("https", "http"),
        "form": vector["form"] | {"From": "+15005550007"},
        "signature": vector["signature"].swapcase(),
    }

    for part, value in changed.items():
        with pytest.raises(Forged):
            twilio.verify(hook(vector, **{part: value}))
    with pytest.raises(Forged):
        Twilio("another token").verify(hook(vector))


def test_a_body_that_is_no_form_is_forged():
    vector = VECTORS[0]
    bytes_only = Hook(
        url=vector["url"],
        headers={"x-twilio-signature": vector["signature"]},
        body=b"Body=%FF\xfe",
        received_at=NOON,
    )

    with pytest.raises(Forged):
        Twilio(vector["auth_token"]).verify(bytes_only)
