"""The settings of the ESL service, checked once, all faults reported together."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from domain.errors import NotAPhoneNumber
from domain.numbers import parse
from domain.settings import SettingsReader


@dataclass(frozen=True, slots=True)
class Settings:
    """Section [esl_service]. Times are seconds."""

    database_url: str
    sounds: Path
    switch_address: tuple[str, int]
    switch_password: str
    heartbeat: float
    """How often the switch says it is alive; three missed and we reconnect."""
    gateway: str
    caller_id: str
    drop_keys: tuple[str, ...]
    status_key: str
    redial_key: str
    patience: float
    pause: float
    poll: float
    """How often the queue of call requests is looked at."""
    extend_every: float
    """How often the holds of running sessions are extended."""

    @classmethod
    def from_ini(
        cls, section: Mapping[str, str], environ: Mapping[str, str]
    ) -> "Settings":
        """Read them, or raise BadSettings with everything that is wrong."""
        read = SettingsReader("esl_service", section, environ)
        caller_id = read.text("caller_id")
        try:
            caller_id = parse(caller_id) if caller_id else ""
        except NotAPhoneNumber:
            read.fault(f"caller_id is {caller_id!r}, not an E.164 number")
        settings = cls(
            database_url=read.text("database.url"),
            sounds=Path(read.text("sounds.folder")),
            switch_address=read.address("switch.address", "127.0.0.1:8021"),
            switch_password=read.secret("switch.password"),
            heartbeat=read.number("switch.heartbeat", 5, least=0.1),
            gateway=read.text("gateway"),
            caller_id=caller_id,
            drop_keys=tuple(read.text("keys.drop", "## #1#").split()),
            status_key=read.text("keys.status", "111"),
            redial_key=read.text("keys.redial", "0"),
            patience=read.number("prompt.patience", 8, least=1),
            pause=read.number("prompt.pause", 3, least=1),
            poll=read.number("poll", 0.05, least=0.01),
            extend_every=read.number("extend_every", 15, least=0.1),
        )
        for keys in settings.drop_keys:
            if not keys or set(keys) - set("0123456789*#"):
                read.fault(f"keys.drop names {keys!r}, which no keypad can send")
        read.check()
        return settings
