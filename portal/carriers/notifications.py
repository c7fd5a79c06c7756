"""The signature of Amazon's Simple Notification Service.

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from portal.carriers.base import Forged
from portal.carriers.proofs import octets_of

CONFIRMATION: Final = "SubscriptionConfirmation"
OLDEST: Final = timedelta(days=1)
"""The time is that of publication, also when a notification is told again for hours;
its id is known for longer than this."""

_SIGNED: Final = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_SIGNED_OF_OTHERS: Final = (
    *("Message", "MessageId", "SubscribeURL"),
    *("Timestamp", "Token", "TopicArn", "Type"),
)


def check_signature(told: Mapping[str, str], certificate: bytes, now: datetime) -> None:
    """Raise Forged unless the certificate's key signed what is told."""
    # Here: the package is there only for those who need it.
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.hashes import SHA1, SHA256
    from cryptography.x509 import load_pem_x509_certificate

    version = told.get("SignatureVersion")
    if version not in {"1", "2"}:
        raise Forged("SignatureVersion is neither 1 nor 2")
    hash_kind = SHA1() if version == "1" else SHA256()  # noqa: S303 - theirs
    proof = octets_of(told.get("Signature", ""), "Signature")
    try:
        found = load_pem_x509_certificate(certificate)
        if not found.not_valid_before_utc <= now <= found.not_valid_after_utc:
            raise Forged("the certificate is not valid now")
        key = found.public_key()
        if not isinstance(key, RSAPublicKey):
            raise Forged("the certificate's key is not RSA")
        key.verify(proof, to_sign(told).encode(), PKCS1v15(), hash_kind)
    except (ValueError, InvalidSignature) as error:
        raise Forged("Signature is missing or wrong") from error


def to_sign(told: Mapping[str, str]) -> str:
    """What is signed: names and values of some fields, a line each."""
    names = _SIGNED if told.get("Type") == "Notification" else _SIGNED_OF_OTHERS
    return "".join(f"{name}\n{told[name]}\n" for name in names if name in told)


def check_age(told: Mapping[str, str], now: datetime) -> None:
    """Raise Forged if it was published too long ago, or is from the future."""
    try:
        age = now - datetime.fromisoformat(told.get("Timestamp", ""))
    except (TypeError, ValueError) as error:
        raise Forged("Timestamp is missing or no time") from error
    if not -timedelta(minutes=5) <= age <= OLDEST:
        raise Forged("Timestamp is too far from now")
