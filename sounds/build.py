"""Builds the clips of every language into one folder, and only those that changed."""

import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from time import monotonic

from sounds.reading import SOURCE, languages_spoken, read
from sounds.shelf import Shelf
from sounds.studio import make

TOGETHER = 8
"""Clips handed to a process at a time."""

Progress = Callable[[int, int], None]
"""Told how many clips are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did."""

    clips: int
    made: int
    """Of those, how many were made anew."""
    seconds: float
    size: int
    """Bytes of all the clips, at both rates."""

    def __str__(self) -> str:
        return (
            f"{self.clips} clips, {self.made} of them made now, "
            f"in {self.seconds:.1f} s; {self.size / 1e6:.1f} MB at 8 and 16 kHz"
        )


@dataclass(frozen=True, slots=True)
class Missing:
    """A clip that nobody has recorded yet."""

    name: str
    words: str
    synthesised: bool
    """Whether a synthetic voice stands in for it."""


def build(
    folder: Path,
    languages: Sequence[str] | None = None,
    *,
    source: Path = SOURCE,
    words_only: bool = False,
    synthesizer: str | None = None,
    progress: Progress = lambda _done, _of: None,
) -> Built:
    """Make what changed since the last build, for all languages or for those named.

    With `words_only` no sound is made. `synthesizer` is a command to speak in place
    of espeak-ng. Raises BadPhrases, BadRecording or Mute; what was built before then
    stays as it was.
    """
    began = monotonic()
    chosen = languages_spoken(source) if languages is None else languages
    shelves = [
        Shelf(folder, read(language, source), source, synthesizer)
        for language in chosen
    ]
    for shelf in shelves:
        shelf.write_words()
    made = 0 if words_only else _make(shelves, progress)
    return Built(
        clips=sum(len(shelf.takes) for shelf in shelves),
        made=made,
        seconds=monotonic() - began,
        size=sum(shelf.size for shelf in shelves),
    )


def _make(shelves: Sequence[Shelf], progress: Progress) -> int:
    """Make all clips that changed; return how many."""
    takes = [take for shelf in shelves for take in shelf.changed]
    if takes:
        # Not forked: whoever builds may have threads, or greenlets, of their own.
        workers = min(os.cpu_count() or 1, -(-len(takes) // TOGETHER))
        with ProcessPoolExecutor(
            workers, get_context("spawn"), initializer=_leave_the_end_to_others
        ) as processes:
            try:
                made = processes.map(make, takes, chunksize=TOGETHER)
                for done, _ in enumerate(made, start=1):
                    progress(done, len(takes))
            except BaseException:
                processes.shutdown(wait=False, cancel_futures=True)
                raise
    for shelf in shelves:
        shelf.write_manifest()
    return len(takes)


def _leave_the_end_to_others() -> None:
    """Whoever began the work hears Ctrl-C too, and ends it in order."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def missing(language: str, folder: Path, *, source: Path = SOURCE) -> list[Missing]:
    """The clips of a language that are not recorded yet, in the script's order."""
    takes = Shelf(folder, read(language, source), source).takes
    return [
        Missing(take.clip.name, take.clip.words, take.target.is_file())
        for take in takes
        if take.recording is None
    ]
