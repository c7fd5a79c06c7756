"""The scripts of the languages, as people write them."""

import shutil

import pytest

from sounds.numbers import Numbers
from sounds.patterns import BadPhrases, Pattern, Piece
from sounds.reading import SOURCE, languages_spoken, read

ENGLISH = (SOURCE / "en/phrases.toml").read_text("utf-8")


@pytest.fixture
def script(tmp_path):
    """Writes a language's script and reads it."""

    def write(text, language="en"):
        (tmp_path / language).mkdir()
        (tmp_path / language / "phrases.toml").write_text(text, "utf-8")
        return read(language, tmp_path)

    return write


@pytest.mark.parametrize(
    ("written", "instead", "fault"),
    [
        ("[voice]", "[voice", "Expected ']' at the end"),
        ("[keys]", "[buttons]", "keys is missing"),
        ('star = "star"', 'star = " "', "keys.star must be a text"),
        ("speed = 160", 'speed = "slow"', "voice.speed must be a whole number"),
        ("[numbers.words]", "[numbers]\nwords = 1\n[nothing]", "Cannot declare"),
        ('unit = { one = "{n} pound",', 'unit = "pound" #', "GBP.unit must be a table"),
        ('one = "{n} hour", ', "", "duration.hours.one is missing"),
        (
            'one = "{n} hour"',
            'few = "{n} hour"',
            "duration.hours: the plural forms of “en” are one, other, not few",
        ),
        ("{n} hours", "hours", "duration.hours.other: its slots must be {n}"),
        (
            "{units} and {subunits}",
            "{units}",
            "money.both: its slots must be {subunits} and {units}",
        ),
        ("is {money}.", "is {money.", "balance: “Your balance is {money.” cannot"),
        ("is {money}.", "is {}.", "a slot of “Your balance is {}.” has no name"),
        ('"Goodbye."', '"?!"', "goodbye: there is nothing to say in “?!”"),
        ("goodbye =", "Goodbye =", "“Goodbye” cannot name a clip"),
        ("goodbye =", "key-star =", "two clips would be called key-star"),
        ("spellout-cardinal", "spellout-klingon", "has no rules “spellout-klingon”"),
    ],
)  # fmt: skip
def test_a_fault_in_a_script_is_named_with_its_place(script, written, instead, fault):
    assert written in ENGLISH

    with pytest.raises(BadPhrases) as error:
        script(ENGLISH.replace(written, instead))

    assert "en/phrases.toml: " in str(error.value)
    assert fault in str(error.value)


def test_a_language_without_a_script_is_named(tmp_path):
    with pytest.raises(BadPhrases, match="nothing speaks “fr”"):
        read("fr", tmp_path)


@pytest.mark.parametrize("language", ["klingon", "xx", "en/.."])
def test_a_language_that_cldr_does_not_know_is_named(tmp_path, language):
    shutil.copytree(SOURCE / "en", tmp_path / language, dirs_exist_ok=True)

    with pytest.raises(BadPhrases, match=r"CLDR knows no language|xx is not supported"):
        read(language, tmp_path)


def test_the_languages_are_those_that_have_a_script(tmp_path):
    for language in ("vi", "en"):
        shutil.copytree(SOURCE / "en", tmp_path / language)
    (tmp_path / "fr/recorded").mkdir(parents=True)

    assert languages_spoken(tmp_path) == ("en", "vi")


def test_a_slot_may_stand_anywhere_in_a_sentence():
    pattern = Pattern.parse("owed", "{money}, {key}: that is owed {money}!")

    filled = pattern.fill({"money": [Piece("ten", "number-10")], "key": [Piece("one")]})

    assert "".join(piece.words for piece in filled) == "ten, one: that is owed ten!"
    assert [piece.clip for piece in filled if piece.clip] == [
        "number-10",
        "owed",
        "number-10",
    ]


def test_a_sentence_cut_in_three_has_three_clips():
    pattern = Pattern.parse("cut", "Press {key} for {count} more.")

    assert pattern.clips == {"cut-1": "Press", "cut-2": "for", "cut-3": "more."}


@pytest.mark.parametrize(
    ("language", "rules", "words", "number", "gender", "clips"),
    [
        ("fr", ["spellout-cardinal-masculine", "spellout-cardinal-feminine"],
         {"thousand": "mille", "eighty": "quatre-vingt"}, 80_021,
         "spellout-cardinal-feminine",
         ["number-eighty", "number-thousand", "number-21-feminine"]),
        ("es", ["spellout-cardinal-masculine"], {"hundred": "ciento"}, 121, None,
         ["number-hundred", "number-21"]),
        ("vi", ["spellout-cardinal"], {"hundred": "trăm", "odd": "lẻ"}, 205, None,
         ["number-2", "number-hundred", "number-odd", "number-5"]),
        ("zh", ["spellout-cardinal"], {"hundred": "百", "myriad": "万"}, 1_150_000,
         None,
         ["number-1", "number-hundred", "number-1", "number-15", "number-myriad"]),
    ],
)  # fmt: skip
def test_other_grammars_are_cut_into_clips_as_well(
    language, rules, words, number, gender, clips
):
    numbers = Numbers(language, rules, words)

    pieces = numbers.spell(number, gender)

    assert [piece.clip for piece in pieces if piece.clip] == clips
    assert set(clips) <= numbers.clips.keys()
