"""Whether what was heard is what was sent: the loudness of both, over time."""

import math
import wave
from array import array
from collections.abc import Sequence

from tests.freeswitch.listening import Recording

PIECES_A_SECOND = 50
RATE = 8000
STILL = 100
"""What is softer than this, of 32,768, is silence: G.711's own steps are smaller."""


def envelope(samples: Sequence[int], rate: int) -> list[float]:
    """How loud it was in each fiftieth of a second."""
    piece = rate // PIECES_A_SECOND
    return [
        math.sqrt(sum(each * each for each in samples[start : start + piece]) / piece)
        for start in range(0, len(samples) - piece + 1, piece)
    ]


def joined(paths: Sequence[str]) -> "array[int]":
    """The samples of clips played one after the other, 8000 a second."""
    samples = array("h")
    for path in paths:
        with wave.open(path) as file:
            assert file.getframerate() == RATE
            samples.frombytes(file.readframes(file.getnframes()))
    return samples


def clips(paths: Sequence[str]) -> list[float]:
    """The envelope of clips played one after the other."""
    return envelope(joined(paths), RATE)


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


def likeness_of(recording: Recording, paths: Sequence[str]) -> float:
    """How like the clips, one after the other, some part of a recording is, at most 1.

    The pieces of both need not begin together: quarters of one are tried.
    """
    sent, piece = clips(paths), recording.rate // PIECES_A_SECOND
    return max(
        likeness(envelope(recording.samples[start:], recording.rate), sent)
        for start in range(0, piece, piece // 4)
    )


def likeness(heard: Sequence[float], sent: Sequence[float]) -> float:
    """The best correlation of `sent` with any part of `heard`, at most 1."""
    last = len(heard) - len(sent)
    return max(
        (_correlation(heard[at : at + len(sent)], sent) for at in range(last + 1)),
        default=0.0,
    )


def _correlation(one: Sequence[float], other: Sequence[float]) -> float:
    mean_one, mean_other = sum(one) / len(one), sum(other) / len(other)
    a = [each - mean_one for each in one]
    b = [each - mean_other for each in other]
    product = sum(x * y for x, y in zip(a, b, strict=True))
    power = math.sqrt(sum(x * x for x in a) * sum(y * y for y in b))
    return product / power if power else 0.0
