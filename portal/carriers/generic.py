"""Any carrier that can post a form or JSON, and shares a secret with us."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from requests import Session

from domain.messages.sms import Sms
from portal.carriers.agreed import Agreed, Way, agreed
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
from portal.carriers.posting import accepted_as, post
from portal.carriers.reading import content_id
from portal.carriers.reading import field as text_of

_COULD_BE_A_COPY: Final = (
    "A signed message needs an id or a time, or anybody may post a copy of it later."
)


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
    """Form or JSON, named as configured, proved as agreed.

    Replies are posted as JSON to `send_url`. A carrier that has none finds them in
    the answer to its own post.
    """

    agreed: Agreed
    fields: Fields = Fields()
    send_url: str = ""
    name: str = "generic"
    takes_get: bool = False

    @property
    def replies_at_once(self) -> bool:
        """Only if there is nowhere to post them."""
        return not self.send_url

    @property
    def only_answers(self) -> bool:
        """The same."""
        return not self.send_url

    def verify(self, hook: Hook) -> None:
        """Make sure that the carrier has the secret."""
        self.agreed.check(hook)

    def read(self, hook: Hook) -> list[Sms]:
        """The one message of a post."""
        parts = hook.fields
        sender = text_of(parts, self.fields.sender)
        recipient = text_of(parts, self.fields.recipient)
        text = text_of(parts, self.fields.text)
        external_id = parts.get(self.fields.id, "").strip()
        if not external_id:
            time = parts.get(self.fields.time, "").strip()
            if self.agreed.way == Way.HMAC and not time:
                raise Unreadable(_COULD_BE_A_COPY)
            secret = self.agreed.secret
            external_id = content_id(secret, hook, time, sender, recipient, text)
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
            raise Undelivered(f"carriers.{self.name}.send_url is not set", retry=True)
        body = json.dumps(_told(message)).encode()
        headers = {"Content-Type": "application/json", **self.agreed.headers(body)}
        response = post(http, self.name, self.send_url, data=body, headers=headers)
        return accepted_as(response, "id")


def _told(message: OutgoingSms) -> dict[str, str]:
    told = asdict(message)
    return {
        "id": str(told["id"]),
        "from": told["sender"],
        "to": told["recipient"],
        "text": told["text"],
    }


def configured(options: Options) -> Carrier:
    """The carrier as the settings describe it."""
    proof, takes_get = agreed(options), options.flag("get", default=False)
    if takes_get and proof.way == Way.HMAC:
        options.fault("get", "cannot be: only a body is signed")
    fields = _fields(options)
    if proof.way == Way.HMAC and not (fields.id or fields.time):
        options.fault("fields.time", "is needed where there is no fields.id")
    return Generic(
        agreed=proof,
        fields=fields,
        send_url=options.url("send_url", ""),
        name=options.name,
        takes_get=takes_get,
    )


def _fields(options: Options) -> Fields:
    usual = Fields()
    return Fields(
        id=options.text("fields.id", usual.id),
        sender=options.text("fields.from", usual.sender),
        recipient=options.text("fields.to", usual.recipient),
        text=options.text("fields.text", usual.text),
        time=options.text("fields.time", usual.time),
    )
