"""46elks: form posts; the answer's body is the reply.

https://46elks.com/docs/receive-sms
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final

from requests import Session

from domain.messages.sms import Incoming
from portal.carriers.base import Carrier, Hook, OutgoingSms
from portal.carriers.options import Options
from portal.carriers.posting import accepted_as, post
from portal.carriers.proofs import check_same
from portal.carriers.reading import Names, sms_of
from portal.carriers.wording import Speaking

API: Final = "https://api.46elks.com"
_NAMES: Final = Names("id", "from", "to", "message")


@dataclass(frozen=True, slots=True)
class FortySixElks(Speaking):
    """Nothing is signed: a secret in the address proves the carrier."""

    secret: str = field(repr=False)
    login: str = ""
    password: str = field(default="", repr=False)
    api: str = API
    name: str = "46elks"

    takes_get: ClassVar[bool] = False

    def verify(self, hook: Hook) -> None:
        """Compare the secret in the address."""
        check_same(hook.query.get("secret", ""), self.secret, "secret")

    def read(self, hook: Hook) -> Sequence[Incoming]:
        """The one message of a post; 46elks has joined its parts."""
        fields = dict(hook.form)
        if fields.get("direction", "incoming") != "incoming":
            return []
        return [sms_of(self.name, fields, _NAMES)]

    def send(self, message: OutgoingSms, http: Session) -> str:
        """Send. 46elks knows no id of ours: told twice, it sends twice."""
        response = post(
            http,
            self.name,
            f"{self.api}/a1/sms",
            data={
                "from": message.sender,
                "to": message.recipient,
                "message": message.text,
            },
            auth=(self.login, self.password),
        )
        return accepted_as(response, "id")


def configured(options: Options) -> Carrier:
    """46elks as the settings describe it."""
    return FortySixElks(
        secret=options.secret("secret"),
        login=options.text("login"),
        password=options.secret("password"),
        api=options.url("api", API),
        name=options.name,
    )
