"""Prompts to listen to: the words a handset heard, as the clips that say them."""

import io
import json
import wave
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from pyramid.httpexceptions import HTTPBadRequest
from pyramid.request import Request
from pyramid.response import Response

_LONGEST = 2000  # letters of a prompt


class NotRecorded(Exception):
    """No clips say these words; the message is a sentence."""


def show(request: Request) -> Response:
    """Play the prompt that says the words in `words`; 404 if nobody recorded it."""
    words = " ".join(request.GET.get("words", "").split())
    if not 0 < len(words) <= _LONGEST:
        raise HTTPBadRequest(f"'words' is 1 to {_LONGEST} letters of a prompt.")
    recording = request.recordings.saying(words)
    if recording is None:
        raise NotRecorded(f"Nobody recorded {words!r}.")
    return Response(recording, content_type="audio/wav")


class Recordings:
    """The clips of every language, found by the words they say.

    Each language has a folder with its clips and `words.json`, which tells what
    each of them says. Without a folder there are no recordings.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def saying(self, words: str) -> bytes | None:
        """Join the clips of one language that say exactly `words`, as one WAV."""
        for clips in self._languages():
            if chosen := _cover(words, clips):
                return _joined(chosen)
        return None

    def _languages(self) -> Iterator[dict[str, Path]]:
        lists = sorted(self._folder.glob("*/words.json")) if self._folder else []
        for listed in lists:
            yield _read(listed, listed.stat().st_mtime)


@lru_cache(maxsize=32)
def _read(listed: Path, _changed: float) -> dict[str, Path]:
    """Read a language's clips that are there, by their words."""
    clips = {}
    for stem, words in json.loads(listed.read_text("utf-8")).items():
        recording = listed.with_name(f"{stem}.wav")
        if words and recording.is_file():
            clips[" ".join(words.split())] = recording
    return clips


def _cover(words: str, clips: dict[str, Path]) -> list[Path] | None:
    """Find the fewest clips that say `words` one after the other.

    >>> clips = {"you have": Path("1"), "you": Path("2"), "have ten": Path("3")}
    >>> [clip.name for clip in _cover("you have ten", clips)]
    ['2', '3']
    """
    best: dict[int, list[Path]] = {0: []}  # by how many letters are said
    spoken = f"{words} "
    starts = [0, *(at + 1 for at, letter in enumerate(words) if letter == " ")]
    for start in starts:
        if start not in best:
            continue
        for said, clip in clips.items():
            end = start + len(said)
            if not spoken.startswith(f"{said} ", start):
                continue
            chosen = [*best[start], clip]
            if end + 1 not in best or len(chosen) < len(best[end + 1]):
                best[end + 1] = chosen
    return best.get(len(words) + 1)


def _joined(clips: list[Path]) -> bytes:
    joined = io.BytesIO()
    with wave.open(joined, "wb") as prompt:
        for at, clip in enumerate(clips):
            with wave.open(str(clip), "rb") as recording:
                if at == 0:
                    prompt.setparams(recording.getparams())
                prompt.writeframes(recording.readframes(recording.getnframes()))
    return joined.getvalue()
