"""Where clips meet there is no gap: measured on every joint of the sixty sentences."""

import wave
from array import array
from functools import cache
from itertools import pairwise

import pytest

from domain.languages import LANGUAGES
from sounds import waveform
from tests.voice.test_sentences import table

PIECE = 0.005
"""Seconds over which it is judged whether it is still."""
STILL = 0.002
"""Of full scale: 34 dB below speech, lower than any line's noise."""


@cache
def ends(path):
    """Seconds of stillness before and after the words of a clip."""
    with wave.open(str(path)) as file:
        rate = file.getframerate()
        samples = array("h", file.readframes(file.getnframes()))
    length = round(PIECE * rate)
    pieces = [samples[at : at + length] for at in range(0, len(samples), length)]
    loud = [
        place
        for place, piece in enumerate(pieces)
        if waveform.loudness([each / 32768 for each in piece]) > STILL
    ]
    return loud[0] * PIECE, (len(pieces) - 1 - loud[-1]) * PIECE


def joints(voices, language):
    """Every two clips that follow one another in a sentence, but for pauses."""
    folder = voices / language
    for line in table(language):
        for first, second in pairwise(line["clips"].split()):
            if "pause" not in (first, second):
                yield folder / f"{first}.wav", folder / f"{second}.wav"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_gap_between_two_clips_is_longer_than_120_ms(voices, language):
    gaps = {
        (first.stem, second.stem): ends(first)[1] + ends(second)[0]
        for first, second in joints(voices, language)
    }

    assert len(gaps) > 30
    assert max(gaps.values()) <= 0.120


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_groups_of_a_telephone_number_are_told_apart_by_a_longer_pause(
    voices, language
):
    folder = voices / language
    with wave.open(str(folder / "pause.wav")) as pause:
        seconds = pause.getnframes() / pause.getframerate()

    around = ends(folder / "number-4.wav")
    assert 0.150 <= seconds <= seconds + sum(around) <= 0.300
