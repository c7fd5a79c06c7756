"""What is played, in which words it is heard, for how long, and what keys do."""

import json
import wave

import gevent
import pytest

from sandbox.switch import sounds
from tests.sandbox.conftest import ANNA


def test_somebody_hears_the_words_of_the_clips_in_order(client, anna, ear, prompts):
    client.run(anna, "playback", f"file_string://{prompts}/have.wav!{prompts}/ten.wav")
    client.completes(anna, "playback")

    assert ear.heard == ["you have ten"]


def test_the_words_are_heard_when_the_playing_starts(client, anna, ear, prompts):
    client.run(anna, "playback", str(prompts / "long.wav"))
    client.wait("PLAYBACK_START", anna)

    assert ear.heard == ["one two three four"]


def test_a_recording_without_words_is_known_by_its_name(client, anna, ear, tmp_path):
    record(tmp_path / "music.wav", seconds=0.2)

    client.run(anna, "playback", str(tmp_path / "music.wav"))
    client.completes(anna, "playback")

    assert ear.heard == ["music"]


def test_a_recording_takes_its_length_and_words_a_guess(prompts):
    record(prompts / "ten.wav", seconds=2)

    have, ten = sounds.read(
        f"file_string://{prompts}/have.wav!{prompts}/missing.wav!{prompts}/ten.wav",
        speed=2,
    )

    assert (have.seconds, have.words) == (0.35, "you have")
    assert (ten.seconds, ten.words) == (1.0, "ten")


@pytest.mark.parametrize(
    ("path", "seconds"),
    [
        ("tone_stream://%(200,100,440);%(300,0,480)", 0.6),
        ("tone_stream://L=3;%(200,100,440)", 0.9),
        ("tone_stream://%(200,100,440);loops=-1", float("inf")),
        ("silence_stream://500,1400", 0.5),
        ("silence_stream://-1", float("inf")),
        ("silence_stream://soon", 0.0),
    ],
)
def test_tones_and_silence_take_their_time(path, seconds):
    assert sum(sound.seconds for sound in sounds.read(path)) == pytest.approx(seconds)


def test_several_clips_that_are_all_missing_are_nothing():
    assert sounds.read("file_string:///nonexistent/a.wav!/nonexistent/b.wav") == []


def test_a_star_ends_a_playback_and_other_keys_do_not(client, anna, ear):
    client.run(anna, "playback", "silence_stream://-1")
    client.wait("PLAYBACK_START", anna)

    ear.press("12*")

    done = client.completes(anna, "playback")
    assert done["variable_playback_terminator_used"] == "*"
    assert done["Application-Response"] == "FILE PLAYED"


def test_a_playback_may_be_deaf_to_keys(client, anna, ear):
    client.run(anna, "set", "playback_terminators=none")
    client.run(anna, "playback", "tone_stream://%(2000,0,440)")
    client.wait("PLAYBACK_START", anna)

    ear.press("*")

    done = client.completes(anna, "playback")
    assert "variable_playback_terminator_used" not in done


def test_a_number_is_asked_again_until_it_fits(client, anna, ear):
    ask(client, anna, r"3 5 3 1000 # {} tone_stream://%(100,0,200) keyed ^4\d+$ 50")
    ear.press("12345")
    again(client, anna)
    ear.press("4#")
    again(client, anna)
    ear.press("480")

    done = client.completes(anna, "play_and_get_digits")

    assert done["variable_keyed"] == "480"
    assert done["variable_keyed_invalid"] == "4"
    assert done["variable_read_result"] == "success"


def test_keys_that_never_fit_are_a_failure(client, anna, ear):
    ask(client, anna, "1 2 1 1000 # {} silence_stream://10 keyed [ 50")

    ear.press("12")

    done = client.completes(anna, "play_and_get_digits")
    assert done["variable_read_result"] == "failure"
    assert "variable_keyed" not in done


