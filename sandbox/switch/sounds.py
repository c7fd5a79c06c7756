"""What a playback plays: for how long, and in which words it is heard.

/…/sounds/en/balance.wav                 a clip; words.json beside it tells
file_string:///…/a.wav!/…/b.wav          clips one after the other
tone_stream://%(200,0,440)               a tone; on and off in milliseconds
silence_stream://500                     silence; -1 is for ever
"""

import functools
import json
import math
import re
import wave
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_SECONDS_A_WORD = 0.35
_TONE = re.compile(r"%\((\d+),(\d+),[^)]*\)")
_NO_SPACE = re.compile(
    "(?<=[\u3000-\u9fff\uff00-\uffef]) +| +(?=[,\u3000-\u9fff\uff00-\uffef])"
)
"""Beside a Chinese character, and before a comma."""
_LOOPS = re.compile(r"(?:^|;)(?:L|loops)=(-?\d+)")


@dataclass(frozen=True)
class Sound:
    """Something heard for some seconds; tones and silence have no words."""

    seconds: float
    words: str = ""
    clip: str = ""
    """Its language and name, such as en/balance, if it was recorded."""


def read(path: str, *, speed: float = 1.0) -> list[Sound]:
    """Read what a playback's argument stands for; nothing if it is not there.

    Everything takes its length divided by `speed`; speech that was never
    recorded takes a guess by its words. Of several clips the missing are skipped.
    """
    several = path.startswith("file_string://")
    parts = path.removeprefix("file_string://").split("!") if several else [path]
    sounds = [_sound(part, speed) for part in parts if part]
    return [sound for sound in sounds if sound is not None]


def words_of(playing: Iterable[Sound]) -> str:
    """Everything said, as one sentence.

    >>> words_of([Sound(1, "加"), Sound(1, "八"), Sound(0, "，"), Sound(1, "一")])
    '加八，一'
    """
    return _NO_SPACE.sub("", " ".join(sound.words for sound in playing if sound.words))


def _sound(path: str, speed: float) -> Sound | None:
    scheme, _, rest = path.partition("://")
    if scheme == "tone_stream":
        return Sound(_tone_seconds(rest) / speed)
    if scheme == "silence_stream":
        return Sound(_silence_seconds(rest) / speed)
    return _clip(Path(path), speed)


def _tone_seconds(script: str) -> float:
    """Measure a tone script: every tone's on and off, times its loops."""
    milliseconds = sum(int(on) + int(off) for on, off in _TONE.findall(script))
    loops = _LOOPS.search(script)
    times = int(loops[1]) if loops else 1
    return math.inf if times < 0 else milliseconds * max(times, 1) / 1000


def _silence_seconds(script: str) -> float:
    match = re.match(r"-?\d+", script)
    milliseconds = int(match[0]) if match else 0
    return math.inf if milliseconds < 0 else milliseconds / 1000


def _clip(path: Path, speed: float) -> Sound | None:
    words = _words(path.parent).get(path.stem)
    exists = path.is_file()
    if words is None and not exists:
        return None
    words = path.stem if words is None else words
    guess = len(words.split()) * _SECONDS_A_WORD
    if not exists:
        return Sound(guess / speed, words)
    clip = f"{path.parent.name}/{path.stem}"
    return Sound(_recorded_seconds(path) / speed, words, clip)


@functools.lru_cache(maxsize=64)
def _read_words(file: Path, _changed: float) -> dict[str, str]:
    return {str(k): str(v) for k, v in json.loads(file.read_text("utf-8")).items()}


def _words(folder: Path) -> dict[str, str]:
    file = folder / "words.json"
    return _read_words(file, file.stat().st_mtime) if file.is_file() else {}


@functools.lru_cache(maxsize=4096)
def _recorded_seconds(path: Path) -> float:
    with wave.open(str(path)) as recording:
        seconds: float = recording.getnframes() / recording.getframerate()
    return seconds
