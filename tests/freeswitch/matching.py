"""Whether what was heard is what was sent, in pieces as a telephone line carries them.

A line carries sound in frames of 20 ms and changes no sample by more than its coding
does. On a busy machine a frame comes late, and there is a gap, or not at all; so frames
are looked for one by one, and their share is told.
"""

import wave
from array import array
from collections.abc import Sequence
from typing import Final

from tests.freeswitch.listening import Recording

_FRAME: Final = 160
"""Samples of 20 ms."""
_LOUD: Final = 500
"""What stays below is as good as silence, which would be found everywhere."""
_REACH: Final = 8_000
"""Samples within which a clip goes on: a second."""


_ENOUGH: Final = 0.7
"""Other clips than those that were sent have next to nothing in common with them."""


def was_heard(recording: Recording, paths: Sequence[str]) -> bool:
    """Whether these clips are in a recording, one behind the other."""
    return share_heard(recording, paths) > _ENOUGH


def share_heard(recording: Recording, paths: Sequence[str]) -> float:
    """How much of these clips, 0 to 1, is in a recording, in their order."""
    found = total = at = 0
    for path in paths:
        sent = _loud_frames(path)
        places = _places(sent, recording.samples, at)
        found, total = found + len(places), total + len(sent)
        at = places[-1] if places else at
    return found / total


def _loud_frames(path: str) -> list["array[int]"]:
    with wave.open(path) as clip:
        samples = array("h", clip.readframes(clip.getnframes()))
    starts = range(0, len(samples) - _FRAME + 1, _FRAME)
    frames = [samples[start : start + _FRAME] for start in starts]
    return [frame for frame in frames if max(map(abs, frame)) > _LOUD]


def _places(
    sent: Sequence["array[int]"], heard: "array[int]", at: int
) -> Sequence[int]:
    """Where each frame of a clip is in what was heard from `at` on, if it is.

    Once a clip has begun, the next frame is near: behind a gap of whatever length.
    """
    places: list[int] = []
    last = len(heard) - _FRAME
    end = last
    for frame in sent:
        starts = range(at, min(end, last) + 1)
        place = next((each for each in starts if _is_at(each, frame, heard)), None)
        if place is not None:
            places.append(place)
            at, end = place + _FRAME, place + _FRAME + _REACH
    return places


def _is_at(start: int, frame: "array[int]", heard: "array[int]") -> bool:
    """Whether that frame was heard there, but for the coding of the line (G.711)."""
    return all(
        abs(one - heard[start + place]) <= 16 + abs(one) // 16
        for place, one in enumerate(frame)
    )
