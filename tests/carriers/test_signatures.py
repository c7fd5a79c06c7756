"""Every carrier's signature: what the vendors' libraries accept, and nothing else."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from portal.carriers.base import Carrier, Forged, Hook
from portal.carriers.capcom6 import Capcom6
from portal.carriers.plivo import Plivo
from portal.carriers.sinch import Sinch
from portal.carriers.telnyx import Telnyx
from portal.carriers.twilio import Twilio
from portal.carriers.vonage import Vonage
from portal.carriers.vonage_messages import VonageMessages
from tests.carriers.posts import payload

VECTORS = json.loads(payload("signature-vectors.json"))["vectors"]
OURS = "https://sms.example.org/sms/carrier"


@dataclass(frozen=True)
class Signed:
    """A post that a vendor's library accepts."""

    name: str
    carrier: Carrier
    hook: Hook
    covers: frozenset[str]
    """What a changed octet of must be noticed: body, url."""


def signed() -> Iterator[Signed]:
    for number, vector in enumerate(VECTORS):
        yield from _signed(f"{vector['provider']}-{number}", vector)


def _signed(name: str, vector: dict) -> Iterator[Signed]:
    secret = vector.get("secret", "")
    body = vector.get("body", urlencode(vector.get("form", {}))).encode()
    at = {name.lower(): told for name, told in vector.get("headers", {}).items()}
    hook = Hook(vector.get("url", OURS), at, body, _moment(vector, at))
    match vector["provider"]:
        case "twilio":
            yield Signed(name, Twilio(secret), hook, frozenset({"body", "url"}))
        case "plivo-v2":
            carrier = Plivo(secret, version="v2")
            yield Signed(name, carrier, hook, frozenset({"url"}))
        case "plivo-v3":
            yield Signed(name, Plivo(secret), hook, frozenset({"body", "url"}))
        case "sinch":
            yield Signed(name, Sinch(secret), hook, frozenset({"body"}))
        case "telnyx":
            key = base64.b64decode(vector["public_key_b64"])
            yield Signed(name, Telnyx(key), hook, frozenset({"body"}))
        case "vonage-messages-jwt":
            yield Signed(name, VonageMessages(secret), hook, frozenset({"body"}))
        case "capcom6-android-sms-gateway":
            yield Signed(name, Capcom6(secret), hook, frozenset({"body"}))
        case "vonage-sms-legacy":
            methods = {**vector["sig_by_method"], "md5hash": vector["md5hash_variant"]}
            for method, sig in methods.items():
                form = urlencode({**vector["params"], "sig": sig}).encode()
                carrier = Vonage(secret, proof=method)
                yield Signed(
                    f"{name}-{method}",
                    carrier,
                    replace(hook, body=form),
                    frozenset({"body"}),
                )


def _moment(vector: dict, headers: dict[str, str]) -> datetime:
    """When the vendor signed it."""
    for name in ("telnyx-timestamp", "x-timestamp"):
        if name in headers:
            return datetime.fromtimestamp(int(headers[name]), UTC)
    if vector["provider"] == "sinch":
        return datetime.fromtimestamp(1634579353, UTC)
    return datetime.fromtimestamp(
        int(vector.get("params", {}).get("timestamp", 1700000000)), UTC
    )


CASES = list(signed())
each = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
of_body = pytest.mark.parametrize(
    "case",
    [case for case in CASES if "body" in case.covers],
    ids=lambda case: case.name,
)
of_address = pytest.mark.parametrize(
    "case",
    [case for case in CASES if "url" in case.covers],
    ids=lambda case: case.name,
)
timed = pytest.mark.parametrize(
    "case",
    [case for case in CASES if not isinstance(case.carrier, Twilio | Plivo)],
    ids=lambda case: case.name,
)


def changed_octets(octets: bytes) -> Iterator[bytes]:
    for at, octet in enumerate(octets):
        yield octets[:at] + bytes([octet ^ 1]) + octets[at + 1 :]


def is_believed(case: Signed, hook: Hook) -> bool:
    try:
        case.carrier.verify(hook)
    except Forged:
        return False
    return True


def test_there_is_a_vector_for_every_carrier_that_signs_with_a_shared_secret():
    assert len(CASES) == len(VECTORS) + 4  # five ways of Vonage's in one vector


@each
def test_what_the_vendor_signed_is_believed(case):
    case.carrier.verify(case.hook)


@of_body
def test_one_changed_octet_of_the_body_is_noticed(case):
    same = [
        body
        for body in changed_octets(case.hook.body)
        if is_believed(case, replace(case.hook, body=body))
        and not _means_the_same(case.hook, replace(case.hook, body=body))
    ]

    assert same == []


@of_address
def test_one_changed_octet_of_the_address_is_noticed(case):
    address = case.hook.url.partition("://")[2].encode()
    if isinstance(case.carrier, Plivo):
        address = address.partition(b"?")[0]

    for other in changed_octets(address):
        url = f"https://{other.decode()}"
        assert not is_believed(case, replace(case.hook, url=url)), url
    assert not is_believed(
        case, replace(case.hook, url=case.hook.url.replace("https", "http"))
    )


@each
def test_one_changed_octet_of_any_header_is_noticed(case):
    for name, value in case.hook.headers.items():
        if name.endswith("algorithm"):  # it is ours to choose, not the post's
            continue
        scheme, space, told = value.rpartition(" ")
        for other in changed_octets(told.encode()):
            headers = {name: f"{scheme}{space}{other.decode()}"}
            hook = replace(case.hook, headers={**case.hook.headers, **headers})
            assert not is_believed(case, hook), headers


@each
def test_a_header_that_is_missing_is_noticed(case):
    for name in case.hook.headers:
        if name.endswith("algorithm"):
            continue
        left = {key: told for key, told in case.hook.headers.items() if key != name}
        assert not is_believed(case, replace(case.hook, headers=left)), name


@timed
def test_what_was_signed_more_than_five_minutes_ago_is_refused(case):
    for minutes, believed in ((-6, False), (-4, True), (4, True), (6, False)):
        now = case.hook.received_at + timedelta(minutes=minutes)
        assert is_believed(case, replace(case.hook, received_at=now)) == believed


def _means_the_same(hook: Hook, other: Hook) -> bool:
    """A form may be spelled in several ways: `%C3` and `%c3`."""
    try:
        return not hook.is_json and hook.form == other.form
    except Exception:  # noqa: BLE001 - whatever cannot be read means something else
        return False
