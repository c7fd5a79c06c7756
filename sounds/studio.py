"""Makes one clip: takes the voice actor's recording, or has the words synthesised."""

import os
import wave
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sounds import waveform
from sounds.espeak import Espeak
from sounds.patterns import Clip
from sounds.phrases import Reading

FULL_SCALE = 32767
SIXTEEN_BITS = 2  # bytes a sample


class BadRecording(Exception):
    """A recording cannot be used; the message names the file and the reason."""


@dataclass(frozen=True, slots=True)
class Take:
    """One clip to be made, and where it goes."""

    clip: Clip
    reading: Reading
    recording: Path | None
    """Wins over synthesis."""
    target: Path


def make(take: Take) -> None:
    """Write the clip: mono, 16-bit PCM, the telephone's rate; loudness evened.

    Raises BadRecording or espeak's Mute.
    """
    quiet = take.clip.quiet / 1000
    if not any(character.isalnum() for character in take.clip.words):
        sound = [0.0] * round(waveform.RATE * quiet)
    else:
        spoken = _recorded(take.recording) if take.recording else _synthesised(take)
        try:
            words = waveform.trimmed(spoken, waveform.RATE, quiet)
        except ValueError as error:
            raise BadRecording(
                f"{take.recording or take.clip.name}: {error}"
            ) from error
        sound = waveform.evened(words, waveform.RATE)
    _write(sound, take.target)


@cache
def _espeak() -> Espeak:
    return Espeak()


def _synthesised(take: Take) -> list[float]:
    """Let the voice stay up where the sentence goes on: at a comma it does."""
    words = take.clip.spelled or take.clip.words
    espeak = _espeak()
    said = espeak.say(f"{words}," if words[-1].isalnum() else words, take.reading)
    return waveform.resampled(said, espeak.rate)


def _recorded(path: Path) -> list[float]:
    try:
        with wave.open(str(path), "rb") as file:
            rate, channels = file.getframerate(), file.getnchannels()
            fits = file.getsampwidth() == SIXTEEN_BITS
            frames = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise BadRecording(f"{path} is not a PCM wave file: {error}") from error
    if channels != 1 or not fits or rate < waveform.RATE:
        raise BadRecording(
            f"{path} must be mono, 16 bits a sample, {waveform.RATE} Hz or more"
        )
    samples = [sample / FULL_SCALE for sample in array("h", frames)]
    return waveform.resampled(samples, rate)


def _write(sound: Sequence[float], target: Path) -> None:
    """Write beside and rename: a call that is playing it hears the old or the new."""
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    with wave.open(str(unfinished), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(SIXTEEN_BITS)
        file.setframerate(waveform.RATE)
        file.writeframes(array("h", (round(s * FULL_SCALE) for s in sound)).tobytes())
    unfinished.replace(target)
