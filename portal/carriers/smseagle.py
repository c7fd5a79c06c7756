"""SMSEagle, a box with modems: GET or form posts with an API key.

https://www.smseagle.eu/docs/callback-url/
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from requests import Session

from domain.messages.segments import is_gsm_7
from domain.messages.sms import Incoming
from portal.carriers.base import Carrier, Hook, OutgoingSms, Undelivered, sms_told
from portal.carriers.options import Options
from portal.carriers.posting import post
from portal.carriers.proofs import check_same
from portal.carriers.reading import content_id
from portal.carriers.reading import field as text_of
from portal.carriers.wording import Quiet


@dataclass(frozen=True, slots=True)
class SmsEagle(Quiet):
    """Nothing is signed: the key proves the box. It does not say what was texted to.

    So its number is a setting, and `?to=` in the address where it has several.
    """

    apikey: str = field(repr=False)
    number: str = ""
    access_token: str = field(default="", repr=False)
    api: str = ""
    name: str = "smseagle"

    takes_get: ClassVar[bool] = True

    def verify(self, hook: Hook) -> None:
        """Compare the key, wherever it stands."""
        told = hook.fields.get("apikey", "") or hook.query.get("apikey", "")
        check_same(told, self.apikey, "apikey")

    def read(self, hook: Hook) -> Sequence[Incoming]:
        """The one message of a request; the box has joined its parts."""
        fields = hook.fields
        sender, text = text_of(fields, "sender"), text_of(fields, "text")
        recipient = hook.query.get("to", "") or self.number
        # The box counts from 1 again after a reset: the time makes it unique.
        told_id, time = fields.get("msgid", ""), fields.get("timestamp", "")
        return [
            sms_told(
                self.name,
                external_id=f"{told_id} {time}".strip()
                if told_id
                else content_id(self.apikey, hook, time, sender, recipient, text),
                sender=sender,
                recipient=recipient,
                text=text,
            )
        ]

    def send(self, message: OutgoingSms, http: Session) -> str:
        """Queue it; the box answers `OK; ID=…` or why not, both with status 200."""
        response = post(
            http,
            self.name,
            f"{self.api}/http_api/send_sms",
            method="GET",
            params={
                "access_token": self.access_token,
                "to": message.recipient,
                "message": message.text,
                "unicode": "0" if is_gsm_7(message.text) else "1",
            },
        )
        word, _, told = response.text.partition(";")
        if word.strip() != "OK":
            raise Undelivered(f"{self.name} did not take it", retry=False)
        return told.strip().removeprefix("ID=")


def configured(options: Options) -> Carrier:
    """An SMSEagle as the settings describe it."""
    return SmsEagle(
        apikey=options.secret("apikey"),
        number=options.text("number", ""),
        access_token=options.secret("access_token"),
        api=options.url("api"),
        name=options.name,
    )
