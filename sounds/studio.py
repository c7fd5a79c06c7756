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
from sounds.synthesizer import spoken

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
    """Of the telephone's rate."""
    synthesizer: str | None = None
    """An operator's command, instead of espeak-ng."""

    @property
    def targets(self) -> dict[int, Path]:
        """Where the clip goes, by its rate."""
        wide = self.target.parent / str(waveform.WIDE) / self.target.name
        return {waveform.RATE: self.target, waveform.WIDE: wide}


def make(take: Take) -> None:
    """Write the clip: mono, 16-bit PCM, at both rates; loudness evened.

    Raises BadRecording or Mute.
    """
    sound = _sound(take)
    for rate, target in take.targets.items():
        target.parent.mkdir(exist_ok=True)
        _write(waveform.resampled(sound, waveform.WIDE, rate), rate, target)
    _found_by_rate(take.target)


def _found_by_rate(clip: Path) -> None:
    """Let the clip be found in the folder of its rate as well.

    Without it FreeSWITCH takes the highest rate there is, and resamples that.
    https://github.com/signalwire/freeswitch/blob/master/src/mod/formats/mod_sndfile/mod_sndfile.c
    """
    folder = clip.parent / str(waveform.RATE)
    folder.mkdir(exist_ok=True)
    unfinished = folder / f".{clip.name}.{os.getpid()}"
    unfinished.hardlink_to(clip)
    unfinished.replace(folder / clip.name)


def _sound(take: Take) -> list[float]:
    """What the clip sounds like, at the higher rate."""
    quiet = take.clip.quiet / 1000
    if not any(character.isalnum() for character in take.clip.words):
        return [0.0] * round(waveform.WIDE * quiet)
    spoken = _recorded(take.recording) if take.recording else _synthesised(take)
    try:
        words = waveform.trimmed(spoken, waveform.WIDE, quiet)
    except ValueError as error:
        raise BadRecording(f"{take.recording or take.clip.name}: {error}") from error
    return waveform.evened(words, waveform.WIDE)


@cache
def _espeak() -> Espeak:
    return Espeak()


def _synthesised(take: Take) -> list[float]:
    """Let the voice stay up where the sentence goes on: at a comma it does."""
    words = take.clip.spelled or take.clip.words
    words = f"{words}," if words[-1].isalnum() else words
    if take.synthesizer:
        with spoken(take.synthesizer, words, take.reading) as file:
            return _recorded(file)
    espeak = _espeak()
    said = espeak.say(words, take.reading)
    return waveform.resampled(said, espeak.rate, waveform.WIDE)


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
    return waveform.resampled(samples, rate, waveform.WIDE)


def _write(sound: Sequence[float], rate: int, target: Path) -> None:
    """Write beside and rename: a call that is playing it hears the old or the new."""
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    with wave.open(str(unfinished), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(SIXTEEN_BITS)
        file.setframerate(rate)
        file.writeframes(array("h", (round(s * FULL_SCALE) for s in sound)).tobytes())
    unfinished.replace(target)
