"""The section [app:main], checked once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from domain.database import url_fault
from domain.languages import DEFAULT, LANGUAGES
from domain.settings import SettingsReader
from domain.vouchers.keys import PinKey, PinKeys
from portal.carriers.settings import CarrierBook, read_carriers

SHORTEST_SECRET: Final = 32
SHORTEST_KEPT_DAYS: Final = 3
"""Carriers tell a message again for a day, some of them for nearly two."""
NO_KEYS: Final = PinKeys()
_KEY_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,32}")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the portal must know before it starts."""

    database_url: str = field(repr=False)
    public_url: str
    """Where people and carriers find us, without a slash at the end."""
    session_secret: str = field(repr=False)
    outbox_enabled: bool
    """Whether this process hands queued SMS to their carriers."""
    carriers: CarrierBook
    messages_kept: timedelta = timedelta(days=90)
    """How long messages that were worked or sent are kept."""
    language: str = DEFAULT
    """Spoken to whoever chose none, where the access number says none either."""
    pin_keys: PinKeys = NO_KEYS
    """What vouchers' PINs are hashed with; without any, there are no vouchers."""

    @classmethod
    def from_ini(
        cls, section: Mapping[str, str], environ: Mapping[str, str]
    ) -> "Settings":
        """Read a section; the environment wins. Raises BadSettings with all faults."""
        reader = SettingsReader("portal", section, environ)
        settings = cls(
            database_url=_database_url(reader),
            public_url=reader.url("public_url"),
            session_secret=reader.secret("session_secret", SHORTEST_SECRET),
            outbox_enabled=reader.flag("outbox.enabled", default=True),
            carriers=read_carriers(reader),
            messages_kept=timedelta(
                days=reader.whole("messages.kept_days", 90, least=SHORTEST_KEPT_DAYS)
            ),
            language=read_language(reader),
            pin_keys=read_pin_keys(reader),
        )
        reader.check()
        return settings

    @property
    def is_public_by_https(self) -> bool:
        """Whether browsers reach us encrypted, so that cookies may insist on it."""
        return self.public_url.startswith("https://")


def _database_url(reader: SettingsReader) -> str:
    url = reader.text("database.url")
    if url and (fault := url_fault(url)):
        reader.fault(fault)
    return url


def read_language(reader: SettingsReader) -> str:
    """The language of whoever chose none; a fault is left with the reader."""
    return reader.choice("site.language", DEFAULT, LANGUAGES)


def read_pin_keys(reader: SettingsReader) -> PinKeys:
    """Read `id:secret id:secret …`; faults are left with the reader, without secrets.

    The first is used for new batches, the others still redeem: keys are changed by
    putting a new one in front.
    """
    found: dict[str, PinKey] = {}
    for place, word in enumerate(reader.secret("vouchers.keys", 0).split(), start=1):
        key_id, _, secret = word.partition(":")
        if not _KEY_ID.fullmatch(key_id) or len(secret) < SHORTEST_SECRET:
            reader.fault(
                f"vouchers.keys: number {place} is not id:secret, the secret of "
                f"{SHORTEST_SECRET} characters or more"
            )
        elif key_id in found:
            reader.fault(f"vouchers.keys names {key_id!r} twice")
        else:
            found[key_id] = PinKey(key_id, secret)
    return PinKeys(tuple(found.values()))
