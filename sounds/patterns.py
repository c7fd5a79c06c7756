"""Phrases with slots, and the sentences made of them.

A clip is one recording: the words between two slots, or a word that fills one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter


class BadPhrases(ValueError):
    """The phrases of a language cannot be used; the message names what is wrong."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One recording to be made: what the voice actor reads, and how it ends."""

    name: str
    """The file's stem: only a-z, 0-9 and hyphens."""
    words: str
    quiet: int
    """Milliseconds of quiet after the words: how soon another clip may follow."""
    spelled: str | None = None
    """How a synthesiser is told the words, where it would misread them."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence as it is written, with the clip that says it.

    A space or a closing full stop is written and not said: it has no clip.
    """

    words: str
    clip: str | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a pattern that is filled when somebody listens."""

    name: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text with slots, to be filled for each caller.

    >>> pattern = Pattern.parse("balance", "Your balance is {money}.")
    >>> sorted(pattern.slots)
    ['money']
    >>> pattern.clips
    {'balance': 'Your balance is'}
    """

    parts: tuple[Piece | Slot, ...]

    @classmethod
    def parse(cls, name: str, text: str) -> "Pattern":
        """Cut a text at its slots; the clips are called `name`, or `name-1`, `name-2`.

        Raises BadPhrases, naming the pattern, when a brace is left open, when a
        slot has no plain name, or when nothing is left to say.
        """
        try:
            parsed = [
                (literal, slot) for literal, slot, _, _ in Formatter().parse(text)
            ]
        except ValueError as error:
            raise BadPhrases(f"{name}: “{text}” cannot be read: {error}") from error
        if not any(_is_said(literal) or slot for literal, slot in parsed):
            raise BadPhrases(f"{name}: there is nothing to say in “{text}”")
        if any(slot is not None and not slot.isidentifier() for _, slot in parsed):
            raise BadPhrases(f"{name}: a slot of “{text}” has no name")
        return cls(tuple(_parts(name, parsed)))

    @property
    def slots(self) -> frozenset[str]:
        """The names of the slots."""
        return frozenset(part.name for part in self.parts if isinstance(part, Slot))

    @property
    def clips(self) -> dict[str, str]:
        """The words of every clip of this pattern's own, by the clip's name."""
        said = (part for part in self.parts if isinstance(part, Piece))
        return {part.clip: part.words.strip() for part in said if part.clip}

    def fill(self, values: Mapping[str, Sequence[Piece]]) -> tuple[Piece, ...]:
        """The pieces in this pattern's order; every slot must have its value."""
        return tuple(
            piece
            for part in self.parts
            for piece in ((part,) if isinstance(part, Piece) else values[part.name])
        )


def _parts(
    name: str, parsed: Sequence[tuple[str, str | None]]
) -> Iterator[Piece | Slot]:
    alone = sum(_is_said(literal) for literal, _ in parsed) == 1
    said = 0
    for literal, slot in parsed:
        if _is_said(literal):
            said += 1
            yield Piece(literal, name if alone else f"{name}-{said}")
        elif literal:
            yield Piece(literal)
        if slot is not None:
            yield Slot(slot)


def _is_said(words: str) -> bool:
    return any(character.isalnum() for character in words)
