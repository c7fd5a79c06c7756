"""Reading a program's settings: environment over file, all faults told at once."""

from collections.abc import Callable, Collection, Mapping
from typing import Final, TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")

_SHARED: Final = {
    "database.url",
    "site.language",
    "sounds.folder",
    "sounds.synthesizer",
}
"""Every program reads these, so their variables carry no program's name."""

_TRUE: Final = {"true", "yes", "on", "1"}
_FALSE: Final = {"false", "no", "off", "0"}


class BadSettings(ValueError):
    """A program may not start; `faults` say why, one line each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("bad settings:\n" + "\n".join(f"  {each}" for each in faults))
        self.faults = faults


class SettingsReader:
    """Reads the settings of one section and gathers what is wrong with them.

    The setting `switch.password` of the section `esl_service` is overruled by the
    environment variable `ESL_SERVICE_SWITCH_PASSWORD`.
    """

    def __init__(
        self, prefix: str, section: Mapping[str, str], environ: Mapping[str, str]
    ) -> None:
        self._prefix = prefix
        self._section = section
        self._environ = environ
        self._faults: list[str] = []

    def text(self, name: str, default: str | None = None) -> str:
        """A text; needed when there is no default."""
        value = self._raw(name)
        if value is None:
            if default is None:
                self._faults.append(
                    f"{name} is missing (or set {self._variable(name)})"
                )
            return default or ""
        return value

    def secret(self, name: str, shortest: int = 1) -> str:
        """A text that comes from the environment alone."""
        variable = self._variable(name)
        value = self._environ.get(variable, "")
        if name in self._section:
            self._faults.append(
                f"{name} is a secret: remove it from the file and set {variable}"
            )
        elif len(value) < shortest:
            self._faults.append(
                f"{name} is missing: set {variable} to {shortest} characters or more"
            )
        return value

    def number(self, name: str, default: float, *, least: float = 0) -> float:
        """A number no smaller than `least`."""

        def read(value: str) -> float:
            if float(value) < least:
                raise ValueError
            return float(value)

        return self._read(name, default, read, f"a number from {least:g}")

    def whole(self, name: str, default: int, *, least: int = 0) -> int:
        """A whole number no smaller than `least`."""

        def read(value: str) -> int:
            if int(value) < least:
                raise ValueError
            return int(value)

        return self._read(name, default, read, f"a whole number from {least}")

    def flag(self, name: str, *, default: bool) -> bool:
        """True or false."""

        def read(value: str) -> bool:
            if value.lower() not in _TRUE | _FALSE:
                raise ValueError
            return value.lower() in _TRUE

        return self._read(name, default, read, "true or false")

    def choice(self, name: str, default: str, choices: Collection[str]) -> str:
        """One of several words."""

        def read(value: str) -> str:
            if value not in choices:
                raise ValueError
            return value

        return self._read(name, default, read, f"one of {' '.join(choices)}")

    def address(self, name: str, default: str) -> tuple[str, int]:
        """A host and a port, written `127.0.0.1:8021`."""

        def read(value: str) -> tuple[str, int]:
            host, _, port = value.rpartition(":")
            if not host or not 0 <= int(port) < 2**16:
                raise ValueError
            return host.strip("[]"), int(port)

        return self._read(name, read(default), read, "host:port")

    def url(self, name: str, default: str | None = None) -> str:
        """An http or https address."""

        def read(value: str) -> str:
            parts = urlsplit(value)
            if parts.scheme not in {"http", "https"} or not parts.hostname:
                raise ValueError
            return value.rstrip("/")

        if default is None and self._raw(name) is None:
            return self.text(name)
        return self._read(name, default or "", read, "an http:// or https:// address")

    def fault(self, sentence: str) -> None:
        """Note a fault that only the program itself can see."""
        self._faults.append(sentence)

    def check(self) -> None:
        """Raise BadSettings if anything was wrong."""
        if self._faults:
            raise BadSettings(self._faults)

    def _read(self, name: str, default: T, read: Callable[[str], T], form: str) -> T:
        value = self._raw(name)
        if value is None:
            return default
        try:
            return read(value)
        except ValueError:
            self._faults.append(f"{name} is {value!r}, not {form}")
            return default

    def _raw(self, name: str) -> str | None:
        value = self._environ.get(self._variable(name), self._section.get(name))
        return value.strip() if value is not None else None

    def _variable(self, name: str) -> str:
        whole = name if name in _SHARED else f"{self._prefix}_{name}"
        return whole.upper().replace(".", "_")
