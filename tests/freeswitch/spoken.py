"""The clips that people hear: built once for all who test, and spoilt for some."""

import fcntl
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sounds.build import build
from sounds.reading import SOURCE
from tests.databases import ROOT


def quick_sounds(folder: Path) -> Path:
    """Clips of one's own, spoken by somebody in a hurry: tests wait for each word."""
    quick, sounds = folder / "quick", folder / "sounds"
    shutil.copytree(SOURCE, quick, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for phrases in quick.glob("*/phrases.toml"):
        text = re.sub(r"(?m)^speed = \d+", "speed = 400", phrases.read_text("utf-8"))
        phrases.write_text(text, "utf-8")
    shutil.copytree(_built("quick-sounds", quick), sounds)
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


def _built(name: str, source: Path) -> Path:
    """A folder of `var` with what changed since the last time built anew.

    Building takes every processor a minute: of several who test at the same time one
    does it, and the others wait.
    """
    folder = ROOT / "var" / name
    folder.parent.mkdir(exist_ok=True)
    with folder.with_suffix(".lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        build(folder, source=source)
    return folder
