"""The settings of the ESL service, checked once, all faults reported together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.calls.models import THE_SWITCH
from domain.database import url_fault
from domain.errors import NotAPhoneNumber
from domain.languages import DEFAULT, LANGUAGES
from domain.numbers import parse
from domain.settings import SettingsReader
from esl_service import keypad
from esl_service.caller import Keys
from esl_service.switch import dialstring


@dataclass(frozen=True, slots=True)
class Settings:
    """Section [esl_service]. Times are seconds."""

    database_url: str
    sounds: Path
    switch_address: tuple[str, int]
    switch_password: str
    switch_name: str
    """What it is called among several on one database."""
    heartbeat: float
    """How often the switch says it is alive; three missed and we reconnect."""
    gateway: str
    caller_id: str
    drop_keys: tuple[str, ...]
    status_key: str
    redial_key: str
    language_key: str
    language: str
    """Spoken to whoever chose none, where the access number says none either."""
    patience: float
    pause: float
    poll: float
    """How often the queue of call requests is looked at."""
    extend_every: float
    """How often the holds of running sessions are extended."""
    records: Path | None
    """Where the switch leaves a record of each leg."""

    @classmethod
    def from_ini(
        cls, section: Mapping[str, str], environ: Mapping[str, str]
    ) -> "Settings":
        """Read them, or raise BadSettings with everything that is wrong."""
        read = SettingsReader("esl_service", section, environ)
        caller_id = _needed(read, "caller_id")
        records = read.text("records.folder", "")
        try:
            caller_id = parse(caller_id) if caller_id else ""
        except NotAPhoneNumber:
            read.fault(f"caller_id is {caller_id!r}, not an E.164 number")
        settings = cls(
            database_url=_needed(read, "database.url"),
            sounds=Path(_needed(read, "sounds.folder")),
            switch_address=read.address("switch.address", "127.0.0.1:8021"),
            switch_password=read.secret("switch.password"),
            switch_name=read.text("switch.name", THE_SWITCH),
            heartbeat=read.number("switch.heartbeat", 5, least=0.1),
            gateway=_needed(read, "gateway"),
            caller_id=caller_id,
            drop_keys=tuple(read.text("keys.drop", "## #1#").split()),
            status_key=read.text("keys.status", "111"),
            redial_key=read.text("keys.redial", "0"),
            language_key=read.text("keys.language", "*"),
            language=read.choice("site.language", DEFAULT, LANGUAGES),
            patience=read.number("prompt.patience", 8, least=1),
            pause=read.number("prompt.pause", 3, least=1),
            poll=read.number("poll", 0.05, least=0.01),
            extend_every=read.number("extend_every", 15, least=0.1),
            records=Path(records) if records else None,
        )
        for fault in settings.refused():
            read.fault(fault)
        read.check()
        return settings

    @property
    def keys(self) -> Keys:
        """What they say of keypads."""
        return Keys(
            patience=self.patience,
            pause=self.pause,
            drop=self.drop_keys,
            status=self.status_key,
            redial=self.redial_key,
            language=self.language_key,
        )

    def refused(self) -> Iterator[str]:
        """What no keypad could send, or the switch would refuse at every call."""
        if self.database_url and (fault := url_fault(self.database_url)):
            yield fault
        clip = str(self.sounds.absolute() / "clip.wav")
        checks: list[tuple[str, Callable[[str], str], Sequence[str]]] = [
            ("gateway", dialstring.gateway, [self.gateway]),
            ("sounds.folder", dialstring.clip, [clip]),
            ("keys.drop", dialstring.keys, self.drop_keys),
            ("keys.status", dialstring.keys, [self.status_key]),
            ("keys.redial", dialstring.keys, [self.redial_key]),
            ("keys.language", dialstring.keys, [self.language_key]),
        ]
        for name, check, values in checks:
            for value in filter(None, values):
                try:
                    check(value)
                except ValueError as fault:
                    yield f"{name}: {fault}"
        asked = {
            "keys.language": self.language_key,
            "keys.redial": self.redial_key,
            "keys.status": self.status_key,
        }
        yield from keypad.clashes(self.drop_keys, asked)


def _needed(read: SettingsReader, name: str) -> str:
    """A text without which nothing works; an empty one is as good as none."""
    text = read.text(name, "")
    if not text:
        read.fault(f"{name} is missing")
    return text
