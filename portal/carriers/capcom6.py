"""The app SMS Gateway for Android (capcom6): JSON events, signed with their time.

https://docs.sms-gate.app/features/webhooks/
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from requests import Session

from domain.messages.sms import Incoming
from portal.carriers.base import Carrier, Hook, OutgoingSms, sms_told
from portal.carriers.options import Options
from portal.carriers.posting import accepted_as, post
from portal.carriers.proofs import check_fresh, check_same, hex_hmac
from portal.carriers.reading import text_at, value_at
from portal.carriers.wording import Quiet

API: Final = "https://api.sms-gate.app/3rdparty/v1"


@dataclass(frozen=True, slots=True)
class Capcom6(Quiet):
    """The signature covers the raw body and the time; not the address.

    The app's own key has 8 letters: set a longer one. It may not know which number
    was texted to: then `number` is taken.
    """

    signing_key: str = field(repr=False)
    number: str = ""
    login: str = ""
    password: str = field(default="", repr=False)
    api: str = API
    name: str = "capcom6"

    def verify(self, hook: Hook) -> None:
        """Check X-Signature."""
        time = hook.header("X-Timestamp")
        ours = hex_hmac(self.signing_key, hook.body + time.encode(), "sha256")
        check_same(hook.header("X-Signature").lower(), ours, "X-Signature")
        check_fresh(time, hook, "X-Timestamp")

    def read(self, hook: Hook) -> Sequence[Incoming]:
        """One SMS; nothing for other events. The telephone has joined its parts."""
        told = hook.json
        if told.get("event") != "sms:received":
            return []
        payload = told.get("payload")
        sender = value_at(payload, "sender") or value_at(payload, "phoneNumber")
        return [
            sms_told(
                self.name,
                external_id=text_at(payload, "messageId"),
                sender=str(sender or ""),
                recipient=str(value_at(payload, "recipient") or self.number),
                text=text_at(payload, "message"),
            )
        ]

    def send(self, message: OutgoingSms, http: Session) -> str:
        """Queue it for the telephone."""
        response = post(
            http,
            self.name,
            f"{self.api}/messages",
            json={
                "phoneNumbers": [message.recipient],
                "textMessage": {"text": message.text},
            },
            auth=(self.login, self.password),
        )
        return accepted_as(response, "id")


def configured(options: Options) -> Carrier:
    """The telephone as the settings describe it."""
    return Capcom6(
        signing_key=options.secret("signing_key"),
        number=options.text("number", ""),
        login=options.text("login"),
        password=options.secret("password"),
        api=options.url("api", API),
        name=options.name,
    )
