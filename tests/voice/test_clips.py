"""The clips as they lie on disk, made by the real synthesiser."""

import json
import math
import shutil
import wave
from array import array
from itertools import pairwise

import pytest

from domain.languages import LANGUAGES
from esl_service.voice import Amount, Duration, Prompt, Voice
from sounds import waveform
from sounds.__main__ import main, show_progress
from sounds.build import build, missing
from sounds.espeak import Mute
from sounds.reading import SOURCE, read
from sounds.shelf import Shelf
from sounds.studio import BadRecording

RATE = 8000
PACKET = 160
LETTERS_A_SECOND = {"zh": (1, 9), "fr": (3.5, 27)}
"""Chinese characters are syllables; many French letters are silent."""
INSIDE = slice(20, -20)
"""Frames of 10 ms of a sentence, without what is before and after it."""


@pytest.fixture
def studio(tmp_path, voices):
    """A script and its clips, to be changed at will: folders `source` and `clips`."""
    (tmp_path / "source/en/recorded").mkdir(parents=True)
    shutil.copy(SOURCE / "en/phrases.toml", tmp_path / "source/en")
    shutil.copytree(voices / "en", tmp_path / "clips/en")
    return tmp_path


def rebuild(studio):
    return build(studio / "clips", source=studio / "source")


def rewrite(studio, written, instead):
    script = studio / "source/en/phrases.toml"
    script.write_text(script.read_text("utf-8").replace(written, instead), "utf-8")


def heard(*paths, rate=RATE):
    """The samples of clips played one after another."""
    samples = array("h")
    for path in paths:
        with wave.open(str(path), "rb") as clip:
            assert (clip.getnchannels(), clip.getsampwidth()) == (1, 2)
            assert clip.getframerate() == rate
            samples.frombytes(clip.readframes(clip.getnframes()))
    return [sample / 32768 for sample in samples]


def record(path, *, hertz=440, seconds=0.5, rate=16000, channels=1, width=2):
    """A recording of a tone between two silences of 0.3 s."""
    tone = [
        round(9000 * math.sin(2 * math.pi * hertz * place / rate))
        for place in range(round(seconds * rate))
    ]
    silence = [0] * round(0.3 * rate)
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, width, rate, 0, "NONE", ""))
        file.writeframes(array("h", silence + tone + silence).tobytes())


def without_quiet(samples):
    """The words alone: a short one would seem soft beside the quiet after it."""
    loud = [place for place, sample in enumerate(samples) if abs(sample) > 0.002]
    return samples[loud[0] : loud[-1] + 1]


def decibels(samples):
    return 20 * math.log10(waveform.loudness(samples))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_clip_is_speech_of_a_sane_length_and_none_is_silent(voices, language):
    words = json.loads((voices / language / "words.json").read_text("utf-8"))
    words.pop("pause")

    for clip, said in words.items():
        samples = heard(voices / language / f"{clip}.wav")
        assert len(samples) % PACKET == 0, clip
        letters_a_second = len(said) / (len(samples) / RATE)
        slowest, fastest = LETTERS_A_SECOND.get(language, (3.5, 25))
        assert slowest < letters_a_second < fastest, clip
        assert -25 < decibels(without_quiet(samples)) < -19, clip
        assert max(map(abs, samples)) < 0.95, clip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_every_clip_lie_beside_it_at_both_rates(voices, language):
    words = json.loads((voices / language / "words.json").read_text("utf-8"))

    assert words == {clip.name: clip.words for clip in read(language).clips.values()}
    for rate in (".", "8000", "16000"):
        folder = voices / language / rate
        assert {path.stem for path in folder.glob("*.wav")} == words.keys()


def test_the_wideband_clip_says_the_same_in_the_same_time(voices):
    narrow = heard(voices / "zh/balance.wav")
    wide = heard(voices / "zh/16000/balance.wav", rate=16000)

    assert len(wide) / 16000 == pytest.approx(len(narrow) / RATE, abs=0.001)
    assert decibels(wide) == pytest.approx(decibels(narrow), abs=0.5)


