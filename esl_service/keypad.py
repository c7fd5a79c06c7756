"""Whether the keys that mean something can all be pressed. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from typing import Final

CLOSING: Final = "#"
"""Ends whatever is keyed at a prompt."""
POSITION_DIGITS: Final = 2
"""So many digits, or fewer, are a position in the phonebook."""


def clashes(drop: Sequence[str], asked: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the combinations and, by setting, with the keys at prompts.

    Empty keys mean nothing, and clash with nothing.

    >>> list(clashes(["##", "##1"], {}))
    ["keys.drop: '##' begins '##1': one of the two would be late"]
    """
    for one, other in permutations(drop, 2):
        if other.startswith(one):
            yield f"keys.drop: {one!r} begins {other!r}: one of the two would be late"
    keys = {name: key for name, key in asked.items() if key}
    for name, key in keys.items():
        yield from _at_a_prompt(name, key)
        for combination in drop:
            if key != "*" and combination.startswith(key):
                yield (
                    f"keys.drop: {combination!r} begins with {name}, which it would "
                    "mean where the other party has just left"
                )
    for (name, key), (other, same) in permutations(keys.items(), 2):
        if key == same and name < other:
            yield f"{name} and {other} are both {key!r}"


def _at_a_prompt(name: str, key: str) -> Iterator[str]:
    if CLOSING in key:
        yield f"{name}: {key!r} cannot be keyed, for # ends a number"
    elif key.isdecimal() and len(key) <= POSITION_DIGITS and int(key):
        yield f"{name}: {key!r} is a position in the phonebook"
    elif "*" in key and key != "*":
        yield f"{name}: {key!r} cannot be keyed, for * ends whatever is keyed"
