"""Which carriers there are: the `carriers` setting and what each of them needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from domain.settings import SettingsReader
from portal.carriers.base import Carrier
from portal.carriers.generic import Fields, Generic
from portal.carriers.twilio import API, Twilio

SHORTEST_SECRET: Final = 8


@dataclass(frozen=True, slots=True)
class CarrierBook:
    """The carriers we work with, by name."""

    carriers: Mapping[str, Carrier]

    def named(self, name: str) -> Carrier | None:
        """The carrier of that name, None if we work with no such carrier."""
        return self.carriers.get(name)


def read_carriers(reader: SettingsReader) -> CarrierBook:
    """Read what the `carriers` setting lists; faults are left with the reader."""
    found = {}
    for name in reader.text("carriers", "").split():
        if name in _KNOWN:
            found[name] = _KNOWN[name](reader)
        else:
            known = " ".join(_KNOWN)
            reader.fault(f"carriers lists {name!r}; the known ones are: {known}")
    return CarrierBook(MappingProxyType(found))


def _generic(reader: SettingsReader) -> Carrier:
    usual = Fields()
    return Generic(
        secret=reader.secret("carriers.generic.secret", SHORTEST_SECRET),
        secret_header=reader.text("carriers.generic.secret_header", "X-Secret"),
        fields=Fields(
            id=reader.text("carriers.generic.fields.id", usual.id),
            sender=reader.text("carriers.generic.fields.from", usual.sender),
            recipient=reader.text("carriers.generic.fields.to", usual.recipient),
            text=reader.text("carriers.generic.fields.text", usual.text),
            time=reader.text("carriers.generic.fields.time", usual.time),
        ),
        send_url=reader.url("carriers.generic.send_url", ""),
    )


def _twilio(reader: SettingsReader) -> Carrier:
    reply = reader.text("carriers.twilio.reply", "twiml")
    if reply not in {"twiml", "api"}:
        reader.fault(f"carriers.twilio.reply is {reply!r}, not twiml or api")
    sid = reader.text("carriers.twilio.account_sid", "")
    if reply == "api" and not sid:
        reader.fault("carriers.twilio.account_sid is needed to reply by the api")
    return Twilio(
        auth_token=reader.secret("carriers.twilio.auth_token", SHORTEST_SECRET),
        account_sid=sid,
        says_in_answer=reply == "twiml",
        api=reader.url("carriers.twilio.api", API),
    )


_KNOWN: Final[Mapping[str, Callable[[SettingsReader], Carrier]]] = {
    "generic": _generic,
    "twilio": _twilio,
}