@pytest.mark.parametrize(
    ("prompt", "slots", "seconds"),
    [
        (Prompt.BALANCE, {"money": Amount(12_300_000, "USD")}, 3.5),
        (Prompt.MAX_DURATION, {"duration": Duration(1500)}, 3.0),
        (Prompt.UNKNOWN_ENTRY, {"count": 7}, 2.6),
    ],
)
def test_a_sentence_is_one_breath_without_a_gap(voices, prompt, slots, seconds):
    samples = heard(*Voice(voices).sounds("en", prompt, **slots))

    frames = [samples[at : at + 80] for at in range(0, len(samples), 80)][INSIDE]
    still = "".join(" s"[waveform.loudness(frame) < 0.002] for frame in frames)
    assert max(map(len, still.split())) <= 12
    assert len(samples) / RATE == pytest.approx(seconds, rel=0.2)


def test_a_second_build_has_nothing_to_do(studio):
    assert rebuild(studio).made == 0


def test_only_a_changed_phrase_is_made_again(studio):
    before = heard(studio / "clips/en/busy.wav")
    rewrite(studio, "The line is busy.", "The line is engaged.")

    assert rebuild(studio).made == 1

    assert heard(studio / "clips/en/busy.wav") != before
    assert rebuild(studio).made == 0


def test_a_lost_or_damaged_clip_is_made_again(studio):
    (studio / "clips/en/busy.wav").unlink()
    with (studio / "clips/en/goodbye.wav").open("r+b") as clip:
        clip.truncate(100)

    assert rebuild(studio).made == 2

    assert len(heard(studio / "clips/en/goodbye.wav")) > 0.3 * RATE


@pytest.mark.parametrize("damage", ["", "[]", '{"busy": 7}'])
def test_after_a_damaged_manifest_all_is_to_be_made_again(studio, damage):
    (studio / "clips/en/manifest.json").write_text(damage)

    shelf = Shelf(studio / "clips", read("en"), studio / "source")

    assert shelf.changed == shelf.takes


def test_a_phrase_that_is_gone_takes_its_clip_with_it(studio):
    rewrite(studio, "[prompts]", '[prompts]\nhello = "Hello."')
    rebuild(studio)
    assert (studio / "clips/en/hello.wav").is_file()

    rewrite(studio, 'hello = "Hello."', "")
    rebuild(studio)

    assert not (studio / "clips/en/hello.wav").exists()


