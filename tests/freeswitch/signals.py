"""How like two signals are, sample by sample: what was heard, and what was sent."""

import math
import wave
from array import array
from collections.abc import Sequence

RATE = 8000
STILL = 100
"""What is softer than this, of 32,768, is silence: G.711's own steps are smaller."""


def joined(paths: Sequence[str]) -> "array[int]":
    """The samples of clips played one after the other, 8000 a second."""
    samples = array("h")
    for path in paths:
        with wave.open(path) as file:
            assert file.getframerate() == RATE
            samples.frombytes(file.readframes(file.getnframes()))
    return samples


def speech(samples: Sequence[int]) -> Sequence[int]:
    """From the first loud sample to the last one; nothing if none is loud."""
    loud = [place for place, each in enumerate(samples) if abs(each) > STILL]
    return samples[loud[0] : loud[-1] + 1] if loud else ()


def signal_likeness(heard: Sequence[int], sent: Sequence[int]) -> float:
    """The correlation of two signals, sample by sample, at their best shift.

    Both begin with speech; found within 10 ms of one another.
    """
    reach = RATE // 100
    length = min(len(heard), len(sent)) - reach
    shifts = [(at, 0) for at in range(reach)] + [(0, at) for at in range(1, reach)]
    part = min(length, RATE)
    one, other = max(
        shifts,
        key=lambda at: _correlation(
            heard[at[0] : at[0] + part], sent[at[1] : at[1] + part]
        ),
    )
    return _correlation(heard[one : one + length], sent[other : other + length])


def _correlation(one: Sequence[float], other: Sequence[float]) -> float:
    mean_one, mean_other = sum(one) / len(one), sum(other) / len(other)
    a = [each - mean_one for each in one]
    b = [each - mean_other for each in other]
    product = sum(x * y for x, y in zip(a, b, strict=True))
    power = math.sqrt(sum(x * x for x in a) * sum(y * y for y in b))
    return product / power if power else 0.0
