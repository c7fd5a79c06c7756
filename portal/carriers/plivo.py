"""Plivo: form posts, signed with a nonce; replies as XML or through its API.

https://www.plivo.com/docs/messaging/concepts/signature-validation and
https://www.plivo.com/docs/messaging/xml/message
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import quoteattr

from requests import Session

from domain.messages.sms import Incoming
from portal.carriers.base import (
    Answer,
    Carrier,
    Forged,
    Hook,
    OutgoingSms,
    Unreadable,
)
from portal.carriers.options import Options
from portal.carriers.posting import accepted_as, post
from portal.carriers.proofs import base64_hmac, is_same
from portal.carriers.reading import Names, sms_of
from portal.carriers.wording import xml_text

API: Final = "https://api.plivo.com"
_NAMES: Final = Names("MessageUUID", "From", "To", "Text")


@dataclass(frozen=True, slots=True)
class Plivo:
    """Version 3 covers address, form and nonce; version 2 only address and nonce.

    Neither signs a time: a replay is stopped by the message's id.
    """

    auth_token: str = field(repr=False)
    auth_id: str = ""
    version: str = "v3"
    says_in_answer: bool = True
    api: str = API
    name: str = "plivo"

    takes_get: ClassVar[bool] = False
    only_answers: ClassVar[bool] = False

    @property
    def replies_at_once(self) -> bool:
        """By XML, unless the API is wished."""
        return self.says_in_answer

    def verify(self, hook: Hook) -> None:
        """Check the signature; there may be several, one for each of their tokens."""
        header = f"X-Plivo-Signature-{self.version.upper()}"
        signed = self._signed(hook) + hook.header(f"{header}-Nonce")
        ours = base64_hmac(self.auth_token, signed.encode(), "sha256")
        told = [each.strip() for each in hook.header(header).split(",")]
        if not any(is_same(each, ours) for each in told):
            raise Forged(f"{header} is missing or wrong")

    def read(self, hook: Hook) -> Sequence[Incoming]:
        """The one message of a post; Plivo has joined its parts."""
        fields = dict(hook.form)
        return [sms_of(self.name, fields, _NAMES)]

    def answer(self, replies: Sequence[OutgoingSms]) -> Answer:
        """XML; an empty response says nothing."""
        said = list(replies) if self.says_in_answer else []
        messages = "".join(map(_message, said))
        return Answer(
            f'<?xml version="1.0" encoding="UTF-8"?><Response>{messages}</Response>',
            "application/xml",
            tuple(reply.id for reply in said),
        )

    def send(self, message: OutgoingSms, http: Session) -> str:
        """Create a message. Plivo knows no id of ours: told twice, it sends twice."""
        response = post(
            http,
            self.name,
            f"{self.api}/v1/Account/{self.auth_id}/Message/",
            json={
                "src": message.sender.removeprefix("+"),
                "dst": message.recipient.removeprefix("+"),
                "text": message.text,
            },
            auth=(self.auth_id, self.auth_token),
        )
        return accepted_as(response, "message_uuid", 0)

    def _signed(self, hook: Hook) -> str:
        """What is signed, without the nonce."""
        parts = urlsplit(hook.url)
        address = f"{parts.scheme}://{parts.netloc}{parts.path}"
        if self.version == "v2":
            return address
        try:
            form = "".join(name + value for name, value in sorted(hook.form))
        except Unreadable as error:
            raise Forged("the body is none that Plivo could have signed") from error
        query = parse_qsl(parts.query, keep_blank_values=True)
        told = "&".join(f"{name}={value}" for name, value in sorted(query))
        asked = f"?{told}" if query or form else ""
        return f"{address}{asked}{'.' if query and form else ''}{form}."


def _message(reply: OutgoingSms) -> str:
    source = quoteattr(reply.sender.removeprefix("+"))
    target = quoteattr(reply.recipient.removeprefix("+"))
    return (
        f'<Message src={source} dst={target} type="sms">'
        f"{xml_text(reply.text)}</Message>"
    )


def configured(options: Options) -> Carrier:
    """Plivo as the settings describe it."""
    return Plivo(
        auth_token=options.secret("auth_token"),
        auth_id=options.text("auth_id"),
        version=options.choice("signature", "v3", "v2"),
        says_in_answer=options.choice("reply", "xml", "api") == "xml",
        api=options.url("api", API),
        name=options.name,
    )
