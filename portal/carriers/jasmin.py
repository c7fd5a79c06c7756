"""Jasmin: form posts or GETs, answered with exactly `ACK/Jasmin`.

https://docs.jasminsms.com/en/latest/apis/ja-http/index.html
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final

from requests import Session

from domain.messages.segments import is_gsm_7
from domain.messages.sms import Incoming
from portal.carriers.base import (
    Answer,
    Carrier,
    Hook,
    OutgoingSms,
    Undelivered,
    Unreadable,
    sms_told,
)
from portal.carriers.options import Options
from portal.carriers.posting import post
from portal.carriers.proofs import check_same
from portal.carriers.reading import field as text_of

_TAKEN: Final = Answer("ACK/Jasmin", "text/plain")
_UCS2: Final = "8"


@dataclass(frozen=True, slots=True)
class Jasmin:
    """Nothing is signed: a secret in the address proves the gateway."""

    secret: str = field(repr=False)
    api: str = ""
    login: str = ""
    password: str = field(default="", repr=False)
    name: str = "jasmin"

    takes_get: ClassVar[bool] = True
    replies_at_once: ClassVar[bool] = False
    only_answers: ClassVar[bool] = False

    def verify(self, hook: Hook) -> None:
        """Compare the secret in the address."""
        check_same(hook.query.get("secret", ""), self.secret, "secret")

    def read(self, hook: Hook) -> Sequence[Incoming]:
        """The one message of a request; Jasmin has joined its parts."""
        fields = hook.fields
        return [
            sms_told(
                self.name,
                external_id=text_of(fields, "id"),
                sender=text_of(fields, "from"),
                recipient=text_of(fields, "to"),
                text=_text(fields),
            )
        ]

    def answer(self, _replies: Sequence[OutgoingSms]) -> Answer:
        """The word without which Jasmin tells it again."""
        return _TAKEN

    def send(self, message: OutgoingSms, http: Session) -> str:
        """Hand over to `/send`, which answers `Success "id"`."""
        wide = not is_gsm_7(message.text)
        text = {"content": message.text}
        if wide:
            text = {"hex-content": message.text.encode("utf-16-be").hex()}
        response = post(
            http,
            self.name,
            f"{self.api}/send",
            data={
                "username": self.login,
                "password": self.password,
                "from": message.sender,
                "to": message.recipient,
                "coding": _UCS2 if wide else "0",
                **text,
            },
        )
        word, _, told = response.text.partition(" ")
        if word != "Success":
            raise Undelivered(f"{self.name} did not take it", retry=False)
        return told.strip().strip('"')


def _text(fields: dict[str, str]) -> str:
    """Octets tell more than the text that Jasmin makes of them."""
    octets = fields.get("binary", "")
    if fields.get("coding") != _UCS2 or not octets:
        return text_of(fields, "content")
    try:
        return bytes.fromhex(octets).decode("utf-16-be")
    except ValueError as error:
        raise Unreadable("The field binary is no text in UCS-2.") from error


def configured(options: Options) -> Carrier:
    """Jasmin as the settings describe it."""
    return Jasmin(
        secret=options.secret("secret"),
        api=options.url("api"),
        login=options.text("login"),
        password=options.secret("password"),
        name=options.name,
    )
