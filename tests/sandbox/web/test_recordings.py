"""Prompts that can be listened to."""

import io
import json
import wave

import pytest
from webtest import TestApp

from sandbox.web import application


def test_what_was_heard_can_be_listened_to_as_the_clips_that_say_it(listener):
    prompt = listener.get("/prompts", {"words": "You have  ten zloty."})

    assert prompt.content_type == "audio/wav"
    with wave.open(io.BytesIO(prompt.body)) as recording:
        frames = recording.readframes(100)
        assert recording.getframerate() == 8000
    assert frames == b"you haveten zloty."


@pytest.mark.parametrize("words", ["You have eleven zloty.", "Nobody", "You hav"])
def test_what_nobody_recorded_is_not_found(listener, words):
    refused = listener.get("/prompts", {"words": words}, status=404)

    assert words in refused.json["error"]


@pytest.mark.parametrize("query", ["", "?words=", f"?words={'a' * 2001}"])
def test_no_words_are_no_prompt(listener, query):
    assert "'words'" in listener.get(f"/prompts{query}", status=400).json["error"]


def test_without_a_folder_of_sounds_there_is_nothing_to_listen_to(web):
    web.get("/prompts", {"words": "You have"}, status=404)


@pytest.fixture
def listener(network, settings, door, tmp_path) -> TestApp:
    """The application with a few recorded clips, in one language of two."""
    said = {
        "you": "You",
        "have": "You have",
        "ten": "ten zloty.",
        "lost": "Nobody",
        "again": "have",
    }
    for language, words in (("cs", {}), ("en", said)):
        (tmp_path / language).mkdir()
        (tmp_path / language / "words.json").write_text(json.dumps(words))
    sounds = {
        "you": b"you ",
        "again": b"have",
        "have": b"you have",
        "ten": b"ten zloty.",
    }
    for clip, sound in sounds.items():
        with wave.open(str(tmp_path / "en" / f"{clip}.wav"), "wb") as recording:
            recording.setparams((1, 2, 8000, 0, "NONE", ""))
            recording.writeframes(sound)
    return TestApp(application(network, settings, door, sounds=tmp_path))
