"""What can be said to a caller, and how each language says it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from domain.languages import LANGUAGES
from esl_service.clips import Clips
from esl_service.spelling import Amount, Digits, Duration, Speller, Value
from sounds.patterns import BadPhrases
from sounds.phrases import Phrases
from sounds.reading import SOURCE, languages_spoken, read

__all__ = ["Amount", "Digits", "Duration", "Prompt", "Sentence", "Value", "Voice"]

DEFAULT = "en"
"""Spoken to whoever asks for a language that has no phrases yet."""

KINDS: Mapping[str, type[Value]] = {
    "money": Amount,
    "duration": Duration,
    "count": int,
    "number": Digits,
    "key": Digits,
}


class Prompt(StrEnum):
    """A sentence for a caller, by its name in every phrases.toml."""

    CONFIRM = "confirm"
    LANGUAGE = "language"
    KEEP_LANGUAGE = "keep-language"
    BALANCE = "balance"
    WHICH_NUMBER = "which-number"
    WHAT_IT_BUYS = "what-it-buys"
    MAX_DURATION = "max-duration"
    CALLING = "calling"
    CONNECTING = "connecting"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    INVALID = "invalid"
    UNAVAILABLE = "unavailable"
    NOT_ENOUGH_MONEY = "not-enough-money"
    FORBIDDEN = "forbidden"
    NO_RATE = "no-rate"
    OWN_NUMBER = "own-number"
    SAME_NUMBER = "same-number"
    UNKNOWN_ENTRY = "unknown-entry"
    NOTHING_TO_REDIAL = "nothing-to-redial"
    TOO_MANY_CALLS = "too-many-calls"
    SPEND_LIMIT = "spend-limit"
    ACCOUNT_BLOCKED = "account-blocked"
    NOT_REGISTERED = "not-registered"
    CARD_NUMBER = "card-number"
    CARD_PIN = "card-pin"
    WRONG_PIN = "wrong-pin"
    TRY_LATER = "try-later"
    TIME_IS_UP = "time-is-up"
    LONGEST_CALL = "longest-call"
    SESSION_TOO_LONG = "session-too-long"
    LOW_CREDIT = "low-credit"
    NOTHING_HEARD = "nothing-heard"
    GOODBYE = "goodbye"
    SORRY = "sorry"

    @property
    def slots(self) -> frozenset[str]:
        """What must be told to say it; the same in every language."""
        return SLOTS.get(self, frozenset())


SLOTS: Mapping[Prompt, frozenset[str]] = {
    Prompt.LANGUAGE: frozenset({"key"}),
    Prompt.BALANCE: frozenset({"money"}),
    Prompt.WHAT_IT_BUYS: frozenset({"duration"}),
    Prompt.MAX_DURATION: frozenset({"duration"}),
    Prompt.CALLING: frozenset({"number"}),
    Prompt.UNKNOWN_ENTRY: frozenset({"count"}),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A prompt with its slots filled, to be read and to be played."""

    words: str
    clips: tuple[str, ...]
    """The names of the clips, in order."""


class Voice:
    """Says every prompt in every language, from the clips built in `folder`.

    Raises BadPhrases at once if a language lacks a prompt: better before the
    first call than in the middle of one.
    """

    def __init__(self, folder: Path, *, source: Path = SOURCE) -> None:
        self._folder = folder.absolute()
        self._clips = Clips()
        self._tongues = {
            language: _Tongue(read(language, source))
            for language in languages_spoken(source)
        }
        if DEFAULT not in self._tongues:
            raise BadPhrases(f"{source} has no phrases for “{DEFAULT}”")

    @property
    def languages(self) -> list[str]:
        """Those that have phrases, in the order in which they are offered."""
        return sorted(self._tongues, key=LANGUAGES.index)

    def silent(self, sounds: Sequence[str]) -> list[str]:
        """Those of the clips that are missing or damaged."""
        return self._clips.silent(sounds)

    def spoken(self, language: str) -> str:
        """The language itself, or English where it is not spoken yet."""
        return language if language in self._tongues else DEFAULT

    def sentence(self, language: str, prompt: Prompt, **slots: Value) -> Sentence:
        """The prompt in that language, its slots filled.

        Raises TypeError if the slots are not the prompt's, and ValueError for a
        value that has no words, such as an unknown currency.
        """
        return self._tongues[self.spoken(language)].sentence(prompt, slots)

    def sounds(self, language: str, prompt: Prompt, **slots: Value) -> list[str]:
        """The clips of that sentence, as absolute paths, in order."""
        folder = self._folder / self.spoken(language)
        clips = self.sentence(language, prompt, **slots).clips
        return [str(folder / f"{clip}.wav") for clip in clips]


class _Tongue:
    """One language, ready to speak; raises BadPhrases if it cannot say it all."""

    def __init__(self, phrases: Phrases) -> None:
        self._prompts = phrases.prompts
        self._speller = Speller(phrases)
        for prompt in Prompt:
            pattern = self._prompts.get(prompt)
            if pattern is None:
                raise BadPhrases(f"“{phrases.language}” cannot say {prompt}")
            if pattern.slots != prompt.slots:
                raise BadPhrases(
                    f"“{phrases.language}” must say {prompt} with "
                    f"{_listed(prompt.slots)}, not with {_listed(pattern.slots)}"
                )

    def sentence(self, prompt: Prompt, slots: Mapping[str, Value]) -> Sentence:
        if slots.keys() != prompt.slots:
            raise TypeError(
                f"{prompt.name} takes {_listed(prompt.slots)}, not {_listed(slots)}"
            )
        for slot, value in slots.items():
            if not isinstance(value, KINDS[slot]):
                raise TypeError(
                    f"{prompt.name}: {slot} must be of {KINDS[slot].__name__}, "
                    f"not {value!r}"
                )
        pieces = self._prompts[prompt].fill(
            {slot: self._speller.spell(slot, value) for slot, value in slots.items()}
        )
        return Sentence(
            words="".join(piece.words for piece in pieces),
            clips=tuple(piece.clip for piece in pieces if piece.clip),
        )


def _listed(slots: Iterable[str]) -> str:
    return ", ".join(sorted(slots)) or "no slots"
