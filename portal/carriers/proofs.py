"""How carriers prove themselves: secrets, signatures, times. Pure.

Secrets are compared in a time that tells nothing about them.
"""

import base64
import binascii
import hmac
import json
from datetime import timedelta
from typing import Any, Final

from portal.carriers.base import Forged, Hook

FRESH: Final = timedelta(minutes=5)
"""A signed time may be so far from ours, either way."""

_HASHES: Final = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}


def octets(told: str) -> bytes:
    """What a carrier told, which may hold halves of a character: JSON spells them."""
    return told.encode(errors="surrogatepass")


def is_same(told: str, ours: str) -> bool:
    """Whether both are the same text, and not empty."""
    return bool(ours) and hmac.compare_digest(octets(told), octets(ours))


def check_same(told: str, ours: str, what: str) -> None:
    """Raise Forged unless both are the same text, and not empty."""
    if not is_same(told, ours):
        raise Forged(f"{what} is missing or wrong")


def check_basic(hook: Hook, login: str, password: str) -> None:
    """Raise Forged unless the post carries this login and password."""
    ours = base64.b64encode(f"{login}:{password}".encode()).decode()
    scheme, _, told = hook.header("Authorization").partition(" ")
    if scheme.lower() != "basic":
        raise Forged("Authorization is missing")
    check_same(told.strip(), ours, "Authorization")


def check_fresh(told: str, hook: Hook, what: str) -> None:
    """Raise Forged unless these seconds since 1970 are about now."""
    try:
        age = abs(hook.received_at.timestamp() - float(told))
    except ValueError as error:
        raise Forged(f"{what} is missing or no time") from error
    if not age <= FRESH.total_seconds():
        raise Forged(f"{what} is {age:.0f} s from now")


def base64_hmac(secret: str | bytes, signed: bytes, hash_name: str) -> str:
    """An HMAC as most carriers write it."""
    key = secret.encode() if isinstance(secret, str) else secret
    return base64.b64encode(hmac.digest(key, signed, hash_name)).decode()


def hex_hmac(secret: str, signed: bytes, hash_name: str) -> str:
    """An HMAC in hexadecimal digits."""
    return hmac.digest(secret.encode(), signed, hash_name).hex()


def octets_of(told: str, what: str) -> bytes:
    """What base64 stands for; Forged unless it is spelled as everybody spells it."""
    try:
        decoded = base64.b64decode(told, validate=True)
    except ValueError as error:
        raise Forged(f"{what} is not base64") from error
    check_same(told, base64.b64encode(decoded).decode(), what)
    return decoded


def bearer_claims(hook: Hook, secret: str) -> dict[str, Any]:
    """What the JSON Web Token of the Authorization header says, once it is proved.

    Its values may be anything, its times are right. Raises Forged.
    """
    scheme, _, token = hook.header("Authorization").partition(" ")
    parts = token.strip().split(".")
    if scheme.lower() != "bearer" or len(parts) != len(("head", "claims", "proof")):
        raise Forged("Authorization holds no token")
    head, claims, proof = parts
    hash_name = _HASHES.get(str(_decoded(head).get("alg")))
    if hash_name is None:
        raise Forged("the token is signed in a way that proves nothing")
    digest = hmac.digest(secret.encode(), f"{head}.{claims}".encode(), hash_name)
    ours = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    check_same(proof, ours, "the token's signature")
    found = _decoded(claims)
    _check_times(found, hook)
    return found


def _decoded(part: str) -> dict[str, Any]:
    try:
        found = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise Forged("the token cannot be read") from error
    if not isinstance(found, dict):
        raise Forged("the token cannot be read")
    return found


def _check_times(claims: dict[str, Any], hook: Hook) -> None:
    """A token was made just now, or ends soon; clocks differ a little."""
    made, ends = claims.get("iat"), claims.get("exp")
    if made is None and ends is None:
        raise Forged("the token has no time")
    if made is not None:
        check_fresh(str(made), hook, "the token's time")
    if ends is None:
        return
    try:
        over = float(ends) + FRESH.total_seconds() < hook.received_at.timestamp()
    except (TypeError, ValueError) as error:
        raise Forged("the token's end is no time") from error
    if over:
        raise Forged("the token is over")
