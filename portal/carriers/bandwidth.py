"""Bandwidth: arrays of JSON events by HTTP Basic, at least once.

https://dev.bandwidth.com/docs/messaging/webhooks
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
    sms_told,
)
from portal.carriers.options import Options
from portal.carriers.posting import accepted_as, post
from portal.carriers.proofs import check_basic
from portal.carriers.reading import text_at, value_at
from portal.carriers.wording import Quiet

API: Final = "https://messaging.bandwidth.com"


@dataclass(frozen=True, slots=True)
class Bandwidth(Quiet):
    """Nothing is signed: login and password prove the sender, TLS keeps the text."""

    hook_password: str = field(repr=False)
    hook_login: str = "bandwidth"
    account: str = ""
    application: str = ""
    api_login: str = ""
    api_password: str = field(default="", repr=False)
    api: str = API
    name: str = "bandwidth"

    def verify(self, hook: Hook) -> None:
        """Compare login and password."""
        check_basic(hook, self.hook_login, self.hook_password)

    def read(self, hook: Hook) -> Sequence[Incoming]:
        """Every message of an array; other events are left out."""
        if not isinstance(hook.any_json, list):
            raise Unreadable("The body is JSON, but not an array.")
        return [
            sms_told(
                self.name,
                external_id=text_at(event, "message", "id"),
                sender=text_at(event, "message", "from"),
                recipient=text_at(event, "to"),
                text=text_at(event, "message", "text"),
            )
            for event in hook.any_json
            if value_at(event, "type") == "message-received"
        ]

    def send(self, message: OutgoingSms, http: Session) -> str:
        """Send, our own number for it as its tag."""
        response = post(
            http,
            self.name,
            f"{self.api}/api/v2/users/{self.account}/messages",
            json={
                "applicationId": self.application,
                "from": message.sender,
                "to": [message.recipient],
                "text": message.text,
                "tag": str(message.id),
            },
            auth=(self.api_login, self.api_password),
        )
        return accepted_as(response, "id")


def configured(options: Options) -> Carrier:
    """Bandwidth as the settings describe it."""
    return Bandwidth(
        hook_password=options.secret("hook_password"),
        hook_login=options.text("hook_login", "bandwidth"),
        account=options.text("account"),
        application=options.text("application"),
        api_login=options.text("api_login"),
        api_password=options.secret("api_password"),
        api=options.url("api", API),
        name=options.name,
    )
