"""What is said when clips are missing: a sentence is whole, or it is not said."""

import json
import wave
from pathlib import Path

import pytest

from esl_service.caller import Caller, Keys
from esl_service.channel import TONE
from esl_service.speech import Sentence, Speech
from esl_service.voice import Amount, Prompt, Voice
from tests.doubles import Clock, FakeChannel

BUSY = Sentence(Prompt.BUSY)
BALANCE = Sentence(Prompt.BALANCE, {"money": Amount(2_000_000, "USD")})


class Bilingual(Voice):
    """Speaks English, and something that is called Spanish."""

    languages = ("en", "es")

    def sounds(self, language, prompt, **slots):
        clips = super().sounds("en", prompt, **slots)
        return [clip.replace("/en/", f"/{language}/") for clip in clips]


@pytest.fixture
def clips(tmp_path) -> Path:
    """Two languages' clips of what is said here, as a build leaves them."""
    voice = Bilingual(tmp_path)
    for language in voice.languages:
        for each in (BUSY, BALANCE):
            for clip in voice.sounds(language, each.prompt, **each.slots):
                record(Path(clip))
        (tmp_path / language / "manifest.json").write_text(json.dumps({}))
    return tmp_path


@pytest.fixture
def speech(clips) -> Speech:
    return Speech(Bilingual(clips))


def record(path: Path, samples: int = 800) -> None:
    path.parent.mkdir(exist_ok=True)
    with wave.open(str(path), "wb") as clip:
        clip.setparams((1, 2, 8000, 0, "NONE", ""))
        clip.writeframes(bytes(2 * samples))


def said(speech, *sentences, language="es") -> list[str]:
    sounds = speech.sounds(language, sentences)
    return [f"{Path(clip).parent.name}/{Path(clip).stem}" for clip in sounds]


def test_a_sentence_whose_clips_are_all_there_is_said_in_her_language(speech):
    assert said(speech, BUSY, BALANCE) == [
        "es/busy",
        "es/balance",
        "es/number-2",
        "es/usd-unit-other",
    ]


@pytest.mark.parametrize("content", [None, b"", b"garbage" * 500, b"RIFF"])
def test_a_sentence_that_lacks_a_clip_is_said_whole_in_another_language(
    clips, speech, content, caplog
):
    spoil(clips / "es/number-2.wav", content)

    assert said(speech, BUSY, BALANCE) == [
        "es/busy",
        "en/balance",
        "en/number-2",
        "en/usd-unit-other",
    ]
    assert caplog.messages == ["clips cannot be played: es/number-2"]


def test_a_clip_that_was_cut_off_counts_as_damaged(clips, speech):
    busy = clips / "es/busy.wav"
    busy.write_bytes(busy.read_bytes()[:500])

    assert said(speech, BUSY) == ["en/busy"]


def test_a_clip_without_a_sound_counts_as_damaged(clips, speech):
    record(clips / "es/busy.wav", samples=0)

    assert said(speech, BUSY) == ["en/busy"]


def test_what_can_be_said_in_no_language_is_left_out(clips, speech, caplog):
    for language in ("en", "es"):
        (clips / language / "busy.wav").unlink()

    assert said(speech, BUSY, BALANCE)[0] == "es/balance"
    assert "en/busy" in caplog.text


def test_a_clip_that_is_mended_is_played_again(clips, speech):
    (clips / "es/busy.wav").unlink()
    assert said(speech, BUSY) == ["en/busy"]

    record(clips / "es/busy.wav")

    assert said(speech, BUSY) == ["es/busy"]


def test_a_clip_that_is_damaged_after_it_was_played_is_noticed(clips, speech):
    assert said(speech, BUSY) == ["es/busy"]

    (clips / "es/busy.wav").write_bytes(b"garbage")

    assert said(speech, BUSY) == ["en/busy"]


def test_where_no_sound_was_ever_built_none_is_missing(tmp_path):
    assert said(Speech(Bilingual(tmp_path)), BUSY) == ["es/busy"]


def test_a_tone_is_never_missing(clips):
    assert Voice(clips).silent([TONE]) == []


def test_a_question_that_can_be_said_in_no_language_is_a_tone_behind_what_is_told(
    clips,
):
    line = FakeChannel(Clock(), keys=["12", "34"])
    caller = Caller(line, Bilingual(clips), "es", Keys())

    caller.mention(Prompt.BUSY)
    assert caller.ask(Prompt.WHICH_NUMBER) == "12"
    assert caller.ask(Prompt.WHICH_NUMBER) == "34"

    assert line.heard == ["busy tone", "tone"]


def test_languages_are_offered_in_the_order_of_our_list(tmp_path):
    assert Voice(tmp_path).languages[0] == "en"


def spoil(path: Path, content: bytes | None) -> None:
    path.unlink()
    if content is not None:
        path.write_bytes(content)
