"""playSMS: its custom feature and its generic gateway; the answer is the reply.

https://github.com/playsms/playsms/wiki
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from requests import Session

from domain.messages.segments import is_gsm_7
from domain.messages.sms import Incoming
from portal.carriers.base import Carrier, Hook, OutgoingSms, Undelivered, sms_told
from portal.carriers.options import Options
from portal.carriers.posting import accepted_as, json_of, post
from portal.carriers.proofs import check_same
from portal.carriers.reading import content_id, value_at
from portal.carriers.reading import field as text_of
from portal.carriers.wording import Speaking


@dataclass(frozen=True, slots=True)
class PlaySms(Speaking):
    """Nothing is signed: its `authcode` in the address proves the gateway."""

    authcode: str = field(repr=False)
    api: str = ""
    login: str = ""
    token: str = field(default="", repr=False)
    name: str = "playsms"

    def verify(self, hook: Hook) -> None:
        """Compare the authcode, wherever it stands."""
        told = hook.query.get("authcode", "") or hook.fields.get("authcode", "")
        check_same(told, self.authcode, "authcode")

    def read(self, hook: Hook) -> Sequence[Incoming]:
        """The one message of a request; playSMS itself joins parts."""
        fields = {**hook.query, **hook.fields}
        sender, recipient = text_of(fields, "from"), text_of(fields, "to")
        text, time = text_of(fields, "message"), fields.get("time", "")
        told_id = fields.get("id", "").strip()
        return [
            sms_told(
                self.name,
                external_id=told_id
                or content_id(self.authcode, hook, time, sender, recipient, text),
                sender=sender,
                recipient=recipient,
                text=text,
            )
        ]

    def send(self, message: OutgoingSms, http: Session) -> str:
        """Queue by its web service, which says in an answer of 200 what it thinks."""
        response = post(
            http,
            self.name,
            f"{self.api}/index.php",
            method="GET",
            params={
                "app": "ws",
                "op": "pv",
                "u": self.login,
                "h": self.token,
                "from": message.sender,
                "to": message.recipient,
                "msg": message.text,
                "unicode": "0" if is_gsm_7(message.text) else "1",
            },
        )
        if value_at(json_of(response), "data", 0, "status") != "OK":
            raise Undelivered(f"{self.name} did not queue it", retry=False)
        return accepted_as(response, "data", 0, "smslog_id")


def configured(options: Options) -> Carrier:
    """A playSMS as the settings describe it."""
    return PlaySms(
        authcode=options.secret("authcode"),
        api=options.url("api"),
        login=options.text("login"),
        token=options.secret("token"),
        name=options.name,
    )
