"""The clips that people hear: built once for all who test, and spoilt for some."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sounds.reading import SOURCE
from tests.system.programs import spoken_sounds


def quick_sounds(folder: Path) -> Path:
    """Clips of one's own, spoken by somebody in a hurry: tests wait for each word."""
    quick, sounds = folder / "quick", folder / "sounds"
    shutil.copytree(SOURCE, quick, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for phrases in quick.glob("*/phrases.toml"):
        text = re.sub(r"(?m)^speed = \d+", "speed = 400", phrases.read_text("utf-8"))
        phrases.write_text(text, "utf-8")
    shutil.copytree(spoken_sounds("quick-sounds", quick), sounds)
    return sounds


@contextmanager
def spoilt(clip: str, content: bytes | None = None) -> Iterator[None]:
    """For a while a clip is missing, or holds something else."""
    path = Path(clip)
    sound = path.read_bytes()
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    try:
        yield
    finally:
        path.write_bytes(sound)
