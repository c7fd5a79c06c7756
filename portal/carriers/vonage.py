"""Vonage's SMS API: GET, form or JSON, signed by a parameter; texts come in parts.

https://developer.vonage.com/en/messaging/sms/guides/inbound-sms and
https://developer.vonage.com/en/getting-started/concepts/signing-messages
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final

from requests import Session

from domain.messages.segments import is_gsm_7
from domain.messages.sms import Incoming
from portal.carriers.base import (
    Carrier,
    Forged,
    Hook,
    OutgoingSms,
    Undelivered,
    Unreadable,
)
from portal.carriers.options import Options
from portal.carriers.posting import accepted_as, json_of, post
from portal.carriers.proofs import check_fresh, check_same, hex_hmac, octets
from portal.carriers.reading import Names, part_of, sms_of, value_at
from portal.carriers.wording import Quiet

API: Final = "https://rest.nexmo.com"

_MD5_HASH: Final = "md5hash"
_BY_SECRET: Final = "query"  # noqa: S105 - a way to prove, not a secret
_THROTTLED: Final = {"1", "5"}
"""Statuses in an answer of 200: too fast, and an error of theirs."""
_NAMES: Final = Names("messageId", "msisdn", "to", "text")


@dataclass(frozen=True, slots=True)
class Vonage(Quiet):
    """The signature covers every parameter and the time, but not the address."""

    signature_secret: str = field(repr=False)
    proof: str = "sha256"
    """The HMAC's hash; `md5hash` is the old way; `query` only a secret in the URL."""
    api_key: str = ""
    api_secret: str = field(default="", repr=False)
    api: str = API
    name: str = "vonage"

    takes_get: ClassVar[bool] = True

    def verify(self, hook: Hook) -> None:
        """Check `sig` over the other parameters, or the secret in the address."""
        if self.proof == _BY_SECRET:
            check_same(hook.query.get("secret", ""), self.signature_secret, "secret")
            return
        try:
            fields = hook.fields
        except Unreadable as error:
            raise Forged("the body is none that Vonage could have signed") from error
        told = fields.get("sig", "").lower()
        check_same(told, self._signature(fields), "sig")
        check_fresh(fields.get("timestamp", ""), hook, "timestamp")

    def read(self, hook: Hook) -> Sequence[Incoming]:
        """A message or one part of it; nothing for receipts and binary messages."""
        fields = hook.fields
        if "status" in fields or fields.get("type") == "binary":
            return []
        sms = sms_of(self.name, fields, _NAMES)
        if not fields.get("concat-ref"):
            return [sms]
        total, place = fields.get("concat-total", ""), fields.get("concat-part", "")
        if not re.fullmatch(r"[0-9]{1,3} [0-9]{1,3}", f"{total} {place}"):
            raise Unreadable("The parts of the message are not counted.")
        return [part_of(sms, fields["concat-ref"], int(total), int(place))]

    def send(self, message: OutgoingSms, http: Session) -> str:
        """Send; a refusal comes as a status inside an answer of 200."""
        response = post(
            http,
            self.name,
            f"{self.api}/sms/json",
            data={
                "api_key": self.api_key,
                "api_secret": self.api_secret,
                "from": message.sender.removeprefix("+"),
                "to": message.recipient.removeprefix("+"),
                "text": message.text,
                "type": "text" if is_gsm_7(message.text) else "unicode",
                "client-ref": str(message.id),
            },
        )
        status = str(value_at(json_of(response), "messages", 0, "status"))
        if status != "0":
            raise Undelivered(
                f"{self.name} answered with its status {status[:4]}",
                retry=status in _THROTTLED,
            )
        return accepted_as(response, "messages", 0, "message-id")

    def _signature(self, fields: dict[str, str]) -> str:
        signed = "".join(
            f"&{name}={re.sub('[&=]', '_', value)}"
            for name, value in sorted(fields.items())
            if name != "sig"
        )
        if self.proof == _MD5_HASH:
            whole = octets(signed + self.signature_secret)
            return hashlib.md5(whole).hexdigest()  # noqa: S324 - theirs
        return hex_hmac(self.signature_secret, octets(signed), self.proof)


def configured(options: Options) -> Carrier:
    """Vonage's SMS API as the settings describe it."""
    return Vonage(
        signature_secret=options.secret("signature_secret"),
        proof=options.choice(
            "proof", "sha256", "sha512", "sha1", "md5", _MD5_HASH, _BY_SECRET
        ),
        api_key=options.text("api_key"),
        api_secret=options.secret("api_secret"),
        api=options.url("api", API),
        name=options.name,
    )
