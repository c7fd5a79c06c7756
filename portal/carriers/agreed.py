"""How a carrier without a way of its own proves its posts: as it was agreed with it."""

import base64
from dataclasses import dataclass, field
from typing import Final

from portal.carriers.base import Hook, Unreadable
from portal.carriers.options import Options
from portal.carriers.proofs import base64_hmac, check_basic, check_same, hex_hmac

HEADER: Final = "header"
FIELD: Final = "field"
BASIC: Final = "basic"
HMAC: Final = "hmac"
_HASH: Final = "sha256"


@dataclass(frozen=True, slots=True)
class Agreed:
    """A secret that two share, and where it is shown, or what it signs."""

    secret: str = field(repr=False)
    way: str = HEADER
    header: str = "X-Secret"
    """Of the secret, or of the signature of the body."""
    field: str = "secret"
    login: str = "generic"

    def check(self, hook: Hook) -> None:
        """Raise Forged unless the carrier has the secret."""
        match self.way:
            case "field":
                told = hook.query.get(self.field) or _posted(hook, self.field)
                check_same(told, self.secret, self.field)
            case "basic":
                check_basic(hook, self.login, self.secret)
            case "hmac":
                told = hook.header(self.header).strip().removeprefix(f"{_HASH}=")
                ours = hex_hmac(self.secret, hook.body, _HASH)
                if told.lower() != ours:
                    check_same(
                        told, base64_hmac(self.secret, hook.body, _HASH), self.header
                    )
            case _:
                check_same(hook.header(self.header), self.secret, self.header)

    def headers(self, body: bytes) -> dict[str, str]:
        """What proves a post of ours to the carrier."""
        match self.way:
            case "basic":
                told = base64.b64encode(f"{self.login}:{self.secret}".encode()).decode()
                return {"Authorization": f"Basic {told}"}
            case "hmac":
                return {self.header: hex_hmac(self.secret, body, _HASH)}
            case _:
                return {self.header: self.secret}


def _posted(hook: Hook, name: str) -> str:
    try:
        return hook.fields.get(name, "")
    except Unreadable:  # whoever posted this has proved nothing
        return ""


def agreed(options: Options) -> Agreed:
    """What the settings say was agreed."""
    way = options.choice("proof", HEADER, FIELD, BASIC, HMAC)
    secret_field = options.text("secret_field", "secret")
    if way == FIELD:
        options.hides(secret_field)
    usual = "X-Signature" if way == HMAC else "X-Secret"
    return Agreed(
        secret=options.secret("secret"),
        way=way,
        header=options.text("secret_header", usual),
        field=secret_field,
        login=options.text("hook_login", "generic"),
    )
