"""How a carrier without a way of its own proves its posts: as it was agreed with it."""

import base64
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from portal.carriers.base import Forged, Hook, Unreadable
from portal.carriers.options import Options
from portal.carriers.proofs import (
    base64_hmac,
    check_basic,
    check_same,
    hex_hmac,
    is_same,
)

_HASH: Final = "sha256"


class Way(StrEnum):
    """What shows that a carrier has the secret."""

    HEADER = "header"
    FIELD = "field"
    BASIC = "basic"
    HMAC = "hmac"


@dataclass(frozen=True, slots=True)
class Agreed:
    """A secret that two share, and where it is shown, or what it signs."""

    secret: str = field(repr=False)
    way: str = Way.HEADER
    header: str = "X-Secret"
    """Of the secret, or of the signature of the body."""
    field: str = "secret"
    login: str = "generic"

    def check(self, hook: Hook) -> None:
        """Raise Forged unless the carrier has the secret."""
        match self.way:
            case Way.FIELD:
                told = hook.query.get(self.field) or _posted(hook, self.field)
                check_same(told, self.secret, self.field)
            case Way.BASIC:
                check_basic(hook, self.login, self.secret)
            case Way.HMAC:
                self._check_signature(hook)
            case _:
                check_same(hook.header(self.header), self.secret, self.header)

    def _check_signature(self, hook: Hook) -> None:
        told = hook.header(self.header).strip().removeprefix(f"{_HASH}=")
        by_digits = hex_hmac(self.secret, hook.body, _HASH)
        by_letters = base64_hmac(self.secret, hook.body, _HASH)
        if not (is_same(told.lower(), by_digits) or is_same(told, by_letters)):
            raise Forged(f"{self.header} is missing or wrong")

    def headers(self, body: bytes) -> dict[str, str]:
        """What proves a post of ours to the carrier."""
        match self.way:
            case Way.BASIC:
                told = base64.b64encode(f"{self.login}:{self.secret}".encode()).decode()
                return {"Authorization": f"Basic {told}"}
            case Way.HMAC:
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
    way = options.choice("proof", *Way)
    secret_field = options.text("secret_field", "secret")
    if way == Way.FIELD:
        options.hides(secret_field)
    usual = "X-Signature" if way == Way.HMAC else "X-Secret"
    return Agreed(
        secret=options.secret("secret"),
        way=way,
        header=options.text("secret_header", usual),
        field=secret_field,
        login=options.text("hook_login", "generic"),
    )
