"""Money in every language: each amount has its clips, and its own language's words."""

from functools import cache
from pathlib import Path

import pytest

from domain.languages import LANGUAGES
from esl_service.voice import Amount, Prompt, Voice
from sounds.reading import read

WITH_CENTS = ("USD", "EUR", "GBP", "PLN", "CNY")
CENT, UNIT = 10_000, 1_000_000

voice = Voice(Path("clips"))

SHARED_WITH_ENGLISH = {
    "es": {"dong", "euro", "euros", "grosz", "groszy", "yuan", "fen"},
    "fr": {
        "cent", "cents", "dollar", "dollars", "euro", "euros", "zloty", "zlotys",
        "grosz", "groszy", "dong", "yuan", "fen", "penny", "pence", "million",
        "billion", "plus", "six", "minute", "minutes",
    },
    "vi": {"euro", "zloty", "grosz"},
    "zh": set(),
}  # fmt: skip
"""Words that both languages have, in the other's own dictionary."""


@cache
def vocabulary(language):
    return {name: clip.words for name, clip in read(language).clips.items()}


def clips(language, micros, currency):
    said = voice.sentence(language, Prompt.BALANCE, money=Amount(micros, currency))
    return set(said.clips)


@pytest.mark.parametrize("currency", WITH_CENTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_amount_from_minus_a_thousand_cents_to_a_million_has_its_clips(
    language, currency
):
    """Units and cents are said apart: all of either, and some of both, are all."""
    cents = range(-1_000, 1_000_001)
    amounts = {*cents[:10_000], *range(0, cents[-1] + 1, 100), *cents[::997], cents[-1]}

    needed = set().union(*(clips(language, each * CENT, currency) for each in amounts))

    assert needed <= vocabulary(language).keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_amount_from_minus_a_thousand_dong_to_a_million_has_its_clips(language):
    """Thousands and the rest are said apart."""
    dong = range(-1_000, 1_000_001)
    amounts = {*dong[:12_000], *range(0, dong[-1] + 1, 1_000), *dong[::997]}

    needed = set().union(*(clips(language, each * UNIT, "VND") for each in amounts))

    assert needed <= vocabulary(language).keys()


@pytest.mark.parametrize("language", SHARED_WITH_ENGLISH)
def test_no_word_is_english_in_another_language(language):
    shared = set(vocabulary(language).values()) & set(vocabulary("en").values())

    assert shared - {","} == SHARED_WITH_ENGLISH[language]
