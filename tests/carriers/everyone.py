"""All carriers at once: their settings, and what each would prove a post with."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

from domain.settings import SettingsReader
from portal.carriers.base import Hook
from portal.carriers.notifications import to_sign
from portal.carriers.settings import CarrierBook, read_carriers
from tests.carriers.posts import PAYLOADS, PUBLIC_URL
from tests.people import NOON

NAMES = sorted(folder.name for folder in (PAYLOADS / "posts").iterdir())
SECRET = "a-secret-that-two-share"
TELNYX_KEY = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
TOPIC = "arn:aws:sns:us-west-2:123456789012:MyTopic"
SNS = "https://sns.us-west-2.amazonaws.com"
CERTIFICATE_URL = (
    f"{SNS}/SimpleNotificationService-f3ecfb7224c7233fe7bb5f59f96de52f.pem"
)
_NEEDED = {
    "46elks": {"login": "u1"},
    "aws": {"topic": TOPIC, "key_id": "AKIA"},
    "bandwidth": {"account": "5", "application": "app-1", "api_login": "token"},
    "capcom6": {"login": "me", "number": "+16505551213"},
    "generic": {"send_url": "http://127.0.0.1:9/never-asked"},
    "infobip": {"api": "http://127.0.0.1:9"},
    "jasmin": {"api": "http://127.0.0.1:9", "login": "us"},
    "kannel": {"api": "http://127.0.0.1:9", "login": "us"},
    "playsms": {"api": "http://127.0.0.1:9", "login": "us"},
    "plivo": {"auth_id": "MA1"},
    "sinch": {"service_plan": "plan"},
    "smseagle": {"api": "http://127.0.0.1:9", "number": "+48600000001"},
    "telnyx": {
        "public_key": base64.b64encode(
            TELNYX_KEY.public_key().public_bytes_raw()
        ).decode()
    },
    "vonage": {"api_key": "abcd1234"},
    "vonage_messages": {"api_key": "abcd1234"},
}
_SECRETS = {
    "46elks": {"secret": "known-to-46elks", "password": SECRET},
    "aws": {"key_secret": SECRET},
    "bandwidth": {"hook_password": SECRET, "api_password": SECRET},
    "capcom6": {"signing_key": SECRET, "password": SECRET},
    "generic": {"secret": SECRET},
    "httpsms": {"signing_key": SECRET, "api_key": SECRET},
    "infobip": {"hook_password": SECRET, "api_key": SECRET},
    "jasmin": {"secret": "known-to-jasmin-only", "password": SECRET},
    "kannel": {"secret": "known-to-kannel-only", "password": SECRET},
    "modem": {"secret": SECRET},
    "playsms": {"authcode": "known-to-playsms", "token": SECRET},
    "plivo": {"auth_token": SECRET},
    "sinch": {"secret": SECRET, "api_token": SECRET},
    "smseagle": {"apikey": "known-to-the-eagle", "access_token": SECRET},
    "telnyx": {"api_key": SECRET},
    "twilio": {"auth_token": SECRET},
    "vonage": {"signature_secret": SECRET, "api_secret": SECRET},
    "vonage_messages": {"signature_secret": SECRET, "api_secret": SECRET},
}


def everyone(**changes: str) -> CarrierBook:
    """Every carrier there is, some settings changed (`a__b` for `carriers.a.b`)."""
    section = {"carriers": " ".join(NAMES)} | {
        f"carriers.{name}.{option}": value
        for name, options in _NEEDED.items()
        for option, value in options.items()
    }
    section |= {
        f"carriers.{name.replace('__', '.')}": told for name, told in changes.items()
    }
    environ = {
        f"PORTAL_CARRIERS_{name}_{option}".upper(): value
        for name, options in _SECRETS.items()
        for option, value in options.items()
    }
    reader = SettingsReader("portal", section, environ)
    book = read_carriers(reader)
    reader.check()
    book.carriers["aws"]._certificates[CERTIFICATE_URL] = certificate()
    return book


@dataclass(frozen=True)
class Post:
    """A request as a file holds it."""

    carrier: str
    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def hook(self) -> Hook:
        headers = {name.lower(): value for name, value in self.headers.items()}
        url = f"{PUBLIC_URL}{self.target}"
        return Hook(url, headers, self.body, NOON, self.method)


def post_of(name: str) -> Post:
    """The request of a file such as `kannel/by-post`, proved as its carrier would."""
    return proved(written(name))


def proved(post: Post) -> Post:
    """A post with its carrier's proof."""
    return _SIGNERS.get(post.carrier, lambda post: post)(post)


def written(name: str) -> Post:
    """The request of a file, without a proof."""
    whole = (PAYLOADS / "posts" / f"{name}.http").read_bytes()
    head, _, body = whole.partition(b"\n\n")
    first, *lines = head.decode().split("\n")
    method, target = first.split(" ")
    headers = dict(line.split(": ", 1) for line in lines)
    return Post(Path(name).parts[0], method, target, headers, body)


def _with(post: Post, body: bytes | None = None, **headers: str) -> Post:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Post(
        post.carrier,
        post.method,
        post.target,
        {**post.headers, **named},
        post.body if body is None else body,
    )


def _mac(signed: str | bytes, kind: str = "sha256") -> bytes:
    octets = signed.encode() if isinstance(signed, str) else signed
    return hmac.digest(SECRET.encode(), octets, kind)


