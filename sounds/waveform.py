"""Sound as rows of numbers: rate, level and quiet. Pure arithmetic, no files.

Samples run from -1.0 to 1.0. Nothing here is heard of at a call: clips are made once.
"""

import math
import operator
from collections.abc import Sequence
from functools import lru_cache

RATE = 8000
"""Samples a second, on every telephone."""
WIDE = 16000
"""Samples a second, where both ends have wideband."""

PACKET = 0.02
"""Seconds of sound in a packet: FreeSWITCH fills up the last one of every clip."""

FRAME = 0.01
"""Seconds over which loudness is judged."""
QUIET_DB = -40.0
"""What lies so far below the loudest frame is no speech any more."""
LEAD = 0.015
"""Seconds left before the words, for a soft consonant."""
FADE = 0.004
"""Seconds over which a cut end falls to nothing, so that it does not click."""
LOUDNESS_DB = -20.0
"""Of speech, below full scale: what carriers expect, with room for its peaks."""
PEAK = 0.9

CROSSINGS = 24
"""Zero crossings of the filter on either side: the steepness of its edge."""
PASSED = 0.92
"""Of the lower half rate: 3.7 kHz of a telephone's 4."""

Samples = Sequence[float]


def resampled(samples: Samples, rate: int, target: int = RATE) -> list[float]:
    """The same sound at `target` samples a second, what cannot be kept filtered out."""
    common = math.gcd(rate, target)
    up, down = target // common, rate // common
    if up == down:
        return list(samples)
    phases = _phases(up, down)
    reach = len(phases[0]) // 2
    padded = [0.0] * reach + list(samples) + [0.0] * (reach + 1)
    sound = []
    for place in range(len(samples) * up // down):
        start, phase = divmod(place * down, up)
        taps = phases[phase]
        part = padded[start + 1 : start + 1 + len(taps)]
        sound.append(sum(map(operator.mul, taps, part)))
    return sound


@lru_cache(maxsize=8)
def _phases(up: int, down: int) -> list[list[float]]:
    """A windowed sinc, cut into one row of taps for each place between two samples."""
    cutoff = PASSED * min(1.0, up / down)
    reach = math.ceil(CROSSINGS / cutoff)
    rows = []
    for phase in range(up):
        distances = [tap - phase / up for tap in range(1 - reach, reach + 1)]
        row = [_tap(distance, cutoff, reach) for distance in distances]
        whole = sum(row)
        rows.append([tap / whole for tap in row])
    return rows


def _tap(distance: float, cutoff: float, reach: int) -> float:
    """A sinc under a Blackman window, `distance` samples from its middle."""
    if abs(distance) >= reach:
        return 0.0
    angle = math.pi * distance / reach
    window = 0.42 + 0.5 * math.cos(angle) + 0.08 * math.cos(2 * angle)
    turn = math.pi * distance * cutoff
    return window * (math.sin(turn) / turn if turn else 1.0)


def trimmed(samples: Samples, rate: int, quiet: float) -> list[float]:
    """The words alone, then `quiet` seconds or a little more, to whole packets.

    Raises ValueError if there are no words.
    """
    frame = round(rate * FRAME)
    levels = _levels(samples, frame)
    loudest = max(levels, default=0.0)
    if not loudest:
        raise ValueError("it is silent")
    floor = loudest * _ratio(QUIET_DB)
    speech = [place for place, level in enumerate(levels) if level > floor]
    begin = max(0, speech[0] * frame - round(rate * LEAD))
    end = min(len(samples), (speech[-1] + 1) * frame + round(rate * FADE))
    words = _faded(list(samples[begin:end]), round(rate * FADE))
    packet = round(rate * PACKET)
    whole = math.ceil((len(words) + rate * (quiet - FADE)) / packet) * packet
    return words + [0.0] * (whole - len(words))


def evened(samples: Samples, rate: int) -> list[float]:
    """As loud as every other clip, and never so loud that its peaks are cut."""
    levels = _levels(samples, round(rate * FRAME))
    floor = max(levels) * _ratio(QUIET_DB / 2)
    speech = [level for level in levels if level > floor]
    loudness = math.sqrt(sum(level * level for level in speech) / len(speech))
    gain = min(_ratio(LOUDNESS_DB) / loudness, PEAK / max(map(abs, samples)))
    return [sample * gain for sample in samples]


def loudness(samples: Samples) -> float:
    """The root of the mean square: 0.0 is silence."""
    if not samples:
        return 0.0
    power: float = sum(map(operator.mul, samples, samples))
    return math.sqrt(power / len(samples))


def _levels(samples: Samples, frame: int) -> list[float]:
    return [
        loudness(samples[place : place + frame])
        for place in range(0, len(samples), frame)
    ]


def _faded(samples: list[float], fade: int) -> list[float]:
    """The same with both ends brought to nothing within `fade` samples."""
    for place in range(min(fade, len(samples) // 2)):
        samples[place] *= place / fade
        samples[-1 - place] *= place / fade
    return samples


def _ratio(decibels: float) -> float:
    return math.pow(10.0, decibels / 20.0)
