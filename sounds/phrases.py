"""All that one language can say, and the list of every clip that takes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from babel import Locale

from sounds.numbers import Numbers
from sounds.patterns import BadPhrases, Clip, Pattern

PAUSE = "pause"
"""The clip between the groups of a telephone number; it is written as a comma."""

AFTER_A_PHRASE = 90
AFTER_A_WORD = 40
BETWEEN_GROUPS = 150
"""Milliseconds of quiet: words inside a number or an amount flow into each other."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a synthesiser is to read a language."""

    espeak: str
    """The name of its voice in espeak-ng."""
    speed: int
    """Words a minute."""
    pitch: int
    """0 to 100."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted, such as hours or dollars: one pattern per plural form."""

    forms: Mapping[str, Pattern]
    """By CLDR's category: "one", "few", "many", "other". Each holds the slot {n}."""
    rules: str | None
    """CLDR's rule set of its gender, where that is not the language's usual one."""


@dataclass(frozen=True, slots=True)
class Currency:
    """The names of a currency's units; without a subunit only whole ones are said."""

    unit: Counted
    subunit: Counted | None


@dataclass(frozen=True)
class Phrases:
    """One language's prompts, its numbers, and its words for money and time."""

    language: str
    reading: Reading
    numbers: Numbers
    keys: Mapping[str, str]
    """The words of the keys that are no digits: plus, star, hash."""
    prompts: Mapping[str, Pattern]
    minus: Pattern
    units_and_subunits: Pattern
    hours_and_minutes: Pattern
    durations: Mapping[str, Counted]
    """Of hours, minutes and seconds."""
    currencies: Mapping[str, Currency]

    @cached_property
    def clips(self) -> Mapping[str, Clip]:
        """The whole vocabulary, by the clip's name: no sentence needs another.

        Raises BadPhrases if two clips would share a name.
        """
        clips = [Clip(PAUSE, ",", BETWEEN_GROUPS)]
        clips += [
            Clip(name, words, AFTER_A_PHRASE)
            for pattern in self.prompts.values()
            for name, words in pattern.clips.items()
        ]
        clips += [
            Clip(name, words, AFTER_A_WORD)
            for table in self._words()
            for name, words in table.items()
        ]
        return {clip.name: clip for clip in _named_once(clips)}

    def plural(self, number: int) -> str:
        """CLDR's plural category of a number in this language, such as "one"."""
        return Locale.parse(self.language).plural_form(number)

    def _words(self) -> Iterator[Mapping[str, str]]:
        """The clips that fill slots."""
        yield self.numbers.clips
        yield {f"key-{name}": word for name, word in self.keys.items()}
        for joint in (self.minus, self.units_and_subunits, self.hours_and_minutes):
            yield joint.clips
        for counted in self._counted():
            for form in counted.forms.values():
                yield form.clips

    def _counted(self) -> Iterator[Counted]:
        yield from self.durations.values()
        for currency in self.currencies.values():
            yield currency.unit
            if currency.subunit:
                yield currency.subunit


def _named_once(clips: list[Clip]) -> Iterator[Clip]:
    seen: set[str] = set()
    for clip in clips:
        if not re.fullmatch("[a-z0-9-]+", clip.name):
            raise BadPhrases(f"“{clip.name}” cannot name a clip: use a-z, 0-9 and -")
        if clip.name in seen:
            raise BadPhrases(f"two clips would be called {clip.name}")
        seen.add(clip.name)
        yield clip
