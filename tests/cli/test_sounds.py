"""The voice actor's script, and the audio made of it."""

import json

import pytest

from sounds.reading import read


def test_what_nobody_has_recorded_yet_is_listed(operator):
    told = json.loads(operator.reads("sounds", "missing", "vi", "--json"))

    assert len(told) == len(read("vi").clips)
    goodbye = {"clip": "goodbye", "words": "Xin tạm biệt quý khách."}
    assert {**goodbye, "synthesised": False} in told


def test_the_script_can_be_read(operator):
    lines = operator.reads("sounds", "missing", "fr").splitlines()

    assert lines[0].split() == ["clip", "words", "synthesised"]
    assert any(line.startswith("goodbye") and "Au revoir." in line for line in lines)


@pytest.mark.parametrize("command", ["missing", "build"])
def test_a_language_without_a_script_is_named(operator, command):
    assert "nothing speaks “tlh”" in operator.is_told("sounds", command, "tlh")


def test_a_synthesiser_that_fails_is_named_with_what_it_was_to_say(operator):
    operator.environ["SOUNDS_SYNTHESIZER"] = "false {file}"

    assert "“false {file}” cannot say “" in operator.is_told("sounds", "build", "zh")
