"""Prompts that can be listened to."""

import io
import wave

import pytest
from webtest import TestApp

from sandbox.web import application


def test_what_was_heard_can_be_listened_to_as_the_clips_that_said_it(listener):
    prompt = listener.get("/prompts", {"clips": "vi/have vi/ten vi/have"})

    assert prompt.content_type == "audio/wav"
    with wave.open(io.BytesIO(prompt.body)) as recording:
        frames = recording.readframes(100)
        assert recording.getframerate() == 8000
    assert frames == b"you haveten dong.you have"


def test_a_clip_that_nobody_recorded_is_not_found(listener):
    refused = listener.get("/prompts", {"clips": "vi/have vi/eleven"}, status=404)

    assert "vi/eleven" in refused.json["error"]


@pytest.mark.parametrize(
    "clips", ["", "have", "../vi/have", "vi/../have", "vi/have.wav", "vi/have " * 201]
)
def test_what_names_no_clips_is_no_prompt(listener, clips):
    refused = listener.get("/prompts", {"clips": clips}, status=400)

    assert "'clips' is 1 to 200 names" in refused.json["error"]


def test_without_a_folder_of_sounds_there_is_nothing_to_listen_to(web):
    web.get("/prompts", {"clips": "en/have"}, status=404)


@pytest.fixture
def listener(network, settings, door, tmp_path) -> TestApp:
    """The application with two recorded clips."""
    (tmp_path / "vi").mkdir()
    for clip, sound in {"have": b"you have", "ten": b"ten dong."}.items():
        with wave.open(str(tmp_path / "vi" / f"{clip}.wav"), "wb") as recording:
            recording.setparams((1, 1, 8000, 0, "NONE", ""))
            recording.writeframes(sound)
    return TestApp(application(network, settings, door, sounds=tmp_path))
