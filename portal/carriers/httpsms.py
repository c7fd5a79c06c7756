"""httpSMS, an Android telephone: JSON events and a token; tells missed calls too.

https://docs.httpsms.com/webhooks/introduction
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from requests import Session

from domain.messages.sms import Incoming
from portal.carriers.base import (
    Carrier,
    Forged,
    Hook,
    OutgoingSms,
    missed_call_told,
    sms_told,
)
from portal.carriers.options import Options
from portal.carriers.posting import accepted_as, post
from portal.carriers.proofs import bearer_claims
from portal.carriers.reading import text_at, value_at
from portal.carriers.wording import Quiet

API: Final = "https://api.httpsms.com"
_RECEIVED: Final = "message.phone.received"
_MISSED: Final = "message.call.missed"


@dataclass(frozen=True, slots=True)
class HttpSms(Quiet):
    """The token covers address and time, not the body: only TLS protects the text."""

    signing_key: str = field(repr=False)
    api_key: str = field(default="", repr=False)
    api: str = API
    name: str = "httpsms"

    def verify(self, hook: Hook) -> None:
        """Check the token, and that it was made for our address."""
        audience = bearer_claims(hook, self.signing_key).get("aud")
        heard = audience if isinstance(audience, list) else [audience]
        if hook.url not in heard:
            raise Forged("the token is for another address")

    def read(self, hook: Hook) -> Sequence[Incoming]:
        """One SMS or one missed call; nothing for other events."""
        told = hook.json
        event = hook.header("X-Event-Type") or value_at(told, "type")
        if event not in {_RECEIVED, _MISSED}:
            return []
        named = {
            "external_id": text_at(told, "data", "message_id"),
            "sender": text_at(told, "data", "contact"),
            "recipient": text_at(told, "data", "owner"),
        }
        if event == _MISSED:
            # Who withholds their number cannot be rung back.
            known = named["sender"].strip()
            return [missed_call_told(self.name, **named)] if known else []
        return [sms_told(self.name, **named, text=text_at(told, "data", "content"))]

    def send(self, message: OutgoingSms, http: Session) -> str:
        """Queue it for the telephone, our own number for it as its request id."""
        response = post(
            http,
            self.name,
            f"{self.api}/v1/messages/send",
            json={
                "from": message.sender,
                "to": message.recipient,
                "content": message.text,
                "request_id": str(message.id),
            },
            headers={"x-api-key": self.api_key},
        )
        return accepted_as(response, "data", "id")


def configured(options: Options) -> Carrier:
    """The telephone as the settings describe it."""
    return HttpSms(
        signing_key=options.secret("signing_key"),
        api_key=options.secret("api_key"),
        api=options.url("api", API),
        name=options.name,
    )
