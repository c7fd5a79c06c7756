"""Which clips of one language can be played, by what the build noted of them."""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from sounds.waveform import WIDE

MANIFEST = "manifest.json"

Notes = Mapping[str, Mapping[str, Any]]
"""By the clip's name: its checksum and its size, among others."""


def read_manifest(folder: Path) -> Notes:
    """What the last build noted; nothing if there was none, or it is unreadable."""
    try:
        noted = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def checksum(path: Path) -> str:
    """Of a file's content. Raises OSError."""
    return sha256(path.read_bytes()).hexdigest()


class Stock:
    """The clips of one language as they lie in its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._noted: Notes = {}
        self._read_at = -1

    def lacking(self, clips: Iterable[str]) -> list[str]:
        """Those that are not there, or not of the size they were built with.

        Cheap enough for every sentence of a call. Where nothing was built, nothing
        is lacking: words alone are enough for the sandbox.
        """
        self._refresh()
        if not self._noted:
            return []
        return [clip for clip in clips if not self._is_whole(clip)]

    def damaged(self) -> list[str]:
        """Those whose content is not what was built, at either rate; takes a while."""
        self._refresh()
        return [
            clip
            for clip, noted in self._noted.items()
            if _differs(self._path(clip), noted["clip"])
            or _differs(self._path(f"{WIDE}/{clip}"), noted["wide"])
        ]

    def _refresh(self) -> None:
        """Read the notes again if there was another build."""
        try:
            written_at = (self.folder / MANIFEST).stat().st_mtime_ns
        except OSError:
            written_at = -1
        if written_at != self._read_at:
            self._noted = read_manifest(self.folder)
            self._read_at = written_at

    def _is_whole(self, clip: str) -> bool:
        try:
            size = self._path(clip).stat().st_size
        except OSError:
            return False
        return clip in self._noted and size == self._noted[clip]["bytes"]

    def _path(self, clip: str) -> Path:
        return self.folder / f"{clip}.wav"


def _differs(path: Path, noted: str) -> bool:
    """Whether a file is there and is not what was noted of it."""
    return path.is_file() and checksum(path) != noted