def _b64(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def _time() -> str:
    return str(int(NOON.timestamp()))


def _form(post: Post) -> list[tuple[str, str]]:
    return sorted(parse_qsl(post.body.decode(), keep_blank_values=True))


def _twilio(post: Post) -> Post:
    parts = "".join(name + value for name, value in _form(post))
    proof = _b64(_mac(f"{PUBLIC_URL}{post.target}{parts}", "sha1"))
    return _with(post, X_Twilio_Signature=proof)


def _plivo(post: Post) -> Post:
    address, _, query = f"{PUBLIC_URL}{post.target}".partition("?")
    asked = f"{'&'.join(sorted(query.split('&')))}." if query else ""
    parts = "".join(name + value for name, value in _form(post))
    proof = _b64(_mac(f"{address}?{asked}{parts}.once"))
    return _with(
        post, X_Plivo_Signature_V3=f"other,{proof}", X_Plivo_Signature_V3_Nonce="once"
    )


def _vonage(post: Post) -> Post:
    """The signature travels among the parameters, wherever those are."""
    told = {"timestamp": _time(), "nonce": "once"}
    where = post.hook
    fields = {**where.fields, **told}
    signed = "".join(
        f"&{name}={value.replace('&', '_').replace('=', '_')}"
        for name, value in sorted(fields.items())
    )
    told["sig"] = _mac(signed).hex().upper()
    more = "&".join(f"{name}={value}" for name, value in told.items())
    if post.method == "GET":
        target = f"{post.target}&{more}"
        return Post(post.carrier, post.method, target, post.headers, post.body)
    if where.is_json:
        return _with(post, json.dumps({**where.json, **told}).encode())
    return _with(post, post.body + f"&{more}".encode())


def token(claims: dict[str, object]) -> str:
    """A JSON Web Token signed with the secret."""

    def part(octets: bytes) -> str:
        return base64.urlsafe_b64encode(octets).decode().rstrip("=")

    head = part(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    body = part(json.dumps(claims).encode())
    return f"Bearer {head}.{body}.{part(_mac(f'{head}.{body}'))}"


def _vonage_messages(post: Post) -> Post:
    digest = hashlib.sha256(post.body).hexdigest()
    claims = {"iat": int(_time()), "payload_hash": digest, "jti": "once"}
    return _with(post, Authorization=token(claims))


def _httpsms(post: Post) -> Post:
    now = int(_time())
    claims = {"aud": f"{PUBLIC_URL}{post.target}", "iat": now, "exp": now + 600}
    return _with(post, Authorization=token(claims))


def _sinch(post: Post) -> Post:
    name, time = "x-sinch-webhook-signature", _time()
    proof = _b64(_mac(post.body + f".once.{time}".encode()))
    told = {name: proof, f"{name}-nonce": "once", f"{name}-timestamp": time}
    return _with(post, **told)


def _telnyx(post: Post) -> Post:
    proof = TELNYX_KEY.sign(f"{_time()}|".encode() + post.body)
    told = {"telnyx-signature-ed25519": _b64(proof), "telnyx-timestamp": _time()}
    return _with(post, **told)


def _capcom6(post: Post) -> Post:
    proof = _mac(post.body + _time().encode()).hex()
    return _with(post, X_Signature=proof, X_Timestamp=_time())


def _modem(post: Post) -> Post:
    proof = _mac(f"{_time()}.once.".encode() + post.body).hex()
    return _with(
        post,
        X_Forwarder_Time=_time(),
        X_Forwarder_Nonce="once",
        X_Forwarder_Signature=proof,
    )


def _basic(login: str) -> Callable[[Post], Post]:
    proof = f"Basic {_b64(f'{login}:{SECRET}'.encode())}"
    return lambda post: _with(post, Authorization=proof)


def signed_by_aws(told: dict[str, str]) -> dict[str, str]:
    """A notification with the signature of our own Amazon."""
    version_1 = told["SignatureVersion"] == "1"
    kind = hashes.SHA1() if version_1 else hashes.SHA256()  # noqa: S303 - theirs
    proof = _rsa_key().sign(to_sign(told).encode(), padding.PKCS1v15(), kind)
    return told | {"Signature": _b64(proof)}


def _aws(post: Post) -> Post:
    return _with(post, json.dumps(signed_by_aws(json.loads(post.body))).encode())


@cache
def _rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@cache
def certificate() -> bytes:
    """The certificate of our own Amazon."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sns.example")])
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(_rsa_key().public_key())
        .serial_number(1)
        .not_valid_before(NOON - timedelta(days=1))
        .not_valid_after(NOON + timedelta(days=1))
        .sign(_rsa_key(), hashes.SHA256())
    )
    return built.public_bytes(serialization.Encoding.PEM)


_SIGNERS: dict[str, Callable[[Post], Post]] = {
    "aws": _aws,
    "bandwidth": _basic("bandwidth"),
    "capcom6": _capcom6,
    "generic": lambda post: _with(post, X_Secret=SECRET),
    "httpsms": _httpsms,
    "infobip": _basic("infobip"),
    "modem": _modem,
    "plivo": _plivo,
    "sinch": _sinch,
    "telnyx": _telnyx,
    "twilio": _twilio,
    "vonage": _vonage,
    "vonage_messages": _vonage_messages,
}
