"""The section [app:main], checked once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from domain.database import url_fault
from domain.settings import SettingsReader
from portal.carriers.settings import CarrierBook, read_carriers

SHORTEST_SECRET: Final = 32


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
