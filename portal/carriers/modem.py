"""Our own modem forwarder: signed JSON, described in docs/forwarder-protocol.md."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from requests import Session

from domain.messages.sms import Incoming
from portal.carriers.base import (
    Answer,
    Carrier,
    Hook,
    OutgoingSms,
    Undelivered,
    Unreadable,
    missed_call_told,
    sms_told,
)
from portal.carriers.options import Options
from portal.carriers.proofs import check_fresh, check_same, hex_hmac
from portal.carriers.reading import part_of, text_at, value_at


@dataclass(frozen=True, slots=True)
class Modem:
    """The signature covers time, nonce and raw body; not the address."""

    secret: str = field(repr=False)
    name: str = "modem"

    takes_get: ClassVar[bool] = False
    replies_at_once: ClassVar[bool] = True
    only_answers: ClassVar[bool] = True

    def verify(self, hook: Hook) -> None:
        """Check X-Forwarder-Signature."""
        time, nonce = hook.header("X-Forwarder-Time"), hook.header("X-Forwarder-Nonce")
        signed = b".".join((time.encode(), nonce.encode(), hook.body))
        ours = hex_hmac(self.secret, signed, "sha256")
        check_same(hook.header("X-Forwarder-Signature"), ours, "X-Forwarder-Signature")
        check_fresh(time, hook, "X-Forwarder-Time")

    def read(self, hook: Hook) -> Sequence[Incoming]:
        """Every SMS, part and missed call of a post."""
        events = hook.json.get("events")
        if not isinstance(events, list):
            raise Unreadable("The body has no list called 'events'.")
        return [told for event in events for told in self._told(event)]

    def answer(self, replies: Sequence[OutgoingSms]) -> Answer:
        """The replies to send, which the forwarder keeps before it goes on."""
        told = [
            {"id": str(each.id), "to": each.recipient, "text": each.text}
            for each in replies
        ]
        said = tuple(each.id for each in replies)
        return Answer(json.dumps({"replies": told}), "application/json", said)

    def send(self, _message: OutgoingSms, _http: Session) -> str:
        """Nobody can ring a forwarder up: it asks, and is answered."""
        raise Undelivered(f"{self.name} has not asked for it yet", retry=True)

    def _told(self, event: object) -> list[Incoming]:
        named = {
            "external_id": text_at(event, "id"),
            "sender": text_at(event, "from"),
            "recipient": text_at(event, "to"),
        }
        match value_at(event, "type"):
            case "call":
                # Who withholds their number cannot be rung back.
                known = named["sender"].strip()
                return [missed_call_told(self.name, **named)] if known else []
            case "sms":
                sms = sms_told(self.name, **named, text=text_at(event, "text"))
                part = value_at(event, "part")
                return [sms if part is None else part_of(sms, *_place(part))]
            case _:
                raise Unreadable("An event is neither an sms nor a call.")


def _place(part: object) -> tuple[str, int, int]:
    total, place = value_at(part, "total"), value_at(part, "place")
    if not isinstance(total, int) or not isinstance(place, int):
        raise Unreadable("A part does not say which of how many it is.")
    return text_at(part, "reference"), total, place


def configured(options: Options) -> Carrier:
    """The forwarders as the settings describe them."""
    return Modem(secret=options.secret("secret", 16), name=options.name)
