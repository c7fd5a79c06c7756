"""Infobip: JSON with several messages in one post (its format MO_JSON_2).

https://www.infobip.com/docs/api/channels/sms/inbound-sms/receive-inbound-sms-messages
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from requests import Session

from domain.messages.sms import Incoming
from portal.carriers.base import (
    Carrier,
    Hook,
    OutgoingSms,
    Unreadable,
)
from portal.carriers.options import Options
from portal.carriers.posting import accepted_as, post
from portal.carriers.proofs import check_basic
from portal.carriers.reading import Names, sms_of
from portal.carriers.wording import Quiet

_NAMES: Final = Names("messageId", "from", "to", "text")


@dataclass(frozen=True, slots=True)
class Infobip(Quiet):
    """Nothing is signed: login and password prove the sender, TLS keeps the text."""

    hook_password: str = field(repr=False)
    hook_login: str = "infobip"
    api_key: str = field(default="", repr=False)
    api: str = ""
    name: str = "infobip"

    def verify(self, hook: Hook) -> None:
        """Compare login and password."""
        check_basic(hook, self.hook_login, self.hook_password)

    def read(self, hook: Hook) -> Sequence[Incoming]:
        """Every message of the post; Infobip has joined their parts."""
        results = hook.json.get("results")
        if not isinstance(results, list):
            raise Unreadable("The body has no list called 'results'.")
        return [sms_of(self.name, result, _NAMES) for result in results]

    def send(self, message: OutgoingSms, http: Session) -> str:
        """Send, our own number for it as its id."""
        destination = {"to": message.recipient.removeprefix("+")}
        response = post(
            http,
            self.name,
            f"{self.api}/sms/3/messages",
            json={
                "messages": [
                    {
                        "sender": message.sender.removeprefix("+"),
                        "destinations": [destination],
                        "content": {"text": message.text},
                    }
                ]
            },
            headers={"Authorization": f"App {self.api_key}"},
        )
        return accepted_as(response, "messages", 0, "messageId")


def configured(options: Options) -> Carrier:
    """Infobip as the settings describe it."""
    return Infobip(
        hook_password=options.secret("hook_password"),
        hook_login=options.text("hook_login", "infobip"),
        api_key=options.secret("api_key"),
        api=options.url("api"),
        name=options.name,
    )
