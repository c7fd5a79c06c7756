"""Which carriers there are: the `carriers` setting and what each of them needs."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from domain.settings import SettingsReader
from portal.carriers import (
    aws,
    bandwidth,
    capcom6,
    elks,
    generic,
    httpsms,
    infobip,
    jasmin,
    kannel,
    modem,
    playsms,
    plivo,
    sinch,
    smseagle,
    telnyx,
    twilio,
    vonage,
    vonage_messages,
)
from portal.carriers.base import Carrier
from portal.carriers.options import Options, Secrets

KINDS: Final[Mapping[str, Callable[[Options], Carrier]]] = {
    "46elks": elks.configured,
    "aws": aws.configured,
    "bandwidth": bandwidth.configured,
    "capcom6": capcom6.configured,
    "generic": generic.configured,
    "httpsms": httpsms.configured,
    "infobip": infobip.configured,
    "jasmin": jasmin.configured,
    "kannel": kannel.configured,
    "modem": modem.configured,
    "playsms": playsms.configured,
    "plivo": plivo.configured,
    "sinch": sinch.configured,
    "smseagle": smseagle.configured,
    "telnyx": telnyx.configured,
    "twilio": twilio.configured,
    "vonage": vonage.configured,
    "vonage_messages": vonage_messages.configured,
}
_NAME: Final = re.compile(r"[a-z0-9_]{1,40}")


@dataclass(frozen=True, slots=True)
class CarrierBook:
    """The carriers we work with, by name."""

    carriers: Mapping[str, Carrier]
    secrets: Mapping[str, Secrets] = field(default_factory=dict)

    def named(self, name: str) -> Carrier | None:
        """The carrier of that name, None if we work with no such carrier."""
        return self.carriers.get(name)

    def secrets_of(self, name: str) -> Secrets:
        """What nobody may be shown of the posts of the carrier of that name."""
        return self.secrets.get(name, Secrets())

    @property
    def replying_at_once(self) -> frozenset[str]:
        """Those whose posts are answered with the replies, and so worked before it."""
        found = self.carriers.items()
        return frozenset(name for name, each in found if each.replies_at_once)


def read_carriers(reader: SettingsReader) -> CarrierBook:
    """Read what the `carriers` setting lists; faults are left with the reader.

    `twilio` is one carrier; `twilio eu=twilio` are two accounts with it, the second
    at `/sms/eu` and with the settings `carriers.eu.…`.
    """
    found: dict[str, Carrier] = {}
    secrets: dict[str, Secrets] = {}
    for word in reader.text("carriers", "").split():
        name, _, kind = word.partition("=")
        make = KINDS.get(kind or name)
        if make is None:
            known = " ".join(KINDS)
            reader.fault(f"carriers lists {word!r}; the known ones are: {known}")
        elif not _NAME.fullmatch(name):
            reader.fault(f"carriers lists {word!r}: a name has letters, digits and _")
        elif name in found:
            reader.fault(f"carriers lists {name!r} twice")
        else:
            options = Options(reader, name)
            found[name] = make(options)
            secrets[name] = options.secrets
    return CarrierBook(MappingProxyType(found), MappingProxyType(secrets))
