"""Sentences for a caller, said in words that can be played."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from esl_service.voice import Prompt, Value

_log = logging.getLogger(__name__)


class Voice(Protocol):
    """Turns a prompt into clips."""

    @property
    def languages(self) -> Sequence[str]:
        """Those it speaks, in the order in which they are offered."""

    def sounds(self, language: str, prompt: Prompt, **slots: Value) -> list[str]:
        """The clips of a sentence, as absolute paths."""

    def silent(self, sounds: Sequence[str]) -> list[str]:
        """Those of the clips that cannot be played."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is to be said, in whatever language."""

    prompt: Prompt
    slots: Mapping[str, Value] = field(default_factory=dict)


class Speech:
    """Finds the clips of sentences; a sentence is never said in part.

    The switch passes over a clip that it cannot play, so "you have twelve dollars"
    might become "you have dollars". A sentence that lacks a clip is said in the next
    language that has it whole, or left out; either is logged with the clip's name.
    """

    def __init__(self, voice: Voice) -> None:
        self._voice = voice

    @property
    def languages(self) -> Sequence[str]:
        """Those that can be spoken, in the order in which they are offered."""
        return self._voice.languages

    def sounds(self, language: str, sentences: Sequence[Sentence]) -> list[str]:
        """The clips that say the sentences, one after the other."""
        return [clip for each in sentences for clip in self._whole(language, each)]

    def own_words(self, language: str, sentence: Sentence) -> list[str]:
        """The clips that say a sentence in that language and no other, if any can."""
        clips = self._voice.sounds(language, sentence.prompt, **sentence.slots)
        silent = self._voice.silent(clips)
        if silent:
            _log.error("clips cannot be played: %s", ", ".join(map(_named, silent)))
        return [] if silent else clips

    def _whole(self, language: str, sentence: Sentence) -> list[str]:
        others = (each for each in self._voice.languages if each != language)
        for tongue in (language, *others):
            if clips := self.own_words(tongue, sentence):
                return clips
        return []


def _named(clip: str) -> str:
    path = Path(clip)
    return f"{path.parent.name}/{path.stem}"
