"""What callers hear, in words."""

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from esl_service.voice import Amount, Digits, Duration, Prompt, Voice
from sounds.patterns import BadPhrases
from sounds.reading import SOURCE, languages_spoken, read

CURRENCIES = ("USD", "EUR", "GBP", "PLN", "VND", "CNY")
MOST = 2**63 - 1

voice = Voice(Path("clips"))
spoken = some.sampled_from(languages_spoken())


def words(prompt, **slots):
    return voice.sentence("en", prompt, **slots).words


@cache
def vocabulary(language):
    return read(language).clips.keys()


@pytest.mark.parametrize("language", languages_spoken())
def test_every_prompt_can_be_said_in_every_language(language):
    patterns = read(language).prompts

    assert {prompt: patterns[prompt].slots for prompt in Prompt} == {
        prompt: prompt.slots for prompt in Prompt
    }
    assert patterns.keys() == {prompt.value for prompt in Prompt}


@given(spoken, some.integers(-MOST, MOST), some.sampled_from(CURRENCIES))
def test_no_balance_needs_a_clip_that_is_not_listed(language, micros, currency):
    money = Amount(micros, currency)

    sentence = voice.sentence(language, Prompt.BALANCE, money=money)

    assert set(sentence.clips) <= vocabulary(language)


@given(spoken, some.integers(0, 10_000_000))
def test_no_duration_needs_a_clip_that_is_not_listed(language, seconds):
    duration = Duration(seconds)

    sentence = voice.sentence(language, Prompt.MAX_DURATION, duration=duration)

    assert set(sentence.clips) <= vocabulary(language)


@given(spoken, some.text("0123456789+*#", min_size=1, max_size=20))
def test_no_telephone_number_needs_a_clip_that_is_not_listed(language, keyed):
    number = Digits(keyed)

    sentence = voice.sentence(language, Prompt.CALLING, number=number)

    assert set(sentence.clips) <= vocabulary(language)


@pytest.mark.parametrize(
    ("micros", "currency", "said"),
    [
        (12_300_000, "USD", "twelve dollars and thirty cents"),
        (1_000_000, "USD", "one dollar"),
        (1_010_000, "GBP", "one pound and one penny"),
        (20_000, "GBP", "two pence"),
        (0, "EUR", "zero euros"),
        (999_999, "EUR", "ninety-nine cents"),
        (9_999, "EUR", "zero euros"),
        (-9_999, "EUR", "zero euros"),
        (-1_509_999, "EUR", "minus one euro and fifty cents"),
        (50_000_990_000, "VND", "fifty thousand dong"),
        (101_000_000, "PLN", "one hundred one zlotys"),
        (2_000_345_890_000, "CNY",
         "two million three hundred forty-five yuan and eighty-nine fen"),
    ],
)  # fmt: skip
def test_she_hears_no_more_money_than_she_has(micros, currency, said):
    money = Amount(micros, currency)

    assert words(Prompt.BALANCE, money=money) == f"Your balance is {said}."


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "zero seconds"),
        (1, "one second"),
        (59, "fifty-nine seconds"),
        (60, "one minute"),
        (1559, "twenty-five minutes"),
        (3600, "one hour"),
        (3659, "one hour"),
        (7260, "two hours and one minute"),
        (360_000, "one hundred hours"),
    ],
)
def test_she_is_promised_whole_minutes_and_seconds_only_below_one(seconds, said):
    duration = Duration(seconds)

    heard = words(Prompt.MAX_DURATION, duration=duration)

    assert heard == f"You can talk for up to {said}."


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("+48774417880",
         "plus four eight, seven seven four, four one seven, eight eight zero"),
        ("+48 77 441", "plus four eight, seven seven, four four one"),
        ("4420", "four four two zero"),
        ("7", "seven"),
        (" *1# ", "star one hash"),
    ],
)  # fmt: skip
def test_a_number_is_read_digit_by_digit_in_groups(number, said):
    assert words(Prompt.CALLING, number=Digits(number)) == f"We are calling {said}."


def test_a_sentence_is_played_from_the_clips_of_her_language():
    clips = Voice(Path("/srv/clips")).sounds("en", Prompt.UNKNOWN_ENTRY, count=121)

    assert clips == [
        f"/srv/clips/en/{clip}.wav"
        for clip in (
            "unknown-entry-1",
            "number-1",
            "number-hundred",
            "number-21",
            "unknown-entry-2",
        )
    ]


def test_clips_are_named_absolutely_wherever_the_folder_is():
    (clip,) = Voice(Path("clips")).sounds("en", Prompt.GOODBYE)

    assert Path(clip) == Path.cwd() / "clips/en/goodbye.wav"


def test_who_asks_for_a_language_not_spoken_yet_hears_english():
    assert voice.spoken("tlh") == "en"
    assert voice.sentence("tlh", Prompt.GOODBYE).words == "Goodbye."
    assert voice.sounds("tlh", Prompt.BUSY) == voice.sounds("en", Prompt.BUSY)


@pytest.mark.parametrize(
    ("prompt", "slots", "fault"),
    [
        (Prompt.BALANCE, {}, "BALANCE takes money, not no slots"),
        (Prompt.BUSY, {"count": 1}, "BUSY takes no slots, not count"),
        (Prompt.BALANCE, {"money": 12}, "BALANCE: money must be of Amount, not 12"),
    ],
)
def test_a_prompt_told_the_wrong_thing_says_what_it_takes(prompt, slots, fault):
    with pytest.raises(TypeError) as error:
        voice.sentence("en", prompt, **slots)

    assert str(error.value) == fault


def test_a_currency_without_words_is_named():
    with pytest.raises(ValueError, match="no words for the currency “JPY”"):
        voice.sentence("en", Prompt.BALANCE, money=Amount(1, "JPY"))


@pytest.mark.parametrize("count", [-1, 10**15])
def test_a_count_beyond_all_words_is_named(count):
    with pytest.raises(ValueError, match=r"-1 is below|1,000,000,000,000,000 cannot"):
        voice.sentence("en", Prompt.UNKNOWN_ENTRY, count=count)


@pytest.mark.parametrize("text", ["", " ", "12a", "١٢", "+48-77"])
def test_what_is_no_telephone_number_is_not_read_as_one(text):
    with pytest.raises(ValueError, match="is not made of digits"):
        Digits(text)


def test_time_does_not_run_backwards():
    with pytest.raises(ValueError, match="a duration of -1 s is below zero"):
        Duration(-1)


@pytest.mark.parametrize(
    ("written", "instead", "fault"),
    [
        ('busy = "The line is busy."', "", "“en” cannot say busy"),
        ("is {money}", "is {count}", "balance with money, not with count"),
        ("The line is busy", "It is {count}", "busy with no slots, not with count"),
    ],
)
def test_a_voice_that_lacks_words_is_found_before_the_first_call(
    tmp_path, written, instead, fault
):
    english = (SOURCE / "en/phrases.toml").read_text("utf-8")
    (tmp_path / "en").mkdir()
    (tmp_path / "en/phrases.toml").write_text(english.replace(written, instead))

    with pytest.raises(BadPhrases, match=fault):
        Voice(Path("clips"), source=tmp_path)


def test_without_english_nobody_can_be_spoken_to(tmp_path):
    with pytest.raises(BadPhrases, match="has no phrases for “en”"):
        Voice(Path("clips"), source=tmp_path)
