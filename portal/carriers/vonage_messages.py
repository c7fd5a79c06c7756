"""Vonage's Messages API: JSON, signed by a JSON Web Token.

https://developer.vonage.com/en/messages/overview and
https://developer.vonage.com/en/getting-started/concepts/webhooks
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from requests import Session

from domain.messages.sms import Incoming
from portal.carriers.base import Carrier, Hook, OutgoingSms
from portal.carriers.options import Options
from portal.carriers.posting import accepted_as, post
from portal.carriers.proofs import bearer_claims, check_same
from portal.carriers.reading import Names, sms_of
from portal.carriers.wording import Quiet

API: Final = "https://api.nexmo.com"
SHORTEST_SECRET: Final = 16
_NAMES: Final = Names("message_uuid", "from", "to", "text")


@dataclass(frozen=True, slots=True)
class VonageMessages(Quiet):
    """The token covers the body by its hash, and the time; not the address."""

    signature_secret: str = field(repr=False)
    api_key: str = ""
    api_secret: str = field(default="", repr=False)
    api: str = API
    name: str = "vonage_messages"

    def verify(self, hook: Hook) -> None:
        """Check the token, and that it was made for this very body."""
        claims = bearer_claims(hook, self.signature_secret)
        told = str(claims.get("payload_hash", ""))
        check_same(told, hashlib.sha256(hook.body).hexdigest(), "payload_hash")

    def read(self, hook: Hook) -> Sequence[Incoming]:
        """One text by SMS; nothing for statuses and for other channels."""
        told = hook.json
        if told.get("channel") != "sms" or "status" in told:
            return []
        return [sms_of(self.name, told, _NAMES)]

    def send(self, message: OutgoingSms, http: Session) -> str:
        """Send by login and password of the account."""
        response = post(
            http,
            self.name,
            f"{self.api}/v1/messages",
            json={
                "channel": "sms",
                "message_type": "text",
                "from": message.sender.removeprefix("+"),
                "to": message.recipient.removeprefix("+"),
                "text": message.text,
                "client_ref": str(message.id),
            },
            auth=(self.api_key, self.api_secret),
        )
        return accepted_as(response, "message_uuid")


def configured(options: Options) -> Carrier:
    """Vonage's Messages API as the settings describe it."""
    return VonageMessages(
        signature_secret=options.secret("signature_secret", SHORTEST_SECRET),
        api_key=options.text("api_key"),
        api_secret=options.secret("api_secret"),
        api=options.url("api", API),
        name=options.name,
    )