def test_keys_pressed_before_the_question_are_forgotten(client, anna, ear):
    ear.press("7")
    ask(client, anna, r"1 1 1 1000 # {} silence_stream://10 keyed \d")

    ear.press("1")

    assert client.completes(anna, "play_and_get_digits")["variable_keyed"] == "1"


@pytest.mark.parametrize("arguments", ["", "1 2 3", "a b c d e f g h i"])
def test_a_question_that_cannot_be_understood_is_not_asked(client, anna, arguments):
    client.run(anna, "play_and_get_digits", arguments)

    done = client.completes(anna, "play_and_get_digits")

    assert "variable_read_result" not in done


def test_an_order_nests_in_a_playback_that_is_not_locked(client, anna):
    client.run(anna, "playback", "tone_stream://%(4000,0,440)")
    client.run(anna, "set", "nested=yes")
    client.completes(anna, "set")

    client.completes(anna, "playback")

    order = [e["Application"] for e in client.events if "Application" in e]
    assert order[-4:] == ["playback", "set", "set", "playback"]


def test_a_break_ends_what_plays_and_on_demand_all_that_waits(client, anna):
    client.run(anna, "playback", "silence_stream://-1", event_lock="true")
    client.run(anna, "sleep", "60000", event_lock="true")
    client.wait("PLAYBACK_START", anna)

    client.ask("api uuid_break anna")
    client.completes(anna, "playback")
    client.run(anna, "set", "never=run")
    client.wait("CHANNEL_EXECUTE", anna, Application="sleep")
    client.ask("api uuid_break anna all")
    client.completes(anna, "sleep")

    assert client.ask("api uuid_getvar anna never") == "_undef_"


def test_a_playback_may_be_repeated_unless_it_is_over_at_once(client, anna):
    client.run(anna, "playback", "tone_stream://%(10200,0,440)", loops=2)
    client.run(anna, "set", "after=two")
    client.completes(anna, "playback")
    client.events.clear()
    client.completes(anna, "playback")

    client.run(anna, "playback", "/nonexistent/prompt.wav", loops=9)
    client.run(anna, "set", "after=missing")
    client.wait("CHANNEL_EXECUTE_COMPLETE", anna, Application_Data="after=missing")

    starts = [e for e in client.events if e["Event-Name"] == "CHANNEL_EXECUTE"]
    missing = [e for e in starts if e.get("Application-Data", "").startswith("/non")]
    assert len(missing) == 1


def ask(client, leg, arguments) -> None:
    client.run(leg, "play_and_get_digits", arguments.format("silence_stream://5"))
    client.wait("PLAYBACK_START", leg, Playback_File_Path="silence_stream://5")


def again(client, leg) -> None:
    """Wait for the question to be put once more."""
    client.events.clear()
    client.wait("PLAYBACK_START", leg, Playback_File_Path="silence_stream://5")
    gevent.sleep(0)


def record(file, seconds) -> None:
    with wave.open(str(file), "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(8000)
        recording.writeframes(bytes(int(16000 * seconds)))


@pytest.fixture
def ear(switchboard, anna):
    return switchboard.handset(ANNA)


@pytest.fixture
def prompts(tmp_path):
    words = {"have": "you have", "ten": "ten", "long": "one two three four"}
    (tmp_path / "words.json").write_text(json.dumps(words))
    return tmp_path


def test_the_page_is_told_which_clips_were_heard(switchboard, client, anna, prompts):
    record(prompts / "ten.wav", seconds=0.1)

    with switchboard.subscribe() as events:
        client.run(
            anna, "playback", f"file_string://{prompts}/have.wav!{prompts}/ten.wav"
        )
        client.completes(anna, "playback")
        heard = [e for e in iter(lambda: events.get(0), None) if e["event"] == "heard"]

    assert [(e["words"], e["clips"]) for e in heard] == [
        ("you have ten", [f"{prompts.name}/ten"])
    ]


def test_chinese_is_shown_without_spaces_between_its_clips():
    said = ["您的余额为", "十二", "美元", "，", "再见。"]

    assert sounds.words_of(sounds.Sound(1, words) for words in said) == "".join(said)