@pytest.mark.parametrize("rate", [8000, 16000, 44100])
def test_a_recording_wins_over_the_synthetic_voice(studio, rate):
    record(studio / "source/en/recorded/busy.wav", hertz=500, rate=rate)

    assert rebuild(studio).made == 1

    samples = heard(studio / "clips/en/busy.wav")
    middle = samples[RATE // 10 : RATE // 2]
    crossings = sum(one < 0 <= next_one for one, next_one in pairwise(middle))
    assert crossings == pytest.approx(0.4 * 500, abs=1)
    assert len(samples) / RATE == pytest.approx(0.5 + 0.09, abs=0.03)
    assert decibels(samples) == pytest.approx(-20.7, abs=1)


def test_a_recording_taken_away_gives_the_word_back_to_the_synthetic_voice(studio):
    recording = studio / "source/en/recorded/busy.wav"
    before = heard(studio / "clips/en/busy.wav")
    record(recording)
    rebuild(studio)

    recording.unlink()
    rebuild(studio)

    assert heard(studio / "clips/en/busy.wav") == before


def test_what_is_not_recorded_yet_is_listed(studio):
    record(studio / "source/en/recorded/busy.wav")
    (studio / "clips/en/goodbye.wav").unlink()

    listed = missing("en", studio / "clips", source=studio / "source")

    names = {clip.name: clip for clip in listed}
    assert names.keys() == read("en").clips.keys() - {"busy"}
    assert names["confirm"].words == "Press 1 to be connected."
    assert [clip.name for clip in listed if not clip.synthesised] == ["goodbye"]


@pytest.mark.parametrize(
    ("recording", "fault"),
    [
        ({"channels": 2}, "must be mono, 16 bits a sample, 8000 Hz or more"),
        ({"width": 1}, "must be mono, 16 bits a sample, 8000 Hz or more"),
        ({"rate": 4000}, "must be mono, 16 bits a sample, 8000 Hz or more"),
        ({"hertz": 0}, "it is silent"),
    ],
)
def test_a_recording_that_cannot_be_used_is_named(studio, recording, fault):
    record(studio / "source/en/recorded/busy.wav", **recording)

    with pytest.raises(BadRecording, match=f"recorded/busy.wav.*{fault}"):
        rebuild(studio)


def test_a_file_that_is_no_recording_is_named(studio):
    (studio / "source/en/recorded/busy.wav").write_text("la la la")

    with pytest.raises(BadRecording, match=r"busy\.wav is not a PCM wave file"):
        rebuild(studio)


def test_a_recording_of_an_unknown_clip_is_named(studio):
    record(studio / "source/en/recorded/bussy.wav")

    with pytest.raises(BadRecording, match=r"bussy\.wav: no clip has that name"):
        rebuild(studio)


def test_a_voice_that_espeak_does_not_have_is_named(studio):
    rewrite(studio, 'espeak = "en-us"', 'espeak = "en-moon"')

    with pytest.raises(Mute, match="espeak-ng has no voice “en-moon”"):
        rebuild(studio)


def test_tones_keep_their_strength_and_what_a_telephone_cannot_carry_is_gone():
    def after(hertz):
        tone = [math.sin(2 * math.pi * hertz * at / 22050) for at in range(11025)]
        kept = waveform.resampled(tone, 22050)
        assert len(kept) == 4000
        return waveform.loudness(kept[200:-200]) * math.sqrt(2)

    assert after(300) == pytest.approx(1, abs=0.01)
    assert after(3300) == pytest.approx(1, abs=0.05)
    assert after(4300) < 0.001
    assert after(7000) < 0.001


def test_the_command_builds_words_alone_and_says_so(tmp_path, capsys):
    assert main(["build", "en", "--to", str(tmp_path), "--words-only"]) is None

    assert capsys.readouterr().out.startswith(f"{tmp_path}: {len(read('en').clips)} ")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [
        "words.json"
    ]


def test_the_command_lists_what_is_to_be_recorded(voices, capsys):
    assert main(["missing", "en", "--to", str(voices)]) is None

    lines = capsys.readouterr().out.splitlines()
    assert "synthesised goodbye                     Goodbye." in lines
    assert lines[-1] == f"{len(read('en').clips)} clips to be recorded"


def test_the_command_says_what_cannot_be_done(tmp_path):
    occupied = tmp_path / "file"
    occupied.touch()

    assert "nothing speaks “tlh”" in main(["missing", "tlh"])
    assert "Not a directory" in main(["build", "--to", str(occupied)])


def test_an_operators_own_synthesiser_speaks_in_place_of_espeak(studio):
    tone = studio / "tone.wav"
    record(tone, hertz=1000)
    command = f"cp {tone} {{file}}"

    again = build(studio / "clips", source=studio / "source", synthesizer=command)

    goodbye = heard(studio / "clips/en/goodbye.wav")
    crossings = sum(one < 0 <= next_ for one, next_ in pairwise(goodbye))
    assert again.made == again.clips
    assert crossings == pytest.approx(500, abs=20)  # half a second at 1 kHz


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        ("cat", "wrote no {file} for “"),
        ("python -c 'import sys; sys.exit(\"no voice\")'", "no voice"),
        ("nowhere-to-be-found", "FileNotFoundError"),
        ("cat {tongue}", "KeyError"),
    ],
)
def test_a_synthesiser_that_does_not_speak_is_named(studio, command, fault):
    with pytest.raises(Mute, match=r"cannot say “|wrote no") as error:
        build(studio / "clips", source=studio / "source", synthesizer=command)

    assert fault in str(error.value)
    assert command in str(error.value)


def test_a_bar_tells_how_far_the_build_is(capsys):
    show_progress(10, 40)
    show_progress(40, 40)

    first, second = capsys.readouterr().err.split("\r")[1:]
    assert (first.count("█"), first.count("░")) == (10, 30)
    assert second == f"{'█' * 40} 40/40\n"
