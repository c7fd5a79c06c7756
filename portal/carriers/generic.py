"""Any carrier that can post a form or JSON, and shares a secret with us."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Final

from requests import Session

from domain.messages.sms import Sms
from portal.carriers.base import (
    Answer,
    Forged,
    Hook,
    OutgoingSms,
    Undelivered,
    Unreadable,
    sms_told,
)
from portal.carriers.posting import accepted_as, post

SAME_MESSAGE_S: Final = 600
"""Without an id and a time: the same text again within about this is a repetition."""


@dataclass(frozen=True, slots=True)
class Fields:
    """What the carrier calls the parts of a message."""

    id: str = "id"
    sender: str = "from"
    recipient: str = "to"
    text: str = "text"
    time: str = "time"


@dataclass(frozen=True, slots=True)
class Generic:
    """Form or JSON, named as configured; the shared secret travels in a header.

    Replies are posted as JSON to `send_url`. A carrier that has none finds them in
    the answer to its own post.
    """

    secret: str = field(repr=False)
    secret_header: str = "X-Secret"  # noqa: S105 - the header's name, not a secret
    fields: Fields = Fields()
    send_url: str = ""
    name: str = "generic"

    def verify(self, hook: Hook) -> None:
        """Compare the secret, in a time that tells nothing about it."""
        told = hook.header(self.secret_header).encode()
        if not hmac.compare_digest(told, self.secret.encode()):
            raise Forged(f"{self.secret_header} is missing or wrong")

    def read(self, hook: Hook) -> list[Sms]:
        """The one message of a post."""
        parts = _json_parts(hook) if hook.is_json else dict(hook.form)
        sender = _part(parts, self.fields.sender)
        recipient = _part(parts, self.fields.recipient)
        text = _part(parts, self.fields.text)
        external_id = parts.get(self.fields.id, "").strip()
        if not external_id:
            time = parts.get(self.fields.time, "").strip() or _slot(hook)
            external_id = self._content_id(sender, recipient, text, time)
        return [
            sms_told(
                self.name,
                external_id=external_id,
                sender=sender,
                recipient=recipient,
                text=text,
            )
        ]

    def answer(self, replies: Sequence[OutgoingSms]) -> Answer:
        """JSON; the replies are in it only if they cannot be posted."""
        said = [] if self.send_url else list(replies)
        body = json.dumps({"replies": [_told(reply) for reply in said]})
        return Answer(body, "application/json", tuple(reply.id for reply in said))

    def send(self, message: OutgoingSms, http: Session) -> str:
        """Post it with our id, by which the carrier knows a repetition."""
        if not self.send_url:
            raise Undelivered(f"carriers.{self.name}.send_url is not set", retry=False)
        response = post(
            http,
            self.name,
            self.send_url,
            json=_told(message),
            headers={self.secret_header: self.secret},
        )
        return accepted_as(response, "id")

    def _content_id(self, *content: str) -> str:
        """An id made of the content; keyed, for the text may hold a password."""
        whole = json.dumps(content).encode()
        return hmac.new(self.secret.encode(), whole, hashlib.sha256).hexdigest()


def _json_parts(hook: Hook) -> dict[str, str]:
    """The texts of an object; some carriers write ids and numbers without quotes."""
    return {
        name: str(value)
        for name, value in hook.json.items()
        if isinstance(value, str | int) and not isinstance(value, bool)
    }


def _part(parts: dict[str, str], name: str) -> str:
    if name not in parts:
        raise Unreadable(f"The body has no text called {name!r}.")
    return parts[name]


def _slot(hook: Hook) -> str:
    return str(int(hook.received_at.timestamp()) // SAME_MESSAGE_S)


def _told(message: OutgoingSms) -> dict[str, str]:
    told = asdict(message)
    return {
        "id": str(told["id"]),
        "from": told["sender"],
        "to": told["recipient"],
        "text": told["text"],
    }
