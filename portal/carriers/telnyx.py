"""Telnyx: JSON events, signed with Ed25519; needs the package `cryptography`.

https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from requests import Session

from domain.messages.sms import Incoming
from portal.carriers.base import Carrier, Forged, Hook, OutgoingSms, sms_told
from portal.carriers.options import Options
from portal.carriers.posting import accepted_as, post
from portal.carriers.proofs import check_fresh, octets_of
from portal.carriers.reading import text_at, value_at
from portal.carriers.wording import Quiet

API: Final = "https://api.telnyx.com"
_KEY_OCTETS: Final = 32
_SIGNATURE: Final = "telnyx-signature-ed25519"


@dataclass(frozen=True, slots=True)
class Telnyx(Quiet):
    """The signature covers the time and the raw body; not the address."""

    public_key: bytes
    api_key: str = field(default="", repr=False)
    api: str = API
    name: str = "telnyx"

    def verify(self, hook: Hook) -> None:
        """Check telnyx-signature-ed25519 by the account's public key."""
        # Here: the package is there only for those who need it.
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        time = hook.header("telnyx-timestamp")
        key = Ed25519PublicKey.from_public_bytes(self.public_key)
        proof = octets_of(hook.header(_SIGNATURE), _SIGNATURE)
        try:
            key.verify(proof, time.encode() + b"|" + hook.body)
        except InvalidSignature as error:
            raise Forged(f"{_SIGNATURE} is wrong") from error
        check_fresh(time, hook, "telnyx-timestamp")

    def read(self, hook: Hook) -> Sequence[Incoming]:
        """One message; nothing for other events. Telnyx has joined its parts."""
        told = hook.json
        if value_at(told, "data", "event_type") != "message.received":
            return []
        payload = value_at(told, "data", "payload")
        return [
            sms_told(
                self.name,
                external_id=text_at(payload, "id"),
                sender=text_at(payload, "from", "phone_number"),
                recipient=text_at(payload, "to", 0, "phone_number"),
                text=text_at(payload, "text"),
            )
        ]

    def send(self, message: OutgoingSms, http: Session) -> str:
        """Send. Telnyx knows no id of ours: told twice, it sends twice."""
        response = post(
            http,
            self.name,
            f"{self.api}/v2/messages",
            json={
                "from": message.sender,
                "to": message.recipient,
                "text": message.text,
            },
            headers={"Authorization": f"Bearer {self.api_key}"},
        )
        return accepted_as(response, "data", "id")


def configured(options: Options) -> Carrier:
    """Telnyx as the settings describe it."""
    options.needs_cryptography()
    told = options.text("public_key")
    try:
        key = base64.b64decode(told, validate=True)
    except binascii.Error:
        key = b""
    if told and len(key) != _KEY_OCTETS:
        options.fault("public_key", f"is not {_KEY_OCTETS} octets in base64")
    return Telnyx(
        public_key=key,
        api_key=options.secret("api_key"),
        api=options.url("api", API),
        name=options.name,
    )
