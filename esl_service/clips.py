"""Which clips can be played: the switch passes over all others without a word."""

import wave
from collections.abc import Sequence
from os import stat
from pathlib import Path
from typing import Final

from esl_service.channel import TONE

_MANIFEST: Final = "manifest.json"
"""What a build leaves in a language's folder when all its clips are there."""

_Mark = tuple[int, int]
"""When a file was changed, and its bytes."""


class Clips:
    """Looks at clips before they are played; one that has not changed, once.

    Where nobody has built any sound, as for a sandbox, none is missing.
    """

    def __init__(self) -> None:
        self._good: dict[str, _Mark] = {}

    def silent(self, sounds: Sequence[str]) -> list[str]:
        """Those of the clips (absolute paths, or TONE) that are missing or damaged."""
        return [
            path
            for path in sounds
            if path != TONE and not self._plays(path) and _is_built(path)
        ]

    def _plays(self, path: str) -> bool:
        try:
            found = stat(path)  # noqa: PTH116 - asked for every clip that is played
            mark = (found.st_mtime_ns, found.st_size)
            if self._good.get(path) != mark:
                _listen(path, found.st_size)
                self._good[path] = mark
        except (OSError, EOFError, wave.Error):
            return False
        return True


def _listen(path: str, size: int) -> None:
    """Raise EOFError, wave.Error or OSError unless the whole of a clip is there."""
    with wave.open(path) as clip:
        told = clip.getnframes() * clip.getsampwidth() * clip.getnchannels()
    if not 0 < told < size:
        raise EOFError


def _is_built(path: str) -> bool:
    return Path(path).with_name(_MANIFEST).exists()
