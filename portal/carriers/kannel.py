"""Kannel's `get-url` and `post-url`: the answer's body goes back to the sender.

https://www.kannel.org/download/kannel-userguide-snapshot/userguide.html
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from requests import Session

from domain.messages.segments import is_gsm_7
from domain.messages.sms import Incoming, SmsPart
from portal.carriers.base import Carrier, Hook, OutgoingSms, Unreadable, sms_told
from portal.carriers.options import Options
from portal.carriers.posting import post
from portal.carriers.proofs import check_same
from portal.carriers.reading import concatenation, content_id, is_for_a_port
from portal.carriers.reading import field as text_of
from portal.carriers.wording import Speaking

_CHARSETS: Final = {"utf-8", "utf-16be", "iso-8859-1", "iso-8859-15", "windows-1252"}


@dataclass(frozen=True, slots=True)
class Kannel(Speaking):
    """Nothing is signed: a secret in the address proves the gateway.

    Configure it with the template of docs/carriers.md, whose names are read here.
    """

    secret: str = field(repr=False)
    api: str = ""
    login: str = ""
    password: str = field(default="", repr=False)
    name: str = "kannel"

    def verify(self, hook: Hook) -> None:
        """Compare the secret in the address."""
        check_same(hook.query.get("secret", ""), self.secret, "secret")

    def read(self, hook: Hook) -> Sequence[Incoming]:
        """The one message of a request, or one part of it."""
        fields, octets = _posted(hook) if hook.method == "POST" else _asked(hook)
        sender, recipient = text_of(fields, "from"), text_of(fields, "to")
        udh = fields.get("udh", "").encode("latin-1")
        if is_for_a_port(udh):
            return []
        text = _text(octets, fields.get("charset", ""))
        told_id, time = fields.get("id", "").strip(), fields.get("time", "")
        sms = sms_told(
            self.name,
            external_id=told_id
            or content_id(self.secret, hook, time, sender, recipient, text, udh.hex()),
            sender=sender,
            recipient=recipient,
            text=text,
        )
        place = concatenation(udh)
        return [SmsPart(sms, *place)] if place else [sms]

    def send(self, message: OutgoingSms, http: Session) -> str:
        """Hand over to `sendsms`; Kannel tells no id that a later report would name."""
        post(
            http,
            self.name,
            f"{self.api}/cgi-bin/sendsms",
            method="GET",
            params={
                "username": self.login,
                "password": self.password,
                "from": message.sender,
                "to": message.recipient,
                "text": message.text,
                "charset": "UTF-8",
                "coding": "0" if is_gsm_7(message.text) else "2",
            },
        )
        return ""


def _asked(hook: Hook) -> tuple[dict[str, str], bytes]:
    """The fields of a template, each octet a letter, and the octets of the text."""
    query = urlsplit(hook.url).query
    fields = dict(parse_qsl(query, keep_blank_values=True, encoding="latin-1"))
    return fields, text_of(fields, "text").encode("latin-1")


def _posted(hook: Hook) -> tuple[dict[str, str], bytes]:
    """The same from the headers of `post-url`, whose body is the text."""
    try:
        udh = bytes.fromhex(hook.header("X-Kannel-UDH")).decode("latin-1")
    except ValueError as error:
        raise Unreadable("X-Kannel-UDH is not in hexadecimal digits.") from error
    fields = {
        "from": hook.header("X-Kannel-From"),
        "to": hook.header("X-Kannel-To"),
        "time": hook.header("X-Kannel-Time"),
        "charset": hook.header("X-Kannel-Charset"),
        "udh": udh,
    }
    return fields, hook.body


def _text(octets: bytes, charset: str) -> str:
    name = charset.strip().lower() or "utf-8"
    if name not in _CHARSETS:
        raise Unreadable("The message's charset is not one that we read.")
    try:
        return octets.decode(name)
    except UnicodeDecodeError as error:
        raise Unreadable(f"The message's text is not {name}.") from error


def configured(options: Options) -> Carrier:
    """Kannel as the settings describe it."""
    return Kannel(
        secret=options.secret("secret"),
        api=options.url("api"),
        login=options.text("login"),
        password=options.secret("password"),
        name=options.name,
    )
