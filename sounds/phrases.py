"""All that one language can say, and the list of every clip that takes."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from babel import Locale

from sounds.numbers import Numbers
from sounds.patterns import BadPhrases, Clip, Pattern, Piece

PAUSE = "pause"
"""The clip between the groups of a telephone number; it is written as a comma."""

AFTER_A_PHRASE = 70
AFTER_A_WORD = 30
BETWEEN_GROUPS = 160
"""Milliseconds of quiet: words inside a number or an amount flow into each other."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a synthesiser is to read a language."""

    language: str
    espeak: str
    """The name of its voice in espeak-ng."""
    speed: int
    """Words a minute."""
    pitch: int
    """0 to 100."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted, such as hours or dollars: one pattern per plural form."""

    name: str
    """That of its clips begins so."""
    forms: Mapping[str, Pattern]
    """By CLDR's category: "one", "few", "many", "other". Each holds the slot {n}."""
    rules: str | None
    """CLDR's rule set of its gender, where that is not the language's usual one."""
    whole: int
    """Numbers below this one are one clip together with what is counted: what sounds
    change at the joint, by liaison or tone, cannot be cut there."""


@dataclass(frozen=True, slots=True)
class Currency:
    """The names of a currency's units; without a subunit only whole ones are said.

    With a tenth, cents are counted in tenths first: 三角四分 is 0.34 yuan.
    """

    unit: Counted
    tenth: Counted | None
    subunit: Counted | None

    @property
    def parts(self) -> tuple[Counted, ...]:
        """All that it is counted in."""
        parts = (self.unit, self.tenth, self.subunit)
        return tuple(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Telephone:
    """How telephone numbers are read, digit by digit."""

    digits: Mapping[str, str]
    """The words of digits that are read otherwise than counted."""
    between: str
    """Written between two digits; not said."""
    groups: str
    """Written between two groups, where there is a pause."""


@dataclass(frozen=True)
class Phrases:
    """One language's prompts, its numbers, and its words for money and time."""

    language: str
    reading: Reading
    numbers: Numbers
    keys: Mapping[str, str]
    """The words of the keys that are no digits: plus, star, hash."""
    telephone: Telephone
    prompts: Mapping[str, Pattern]
    minus: Pattern
    units_and_subunits: Pattern
    units_and_odd_subunits: Pattern | None
    """The same where tenths are counted and there are none."""
    hours_and_minutes: Pattern
    durations: Mapping[str, Counted]
    """Of hours, minutes and seconds."""
    currencies: Mapping[str, Currency]
    spelled: Mapping[str, str]
    """How the synthesiser is told some clips, by their names."""

    @cached_property
    def clips(self) -> Mapping[str, Clip]:
        """The whole vocabulary, by the clip's name: no sentence needs another.

        Raises BadPhrases if two clips would share a name, or a spelled one has none.
        """
        clips = [Clip(PAUSE, self.telephone.groups.strip(), BETWEEN_GROUPS)]
        clips += [
            self._clip(name, words, AFTER_A_PHRASE)
            for pattern in self.prompts.values()
            for name, words in pattern.clips.items()
        ]
        clips += [
            self._clip(name, words, AFTER_A_WORD)
            for table in self._words()
            for name, words in table.items()
        ]
        named = {clip.name: clip for clip in _named_once(clips)}
        if unknown := self.spelled.keys() - named.keys():
            raise BadPhrases(f"voice.spelled: no clip is called {min(unknown)}")
        return named

    def counted(self, number: int, what: Counted) -> tuple[Piece, ...]:
        """So many of something, such as "two dollars".

        Raises ValueError for a number that the language has no words for.
        """
        form = what.forms[self.plural(number)]
        pieces = form.fill({"n": self.numbers.spell(number, what.rules)})
        if number >= what.whole:
            return pieces
        words = "".join(piece.words for piece in pieces)
        return (Piece(words, f"{what.name}-{number}"),)

    def plural(self, number: int) -> str:
        """CLDR's plural category of a number in this language, such as "one"."""
        return self._plural_form(number)

    @cached_property
    def _plural_form(self) -> Callable[[int], str]:
        return Locale.parse(self.language).plural_form

    def _clip(self, name: str, words: str, quiet: int) -> Clip:
        return Clip(name, words, quiet, self.spelled.get(name))

    def _words(self) -> Iterator[Mapping[str, str]]:
        """The clips that fill slots."""
        yield self.numbers.clips
        yield {f"key-{name}": word for name, word in self.keys.items()}
        digits = self.telephone.digits
        yield {f"digit-{digit}": word for digit, word in digits.items()}
        joints = (
            self.minus,
            self.units_and_subunits,
            self.units_and_odd_subunits,
            self.hours_and_minutes,
        )
        for joint in joints:
            yield joint.clips if joint else {}
        for counted in self._everything_counted():
            for form in counted.forms.values():
                yield form.clips
            wholes = (self.counted(n, counted) for n in range(counted.whole))
            yield {piece.clip: piece.words for (piece,) in wholes if piece.clip}

    def _everything_counted(self) -> Iterator[Counted]:
        yield from self.durations.values()
        for currency in self.currencies.values():
            yield from currency.parts


def _named_once(clips: list[Clip]) -> Iterator[Clip]:
    seen: set[str] = set()
    for clip in clips:
        if not re.fullmatch("[a-z0-9-]+", clip.name):
            raise BadPhrases(f"“{clip.name}” cannot name a clip: use a-z, 0-9 and -")
        if clip.name in seen:
            raise BadPhrases(f"two clips would be called {clip.name}")
        seen.add(clip.name)
        yield clip
