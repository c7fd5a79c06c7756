"""Hearing what was recorded: how loud it was, and whose tone it carried."""

import math
import wave
from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class Recording:
    """What one telephone heard, from its answer on: 16 bits, one channel."""

    path: Path
    rate: int
    samples: "array[int]"

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a closed WAV file. Raises OSError, wave.Error."""
        with wave.open(str(path)) as file:
            samples = array("h", file.readframes(file.getnframes()))
            return cls(path, file.getframerate(), samples)

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate

    def between(self, first: float, last: float) -> Self:
        """The part from one second to another."""
        cut = self.samples[round(first * self.rate) : round(last * self.rate)]
        return type(self)(self.path, self.rate, cut)

    @property
    def loudness(self) -> float:
        """Root mean square, 0 to 1."""
        if not self.samples:
            return 0.0
        power = sum(sample * sample for sample in self.samples) / len(self.samples)
        return math.sqrt(power) / 32768

    def seconds_of(self, hertz: int) -> float:
        """For how long a tone of this pitch was what was heard.

        Counted in pieces of 50 ms; a piece counts when most of its power is there.
        """
        piece = self.rate // 20
        starts = range(0, len(self.samples) - piece + 1, piece)
        return sum(self._is(hertz, start, piece) for start in starts) / 20

    def _is(self, hertz: int, start: int, length: int) -> bool:
        """Goertzel's filter over one piece, against the piece's whole power."""
        factor = 2 * math.cos(2 * math.pi * hertz / self.rate)
        now = before = power = 0.0
        for sample in self.samples[start : start + length]:
            now, before = sample + factor * now - before, now
            power += sample * sample
        at_pitch = now * now + before * before - factor * now * before
        return at_pitch * 2 / length > power / 2 > length * 100
