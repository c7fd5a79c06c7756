"""What a parked person hears, and the keys that the switch collects."""

import math
import wave
from array import array
from pathlib import Path

import pytest

from esl_service.switch import dialstring
from tests.freeswitch.driving import Line

LOW, HIGH = 440, 700


@pytest.fixture
def anna(telephony, link) -> Line:
    return Line.open(telephony, link)


@pytest.fixture
def clips(tmp_path) -> list[str]:
    """Two prompts of half a second, each in a tone of its own."""
    return [clip(tmp_path / f"{hertz}.wav", hertz) for hertz in (LOW, HIGH)]


def clip(path: Path, hertz: int) -> str:
    turn = 2 * math.pi * hertz / 8000
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        samples = array("h", (round(9000 * math.sin(turn * n)) for n in range(4000)))
        file.writeframes(samples.tobytes())
    return str(path)


def ask(anna: Line, clips: list[str], *, longest: int = 18) -> str:
    """Begin to ask for a number, as the ESL service does."""
    wanted = dialstring.entry(
        clips, longest=longest, patience=3, pause=0.8, into="keyed"
    )
    return anna.link.start(anna.uuid, "play_and_get_digits", wanted)


def answer(anna: Line, asked: str):
    return anna.link.wait("CHANNEL_EXECUTE_COMPLETE", {"Application-UUID": asked})


def test_she_hears_several_clips_as_one_sentence(anna, clips):
    end = anna.execute("playback", dialstring.clips(clips))

    assert end["Application-Response"] == "FILE PLAYED"
    heard = anna.party.recording
    assert heard.seconds_of(LOW) >= 0.4
    assert heard.seconds_of(HIGH) >= 0.4


def test_the_switch_says_so_when_the_only_clip_is_missing(anna):
    end = anna.execute("playback", "/nowhere/balance.wav")

    assert end["Application-Response"] == "FILE NOT FOUND"


def test_a_missing_clip_among_others_is_passed_over_without_a_word(anna, clips):
    sentence = dialstring.clips([clips[0], "/nowhere/five.wav", clips[1]])

    end = anna.execute("playback", sentence)

    assert end["Application-Response"] == "FILE PLAYED"
    assert anna.party.recording.seconds_of(HIGH) >= 0.4


def test_her_keys_are_taken_up_to_the_hash(anna, clips):
    asked = ask(anna, clips)

    anna.party.press("48#")

    end = answer(anna, asked)
    assert end["variable_keyed"] == "48"
    assert end["variable_read_result"] == "success"


def test_her_first_key_silences_the_question(anna, clips):
    asked = ask(anna, clips * 4, longest=1)

    anna.party.press("5")

    assert answer(anna, asked)["variable_keyed"] == "5"
    assert anna.party.recording.seconds_of(HIGH) < 1


def test_her_silence_is_told_from_her_keys(anna):
    wanted = dialstring.entry([], longest=1, patience=1, pause=0.5, into="keyed")

    end = anna.execute("play_and_get_digits", wanted)

    assert end["variable_read_result"] == "failure"
    assert "variable_keyed" not in end


def test_a_question_is_broken_off_by_parking_her_and_the_next_is_heard(anna, clips):
    ask(anna, clips)

    for _ in range(3):
        since = anna.link.mark()
        anna.link.api(f"uuid_transfer {anna.uuid} park inline")
        anna.link.wait("CHANNEL_PARK", {"Unique-ID": anna.uuid}, since=since)
    end = anna.execute("playback", dialstring.clips(clips[1:]))

    assert end["Application-Response"] == "FILE PLAYED"
    assert anna.party.recording.seconds_of(HIGH) >= 0.4


@pytest.mark.parametrize("in_body", [False, True])
def test_an_argument_means_the_same_in_a_header_and_in_a_body(anna, clips, in_body):
    argument = f"1 2 1 1000 # '{clips[0]}' silence_stream://1 keyed .* 300"
    message = {"execute-app-name": "play_and_get_digits", "Event-UUID": "ours"}
    if not in_body:
        message["execute-app-arg"] = argument

    anna.link.send_message(anna.uuid, message, argument if in_body else "")
    anna.party.press("7#")

    end = answer(anna, "ours")
    assert (end["Application-Data"], end["variable_keyed"]) == (argument, "7")


def test_a_parked_line_is_kept_alive_with_silence(anna):
    anna.link.hear(1)

    anna.party.hang_up()

    end = anna.party.end()
    # Fifty a second on a machine at rest, fewer on a busy one; none without silence.
    assert int(end["variable_rtp_audio_in_media_packet_count"]) > 20
