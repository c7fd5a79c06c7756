"""The [sandbox] section, checked once, all faults reported together."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from domain.settings import BadSettings, SettingsReader
from sandbox.switch import trunks
from sandbox.switch.trunks import Trunk

__all__ = ["BadSettings", "Settings"]


@dataclass(frozen=True)
class Settings:
    """What the sandbox was told; the environment (SANDBOX_…) overrules the file.

    The two secrets have defaults that everybody knows: nothing is kept here, and
    nobody is let in from elsewhere. Port 0 takes any free port.
    """

    event_socket: tuple[str, int]
    web: tuple[str, int]
    password: str
    gateways: Mapping[str, Trunk]
    speed: float  # how many times faster than life prompts are played
    heartbeat: float  # seconds between two HEARTBEAT events
    carrier_url: str  # where a handset's SMS is posted
    carrier_secret: str
    sounds: Path | None  # where the prompts were built; the page plays them
    records: Path | None  # where the switch leaves a record of each leg

    @classmethod
    def from_ini(cls, section: Mapping[str, str], environ: Mapping[str, str]) -> Self:
        """Read the section, or raise BadSettings with everything wrong in it."""
        reader = SettingsReader("sandbox", section, environ)
        sounds = reader.text("sounds.folder", "")
        records = reader.text("records.folder", "")
        try:
            gateways = trunks.parse(reader.text("gateways", "carrier"))
        except ValueError as error:
            reader.fault(f"gateways: {error}")
            gateways = {}
        settings = cls(
            event_socket=reader.address("event_socket", "127.0.0.1:18021"),
            web=reader.address("web", "127.0.0.1:6544"),
            password=reader.text("password", "ClueCon"),
            gateways=gateways,
            speed=reader.number("speed", 1.0, least=0.01),
            heartbeat=reader.number("heartbeat", 5.0, least=0.1),
            carrier_url=reader.url("carrier_url", "http://127.0.0.1:6543/sms/generic"),
            carrier_secret=reader.text("carrier_secret", "sandbox"),
            sounds=Path(sounds) if sounds else None,
            records=Path(records) if records else None,
        )
        if not settings.gateways:
            reader.fault("gateways names no gateway; calls could leave by none")
        reader.check()
        return settings
