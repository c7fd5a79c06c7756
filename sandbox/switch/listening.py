"""Applications for the ear and the keypad: play, and play and collect digits."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.switch import sounds
from sandbox.switch.channel import Channel
from sandbox.switch.dialstring import split
from sandbox.switch.wire import Event

_KEYS = "0123456789*#"
_SHORTEST_TIMEOUT_S = 1.0


def playback(channel: Channel, argument: str) -> None:
    """Play a file; a key among `playback_terminators` (a star, unsaid) ends it."""
    terminators = channel.text("playback_terminators", "*")
    terminators = {"any": _KEYS, "none": ""}.get(terminators.lower(), terminators)
    channel.variables.pop("playback_terminator_used", None)

    def stopped() -> bool:
        while channel.keypad.waiting():
            digit = channel.keypad.take()
            if digit in terminators:
                channel.variables["playback_terminator_used"] = digit
                return True
        return False

    response = "PLAYBACK ERROR"
    try:
        found = _play(channel, argument, stopped)
        response = "FILE PLAYED" if found else "FILE NOT FOUND"
    finally:
        channel.variables["current_application_response"] = response


def _play(channel: Channel, path: str, stopped: Callable[[], bool]) -> bool:
    """Play until the end or until stopped; False if there is nothing to play."""
    playing = sounds.read(path, speed=channel.exchange.speed)
    if not playing:
        return False
    if words := sounds.words_of(playing):
        clips = [sound.clip for sound in playing if sound.clip]
        channel.handset.hear(channel, words, clips)
    seconds = sum(sound.seconds for sound in playing)
    channel.broken = False
    began = time.monotonic()
    about: Event = {"Playback-File-Path": path, "Playback-File-Type": "file"}
    channel.tell("PLAYBACK_START", about)
    try:
        channel.wait_until(lambda: channel.broken or stopped(), began + seconds)
    finally:
        _count(channel, min(time.monotonic() - began, seconds))
        channel.tell("PLAYBACK_STOP", about)
    return True


def _count(channel: Channel, seconds: float) -> None:
    samples = str(int(seconds * 8000))
    channel.variables |= {
        "playback_last_offset_pos": samples,
        "playback_seconds": str(int(seconds)),
        "playback_ms": str(int(seconds * 1000)),
        "playback_samples": samples,
    }


@dataclass(frozen=True)
class Question:
    """The arguments of play_and_get_digits; times in seconds."""

    least: int
    most: int
    tries: int
    timeout: float
    terminators: str
    prompt: str
    invalid: str
    variable: str
    pattern: str
    digit_timeout: float

    @classmethod
    def parse(cls, argument: str) -> "Question":
        """Read the arguments, or raise ValueError."""
        words = [word.strip("'") for word in split(argument, " ")]
        least, most, tries, timeout, keys, prompt, invalid, variable, *rest = words
        first = max(int(timeout) / 1000, _SHORTEST_TIMEOUT_S)
        return cls(
            least=int(least),
            most=min(int(most), 128),
            tries=int(tries),
            timeout=first,
            terminators=keys,
            prompt=prompt,
            invalid=invalid,
            variable=variable,
            pattern=rest[0] if rest else "",
            digit_timeout=int(rest[1]) / 1000 if len(rest) > 1 else first,
        )


def play_and_get_digits(channel: Channel, argument: str) -> None:
    """Ask, take the keys, and ask again while they are not what was wanted.

    A prompt that is missing is not waited after: the tries are used up at once
    and `read_result` stays unset.
    """
    try:
        question = Question.parse(argument)
    except ValueError:
        return  # the switch, too, only complains in its log
    asked = False
    for _ in range(question.tries):
        channel.variables.pop(question.variable, None)
        keyed = _ask(channel, question)
        asked = asked or keyed is not None
        if keyed and len(keyed) >= question.least and _fits(question.pattern, keyed):
            channel.variables[question.variable] = keyed
            channel.variables["read_result"] = "success"
            return
        if keyed:
            channel.variables[f"{question.variable}_invalid"] = keyed
        _play(channel, question.invalid, lambda: False)
    if asked:
        channel.variables["read_result"] = "failure"


def _ask(channel: Channel, question: Question) -> str | None:
    """Play the prompt and collect keys; None if there is no such prompt."""
    channel.keypad.flush()
    if not _play(channel, question.prompt, channel.keypad.waiting):
        return None
    keyed = ""
    patience = question.timeout
    while len(keyed) < question.most:
        if not channel.wait_until(channel.keypad.waiting, time.monotonic() + patience):
            break
        digit = channel.keypad.take()
        if digit in question.terminators:
            channel.variables["read_terminator_used"] = digit
            return keyed + digit if f"+{digit}" in question.terminators else keyed
        keyed += digit
        patience = question.digit_timeout
    return keyed


def _fits(pattern: str, keyed: str) -> bool:
    try:
        return re.search(pattern, keyed, re.ASCII) is not None
    except re.error:
        return False


def sleep(channel: Channel, argument: str) -> None:
    """Wait so many milliseconds."""
    if argument.isdecimal():
        channel.broken = False
        channel.wait_until(
            lambda: channel.broken, time.monotonic() + int(argument) / 1000
        )
