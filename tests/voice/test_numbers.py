"""Numbers in words agree with ICU, whose answers lie printed in `icu/`.

They were printed by ICU 72, which holds the rules of CLDR 42; each file names its ICU.
"""

import json
from functools import cache
from pathlib import Path

import pytest

from sounds.reading import languages_spoken, read
from tests.voice.icu.printing import BLOCK, LAST, RULES, checksum

PRINTED = Path(__file__).parent / "icu"


@cache
def icu(language):
    return json.loads((PRINTED / f"{language}.json").read_text("utf-8"))["rules"]


def spelled(language, number, rules):
    """Our words, and the clips that say them."""
    pieces = numbers(language).spell(number, rules)
    assert {piece.clip for piece in pieces if piece.clip} <= clips(language)
    return "".join(piece.words for piece in pieces)


@cache
def numbers(language):
    return read(language).numbers


@cache
def clips(language):
    return numbers(language).clips.keys()


EVERY_RULE = [(language, rules) for language in RULES for rules in RULES[language]]


@pytest.mark.parametrize(("language", "rules"), EVERY_RULE)
def test_every_number_to_ten_thousand_is_spelled_as_icu_spells_it(language, rules):
    ours = [spelled(language, number, rules) for number in range(LAST + 1)]

    checksums = [checksum(ours[at : at + BLOCK]) for at in range(0, LAST + 1, BLOCK)]
    theirs = icu(language)[rules]["checksums"]
    wrong = [at * BLOCK for at in range(len(theirs)) if checksums[at] != theirs[at]]
    assert (len(theirs), wrong) == (101, [])


@pytest.mark.parametrize(("language", "rules"), EVERY_RULE)
def test_two_hundred_numbers_to_a_milliard_are_spelled_as_icu_spells_them(
    language, rules
):
    theirs = icu(language)[rules]["beyond"]

    ours = {number: spelled(language, int(number), rules) for number in theirs}

    assert len(theirs) == 200
    assert ours == theirs


@pytest.mark.parametrize("language", languages_spoken())
def test_every_rule_that_a_language_uses_was_printed_by_icu(language):
    assert set(numbers(language).rules) <= icu(language).keys()
