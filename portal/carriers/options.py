"""The settings of one carrier."""

import importlib.util
from dataclasses import dataclass, field
from typing import Final

from domain.settings import SettingsReader

SHORTEST_SECRET: Final = 8


@dataclass(frozen=True, slots=True)
class Secrets:
    """What nobody may be shown of a carrier's posts."""

    values: frozenset[str] = field(default=frozenset(), repr=False)
    fields: frozenset[str] = frozenset()
    """Names of the fields whose values prove the carrier."""


class Options:
    """Reads `carriers.NAME.…`; faults are left with the reader."""

    def __init__(self, reader: SettingsReader, name: str) -> None:
        self.name = name
        self._reader = reader
        self._secrets: set[str] = set()
        self._proving: set[str] = set()

    def spelled(self, option: str) -> str:
        """The whole name of a setting."""
        return f"carriers.{self.name}.{option}"

    def secret(self, option: str, shortest: int = SHORTEST_SECRET) -> str:
        """A secret, from the environment alone."""
        told = self._reader.secret(self.spelled(option), shortest)
        self._secrets.add(told)
        return told

    def text(self, option: str, default: str | None = None) -> str:
        """A text; needed when there is no default."""
        return self._reader.text(self.spelled(option), default)

    def url(self, option: str, default: str | None = None) -> str:
        """An http or https address; needed when there is no default."""
        return self._reader.url(self.spelled(option), default)

    def flag(self, option: str, *, default: bool) -> bool:
        """True or false."""
        return self._reader.flag(self.spelled(option), default=default)

    def choice(self, option: str, first: str, *others: str) -> str:
        """One of some words; the first unless something else is said."""
        told = self.text(option, first)
        if told not in {first, *others}:
            known = ", ".join((first, *others[:-1])) + f" or {others[-1]}"
            self.fault(option, f"is {told!r}, not {known}")
        return told

    def hides(self, name: str) -> None:
        """Note a field of the carrier's posts whose value is nobody's business."""
        self._proving.add(name)

    @property
    def secrets(self) -> Secrets:
        """All that was read of the kind so far."""
        return Secrets(frozenset(self._secrets), frozenset(self._proving))

    def fault(self, option: str, sentence: str) -> None:
        """Note what is wrong with a setting."""
        self._reader.fault(f"{self.spelled(option)} {sentence}")

    def needs_cryptography(self) -> None:
        """Note a fault if the package `cryptography` is not installed."""
        if importlib.util.find_spec("cryptography") is None:
            self._reader.fault(
                f"carriers.{self.name} needs the package cryptography: "
                "install sms-callback[signatures]"
            )
