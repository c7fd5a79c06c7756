"""Twilio: form posts, signed; replies as TwiML or through its API.

https://www.twilio.com/docs/usage/security and /docs/messaging/twiml
"""

import base64
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final
from urllib.parse import urlsplit, urlunsplit

from requests import Session

from domain.messages.sms import Sms
from portal.carriers.base import (
    Answer,
    Carrier,
    Forged,
    Hook,
    OutgoingSms,
    Undelivered,
    Unreadable,
    sms_told,
)
from portal.carriers.options import Options
from portal.carriers.posting import accepted_as, post
from portal.carriers.proofs import is_same
from portal.carriers.wording import xml_text

API: Final = "https://api.twilio.com"
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Twilio:
    """Twilio signs no time and no nonce: a replay is stopped by the message's id."""

    auth_token: str = field(repr=False)
    account_sid: str = ""
    says_in_answer: bool = True
    """Replies go out as TwiML; else, and for all other messages, by the API."""
    api: str = API
    name: str = "twilio"

    takes_get: ClassVar[bool] = True

    @property
    def replies_at_once(self) -> bool:
        """As TwiML, unless the API is wished."""
        return self.says_in_answer

    @property
    def only_answers(self) -> bool:
        """Its API asks for the account."""
        return not self.account_sid

    def verify(self, hook: Hook) -> None:
        """Check X-Twilio-Signature over our public address and the whole form."""
        told = hook.header("X-Twilio-Signature")
        try:
            form = hook.form
        except Unreadable as error:
            raise Forged("the body is none that Twilio could have signed") from error
        if not any(is_same(told, ours) for ours in self._signatures(hook.url, form)):
            raise Forged("X-Twilio-Signature is missing or wrong")

    def read(self, hook: Hook) -> list[Sms]:
        """The one message of a post; none when Twilio itself has answered it."""
        form = hook.fields
        missing = [
            name for name in ("MessageSid", "From", "To", "Body") if name not in form
        ]
        if missing:
            raise Unreadable(f"The form has no field called {missing[0]!r}.")
        if form.get("OptOutType"):  # STOP, START and HELP, where Twilio answers them
            return []
        return [
            sms_told(
                self.name,
                external_id=form["MessageSid"],
                sender=form["From"],
                recipient=form["To"],
                text=form["Body"],
            )
        ]

    def answer(self, replies: Sequence[OutgoingSms]) -> Answer:
        """TwiML; an empty response says nothing."""
        said = list(replies) if self.says_in_answer else []
        messages = "".join(
            f"<Message>{xml_text(reply.text)}</Message>" for reply in said
        )
        return Answer(
            f'<?xml version="1.0" encoding="UTF-8"?><Response>{messages}</Response>',
            "text/xml",
            tuple(reply.id for reply in said),
        )

    def send(self, message: OutgoingSms, http: Session) -> str:
        """Create a message. Twilio knows no id of ours: told twice, it sends twice."""
        if not self.account_sid:
            sentence = f"carriers.{self.name}.account_sid is not set"
            raise Undelivered(sentence, retry=True)
        response = post(
            http,
            self.name,
            f"{self.api}/2010-04-01/Accounts/{self.account_sid}/Messages.json",
            data={
                "From": message.sender,
                "To": message.recipient,
                "Body": message.text,
            },
            auth=(self.account_sid, self.auth_token),
        )
        return accepted_as(response, "sid")

    def _signatures(self, url: str, form: Iterable[tuple[str, str]]) -> Iterable[str]:
        """The signature for each way to write the address: with its port or without."""
        parts = "".join(name + value for name, value in sorted(set(form)))
        for spelling in spellings(url):
            signed = (spelling + parts).encode()
            digest = hmac.digest(self.auth_token.encode(), signed, "sha1")
            yield base64.b64encode(digest).decode()


def spellings(url: str) -> list[str]:
    """An address as it stands, and with its scheme's own port added or left out.

    >>> spellings("https://sms.example.org/sms/twilio")[1]
    'https://sms.example.org:443/sms/twilio'
    """
    parts = urlsplit(url)
    usual = _DEFAULT_PORTS[parts.scheme]
    if parts.port is None:
        other = f"{parts.netloc}:{usual}"
    elif parts.port == usual:
        other = parts.netloc.removesuffix(f":{usual}")
    else:
        return [url]
    return [url, urlunsplit(parts._replace(netloc=other))]


def configured(options: Options) -> Carrier:
    """Twilio as the settings describe it."""
    reply = options.choice("reply", "twiml", "api")
    sid = options.text("account_sid", "")
    if reply == "api" and not sid:
        options.fault("account_sid", "is needed to reply by the api")
    return Twilio(
        auth_token=options.secret("auth_token"),
        account_sid=sid,
        says_in_answer=reply == "twiml",
        api=options.url("api", API),
        name=options.name,
    )
