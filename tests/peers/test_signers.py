"""What the vendors' own libraries sign is believed, and what ours signs they accept.

The libraries are heavy and only here of any use: `make test-peers` gives them an
environment of their own.
"""

import hashlib
import json
import secrets
import time
from base64 import b64encode
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.carriers.base import Forged, Hook
from portal.carriers.plivo import Plivo
from portal.carriers.proofs import base64_hmac
from portal.carriers.sigv4 import Key, signed
from portal.carriers.sinch import Sinch
from portal.carriers.telnyx import Telnyx
from portal.carriers.twilio import Twilio
from portal.carriers.vonage import Vonage
from portal.carriers.vonage_messages import VonageMessages

pytestmark = pytest.mark.peers

URL = "https://sms.example.org/sms/carrier"
SECRET = "a-secret-of-two-0123456789-0123456789"
NOW = datetime.now(UTC)
TIME = str(int(NOW.timestamp()))

random_messages = settings(
    max_examples=200, deadline=None, suppress_health_check=list(HealthCheck)
)
texts = st.text(st.characters(exclude_categories=["Cs"], min_codepoint=32), max_size=80)
forms = st.fixed_dictionaries(
    {"From": texts, "To": texts, "Text": texts, "Id": st.uuids().map(str)},
    optional={"Blank": st.just(""), "Ünlaut": texts, "a&b=c": texts},
)


def hook(body="", url=URL, **headers):
    named = {name.lower().replace("_", "-"): told for name, told in headers.items()}
    octets = body.encode() if isinstance(body, str) else urlencode(body).encode()
    return Hook(url, named, octets, NOW)


def assert_only_this(carrier, right: Hook, *others: Hook) -> None:
    carrier.verify(right)
    for other in others:
        with pytest.raises(Forged):
            carrier.verify(other)


@random_messages
@given(forms)
def test_twilio(form):
    validator = pytest.importorskip("twilio.request_validator")
    proof = validator.RequestValidator(SECRET).compute_signature(URL, form)

    assert_only_this(
        Twilio(SECRET),
        hook(form, X_Twilio_Signature=proof),
        hook(form | {"Id": "other"}, X_Twilio_Signature=proof),
    )


@random_messages
@given(forms, st.sampled_from(["", "?b=2&a=1", "?a=1&a=0"]))
def test_plivo_version_3(form, query):
    theirs = pytest.importorskip("plivo.utils.signature_v3")
    nonce, url = secrets.token_hex(8), URL + query
    base = theirs.construct_post_url(url, dict(form)).decode()
    proof = theirs.get_signature_v3(SECRET.encode(), base, nonce.encode()).decode()
    told = {"X_Plivo_Signature_V3": proof, "X_Plivo_Signature_V3_Nonce": nonce}

    assert_only_this(
        Plivo(SECRET), hook(form, url, **told), hook(form | {"Id": "x"}, url, **told)
    )


@random_messages
@given(st.from_regex(r"[0-9]{5,20}", fullmatch=True))
def test_plivo_version_2(nonce):
    theirs = pytest.importorskip("plivo.utils")
    carrier = Plivo(SECRET, version="v2")
    told = {"X_Plivo_Signature_V2_Nonce": nonce}
    proof = base64_hmac(SECRET, f"{URL}{nonce}".encode(), "sha256")

    assert theirs.validate_signature(URL, nonce, proof, SECRET)
    carrier.verify(hook(**told, X_Plivo_Signature_V2=proof))


@random_messages
@given(forms, st.sampled_from(["md5", "sha1", "sha256", "sha512"]))
def test_vonage(form, method):
    theirs = pytest.importorskip("vonage_http_client.auth")
    auth = theirs.Auth(api_key="key", signature_secret=SECRET, signature_method=method)
    told = form | {"timestamp": TIME, "nonce": secrets.token_hex(4)}
    sig = auth.sign_params(dict(told))

    assert_only_this(
        Vonage(SECRET, proof=method),
        hook(told | {"sig": sig}),
        hook(told | {"sig": sig, "Id": "other"}),
    )


@random_messages
@given(forms)
def test_vonage_messages(form):
    theirs = pytest.importorskip("vonage_jwt")
    jwt = pytest.importorskip("jwt")
    body = json.dumps(form)
    digest = hashlib.sha256(body.encode()).hexdigest()
    claims = {"iat": int(TIME), "payload_hash": digest, "jti": secrets.token_hex(4)}
    token = jwt.encode(claims, SECRET, algorithm="HS256")

    assert theirs.verify_signature(token, SECRET)
    assert_only_this(
        VonageMessages(SECRET),
        hook(body, Authorization=f"Bearer {token}"),
        hook(f"{body} ", Authorization=f"Bearer {token}"),
    )


@random_messages
@given(forms)
def test_telnyx(form):
    telnyx = pytest.importorskip("telnyx")
    nacl = pytest.importorskip("nacl.signing")
    key, now = nacl.SigningKey(hashlib.sha256(SECRET.encode()).digest()), time.time()
    body = json.dumps({"data": {"payload": form}})
    octets = f"{int(now)}|{body}".encode()
    proof = b64encode(key.sign(octets).signature).decode()
    public = bytes(key.verify_key)
    told = {"Telnyx_Signature_Ed25519": proof, "Telnyx_Timestamp": str(int(now))}
    carrier = Telnyx(public)

    named = {name.replace("_", "-"): value for name, value in told.items()}
    client = telnyx.Telnyx(api_key="none")
    client.webhooks.unwrap(body, headers=named, key=public)
    assert_only_this(carrier, hook(body, **told), hook(f"{body} ", **told))


@random_messages
@given(forms)
def test_sinch(form):
    theirs = pytest.importorskip(
        "sinch.domains.authentication.sinch_events.v1.authentication_validation"
    )
    body, nonce = json.dumps(form), secrets.token_hex(8)
    data = theirs.compute_signed_data(body, nonce, TIME)
    name = "x_sinch_webhook_signature"
    told = {
        name: theirs.calculate_sinch_event_signature(data, SECRET),
        f"{name}_nonce": nonce,
        f"{name}_timestamp": TIME,
    }

    assert_only_this(Sinch(SECRET), hook(body, **told), hook(f"{body} ", **told))


@random_messages
@given(forms)
def test_what_we_send_to_aws_is_signed_as_its_own_library_signs(form):
    auth = pytest.importorskip("botocore.auth")
    awsrequest = pytest.importorskip("botocore.awsrequest")
    credentials = pytest.importorskip("botocore.credentials")
    body = json.dumps(form).encode()
    headers = {"content-type": "application/x-amz-json-1.0", "x-amz-target": "A.B"}
    url = "https://sms-voice.eu-west-1.amazonaws.com/"
    ours = signed(
        Key("AKID", SECRET, "eu-west-1", "sms-voice"), url, headers, body, NOW
    )
    request = awsrequest.AWSRequest("POST", url, dict(headers), body)
    request.context["timestamp"] = ours["x-amz-date"]
    signer = auth.SigV4Auth(
        credentials.Credentials("AKID", SECRET), "sms-voice", "eu-west-1"
    )
    request.headers["X-Amz-Date"] = ours["x-amz-date"]
    to_sign = signer.string_to_sign(request, signer.canonical_request(request))
    theirs = signer.signature(to_sign, request)

    assert ours["authorization"].endswith(f"Signature={theirs}")
