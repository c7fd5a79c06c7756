"""Whole numbers as one language says them: rows of clips out of a finite list.

The grammar is CLDR's own (through `unicode-rbnf`). Its text is cut into the words
from 0 to 99, each one clip, and the language's few words for greater powers.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import product

from unicode_rbnf import RbnfEngine
from unicode_rbnf.engine import RbnfError

from sounds.patterns import BadPhrases, Piece

SINGLE = 100
"""Every number below this one is a clip of its own, for an even melody."""

TIMES = (*range(1, 10), *range(100, 1000, 100))
POWERS = (100, 1_000, 10_000, 1_000_000)
RESTS = (0, 1, 101)
"""What these make needs every word that a number below a billion can need."""


class Numbers:
    """How one language counts.

    `rules` are CLDR's rule sets that the language uses, its usual one first: a
    language with genders has several. `words` are those no number below 100 has,
    by the name of their clip.

    >>> english = Numbers("en", ["spellout-cardinal"], {"hundred": "hundred"})
    >>> [piece.clip for piece in english.spell(321) if piece.clip]
    ['number-3', 'number-hundred', 'number-21']
    """

    def __init__(
        self, language: str, rules: Sequence[str], words: Mapping[str, str]
    ) -> None:
        self.language = language
        self.rules = tuple(dict.fromkeys(rules))
        self._engine = RbnfEngine.for_language(language)
        self._names: dict[str, str] = {}
        for name, word in self._vocabulary(words):
            self._names.setdefault(word, name)

    @property
    def clips(self) -> dict[str, str]:
        """The words of every clip a number may need, by the clip's name."""
        return {name: word for word, name in self._names.items()}

    def spell(self, number: int, rules: str | None = None) -> tuple[Piece, ...]:
        """The number in words; `rules` is the gender it takes, if not the usual one.

        Raises ValueError for a number below zero (there "minus" is said, which is
        the language's own business) and for one beyond the words of the language.
        """
        if number < 0:
            raise ValueError(f"{number} is below zero and cannot be counted")
        words = self._spelled(number, rules or self.rules[0])
        pieces = tuple(
            Piece(part, self._names.get(part))
            for part in self._cut.split(words)
            if part
        )
        for piece in pieces:
            if piece.clip is None and piece.words.strip(" -"):
                raise ValueError(
                    f"{number:,} cannot be said in {self.language}: there is no clip "
                    f"for “{piece.words.strip()}” of “{words}”"
                )
        return pieces

    def check(self) -> None:
        """Raise ValueError if a word is missing for some number below a billion."""
        for rules in self.rules:
            for rest, times, power in product(RESTS, TIMES, POWERS):
                self.spell(times * power + rest, rules)

    @cached_property
    def _cut(self) -> re.Pattern[str]:
        """Takes the longest word first: sixty is not six and a remainder."""
        longest_first = sorted(self._names, key=len, reverse=True)
        return re.compile(f"({'|'.join(map(re.escape, longest_first))})")

    def _vocabulary(self, words: Mapping[str, str]) -> list[tuple[str, str]]:
        usual, *others = self.rules
        small = [(f"number-{n}", self._spelled(n, usual)) for n in range(SINGLE)]
        for rules in others:
            gender = rules.rpartition("-")[2]
            small += [
                (f"number-{n}-{gender}", self._spelled(n, rules)) for n in range(SINGLE)
            ]
        return small + [(f"number-{name}", word) for name, word in words.items()]

    def _spelled(self, number: int, rules: str) -> str:
        try:
            return self._engine.format_number(number, ruleset_names=[rules]).text
        except RbnfError as error:
            raise BadPhrases(
                f"numbers: CLDR has no rules “{rules}” for the language {self.language}"
            ) from error
