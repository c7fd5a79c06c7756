"""Sinch SMS (XMS): JSON callbacks, signed; a 4xx is never told again.

https://developers.sinch.com/docs/sms/api-reference/sms/tag/Webhooks/
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from requests import Session

from domain.messages.sms import Incoming, Sms, SmsPart
from portal.carriers.base import Carrier, Hook, OutgoingSms, sms_told
from portal.carriers.options import Options
from portal.carriers.posting import accepted_as, post
from portal.carriers.proofs import base64_hmac, check_basic, check_fresh, check_same
from portal.carriers.reading import concatenation, is_for_a_port, text_at
from portal.carriers.wording import Quiet

API: Final = "https://us.sms.api.sinch.com"
_SIGNATURE: Final = "x-sinch-webhook-signature"


@dataclass(frozen=True, slots=True)
class Sinch(Quiet):
    """The signature covers the raw body, a nonce and the time; not the address.

    With a `login` the callbacks come by HTTP Basic instead, which covers nothing.
    """

    secret: str = field(repr=False)
    login: str = ""
    service_plan: str = ""
    api_token: str = field(default="", repr=False)
    api: str = API
    name: str = "sinch"

    def verify(self, hook: Hook) -> None:
        """Check the signature, or login and password."""
        if self.login:
            check_basic(hook, self.login, self.secret)
            return
        time = hook.header(f"{_SIGNATURE}-timestamp")
        nonce = hook.header(f"{_SIGNATURE}-nonce")
        signed = b".".join((hook.body, nonce.encode(), time.encode()))
        ours = base64_hmac(self.secret, signed, "sha256")
        check_same(hook.header(_SIGNATURE), ours, _SIGNATURE)
        check_fresh(time, hook, f"{_SIGNATURE}-timestamp")

    def read(self, hook: Hook) -> Sequence[Incoming]:
        """One text, or a part that came as octets; nothing for reports."""
        told = hook.json
        match told.get("type"):
            case "mo_text":
                text = text_at(told, "body")
                return [self._sms(told, text)]
            case "mo_binary":
                return self._part(told)
            case _:
                return []

    def send(self, message: OutgoingSms, http: Session) -> str:
        """Send a batch of one."""
        response = post(
            http,
            self.name,
            f"{self.api}/xms/v1/{self.service_plan}/batches",
            json={
                "from": message.sender.removeprefix("+"),
                "to": [message.recipient.removeprefix("+")],
                "body": message.text,
                "client_reference": str(message.id),
            },
            headers={"Authorization": f"Bearer {self.api_token}"},
        )
        return accepted_as(response, "id")

    def _sms(self, told: dict[str, Any], text: str) -> Sms:
        return sms_told(
            self.name,
            external_id=text_at(told, "id"),
            sender=text_at(told, "from"),
            recipient=text_at(told, "to"),
            text=text,
        )

    def _part(self, told: dict[str, Any]) -> Sequence[Incoming]:
        """A part of a long text; any other octets are no text."""
        try:
            text = base64.b64decode(text_at(told, "body"), validate=True).decode()
            udh = bytes.fromhex(text_at(told, "udh"))
        except (binascii.Error, ValueError):
            return []
        place = concatenation(udh)
        if place is None or is_for_a_port(udh):
            return []
        return [SmsPart(self._sms(told, text), *place)]


def configured(options: Options) -> Carrier:
    """Sinch as the settings describe it."""
    return Sinch(
        secret=options.secret("secret"),
        login=options.text("login", ""),
        service_plan=options.text("service_plan"),
        api_token=options.secret("api_token"),
        api=options.url("api", API),
        name=options.name,
    )
