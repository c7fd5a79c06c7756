"""The secrets of a development installation: made once, kept from other eyes."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_SAME: Final = (
    ("PORTAL_SESSION_SECRET",),
    ("PORTAL_CARRIERS_GENERIC_SECRET", "SANDBOX_CARRIER_SECRET"),
    # Until Twilio's own is set, nobody knows it: every post is refused as forged.
    ("PORTAL_CARRIERS_TWILIO_AUTH_TOKEN",),
    ("ESL_SERVICE_SWITCH_PASSWORD", "SANDBOX_PASSWORD"),
    ("PORTAL_VOUCHERS_KEYS",),
)
"""Variables that hold one and the same secret."""

_NAMED: Final = {"PORTAL_VOUCHERS_KEYS": "first:"}
"""Variables whose secrets have names, for others may stand beside them."""


class SecretFile:
    """`var/secrets.env` of an installation: lines of NAME=value, for its owner only."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "var" / "secrets.env"

    def under(self, environ: Mapping[str, str]) -> dict[str, str]:
        """The kept secrets with the environment above them."""
        return {**self._kept(), **environ}

    def make(self, environ: Mapping[str, str]) -> dict[str, str]:
        """The same, every secret that was still wanting made and kept."""
        kept = self._kept()
        for names in _SAME:
            known = [
                each[name] for each in (environ, kept) for name in names if name in each
            ]
            made = f"{_NAMED.get(names[0], '')}{secrets.token_hex(32)}"
            secret = known[0] if known else made
            kept |= dict.fromkeys(names, secret)
        self._keep(kept)
        return {**kept, **environ}

    def _kept(self) -> dict[str, str]:
        try:
            lines = self._path.read_text("utf-8").splitlines()
        except FileNotFoundError:
            return {}
        pairs = (line.partition("=") for line in lines if not line.startswith("#"))
        return {name.strip(): value.strip() for name, _, value in pairs if value}

    def _keep(self, kept: Mapping[str, str]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self._path.with_suffix(".new")
        unfinished.unlink(missing_ok=True)
        # Made for its owner alone from the first moment, not only afterwards.
        door = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(door, "w", encoding="utf-8") as file:
            file.writelines(f"{name}={value}\n" for name, value in kept.items())
        unfinished.replace(self._path)
