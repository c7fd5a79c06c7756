"""The grammar of commands: one SMS, one action. Pure: no database.

Keys are one letter, then `.`, `:` or `=` (or nothing before a digit: `N2`), then the
value; in any case and order, parted by spaces, commas, semicolons or line breaks.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.errors import NotUnderstood
from domain.vouchers.pins import SHORTEST

LONGEST: Final = 1600
"""Ten SMS of 160: whatever is longer is no command."""


class Action(StrEnum):
    """What an SMS may ask; the value is its key."""

    CALL = "D"
    CALL_NAME = "B"
    CALL_POSITION = "N"
    REGISTER = "R"
    STATUS = "I"
    TOP_UP = "T"


_KEYS: Final = "UPODBNRIT"
_MASKED: Final = "PT"
HIDDEN: Final = "***"
_ALONE: Final = {Action.STATUS}
"""Actions that need no value."""

_PIN_BEGUN: Final = 8
"""So many digits behind a `T` that stands alone are the beginning of a PIN."""
_PART: Final = r"[\s,;]"
_KEY: Final = re.compile(
    rf"(?:^|(?<={_PART}))(?:"
    rf"[A-Z][.:=]"
    rf"|N(?=[0-9]{{1,3}}(?:{_PART}|$))|[DOR](?=[0-9]{{5}})|[PT](?=[0-9])"
    rf"|T(?=[\s\-]+(?:[0-9][\s\-]*){{{_PIN_BEGUN}}})"
    rf"|(?<![\s\S])I(?={_PART}|$)|I$)",
    re.IGNORECASE,
)
"""A key. Without a sign it must be followed by digits as its kind has them, so that
the `s3cret` in `P.my s3cret` is no key. `I` needs no value, but is a key only as the
first or the last word: a phonebook's name may well be `anna i piotr`. A PIN may stand
apart from its `T`: nobody shall read it in the books for want of a sign."""

_MOST_DIGITS: Final = dict.fromkeys("DOR", 17) | dict.fromkeys("BNI", SHORTEST - 1)
"""Digits a value may have: a number with its 00; elsewhere fewer than a PIN has. A PIN
that strayed behind another key is then not understood, and so neither kept nor said."""

_HARMLESS: Final = re.compile(
    r"[DOR][.:=]?\+?[0-9]{1,15}|N[.:=]?[0-9]{1,4}|I", re.IGNORECASE
)
"""A word that may be shown of a text that is no command."""
_ONE_WORD: Final = re.compile(r"[^\W\d_]{1,10}")


@dataclass(frozen=True, slots=True)
class Command:
    """An action with its circumstances, as written."""

    action: Action
    value: str = ""
    login: str | None = None
    password: str | None = None
    origin: str | None = None

    def __repr__(self) -> str:
        """Without the password: a command may be logged."""
        return f"Command({self.action.name}, by {'login' if self.login else 'sender'})"


def normalised(text: str) -> str:
    """Full-width letters and digits made plain, invisible characters dropped."""
    wide = unicodedata.normalize("NFKC", text)
    return "".join(
        sign
        for sign in wide
        if sign in "\r\n\t" or unicodedata.category(sign) not in {"Cc", "Cf"}
    ).strip()


def masked(text: str) -> str:
    """The text with passwords and PINs hidden: what may be stored.

    Of a text that is no command only numbers behind their keys are shown: people
    write `password: …` and `P …`, and what they meant is still nobody's business.

    >>> masked("U.anna P.secret D.48774417880")
    'U.anna P.*** D.48774417880'
    >>> masked("anna P secret D.48774417880")
    '*** *** *** D.48774417880'
    """
    plain = normalised(text)
    try:
        read(text)
    except NotUnderstood:
        return " ".join(
            word if _HARMLESS.fullmatch(word) else HIDDEN
            for word in re.split(rf"{_PART}+", plain)
            if word
        )
    return _secrets_hidden(plain, _MASKED)


def masked_wholly(text: str) -> str:
    """The same with the login hidden too: somebody may have swapped the two."""
    return _secrets_hidden(masked(text), _MASKED + "U")


def is_the_carriers(text: str) -> bool:
    """Whether the word is between a person and their carrier; nobody answers it."""
    return normalised(text).upper() in {"STOP", "START"}


def read(text: str) -> Command:
    """Read a command, or raise NotUnderstood naming the part that is no good."""
    if len(text) > LONGEST:
        raise NotUnderstood(part="")
    values = _values(normalised(text))
    actions = [action for action in Action if action.value in values]
    if len(actions) != 1:
        raise NotUnderstood(part=" ".join(f"{action.value}." for action in actions))
    action = actions[0]
    if not values[action.value] and action not in _ALONE:
        raise NotUnderstood(part=f"{action.value}.")
    if ("U" in values) != ("P" in values):
        raise NotUnderstood(part="U. P.")
    return Command(
        action,
        values[action.value],
        login=values.get("U"),
        password=values.get("P"),
        origin=values.get("O"),
    )


def _values(text: str) -> dict[str, str]:
    parts = _parts(text)
    if not parts or parts[0].start != 0:
        raise NotUnderstood(part=_shown(text[: parts[0].start] if parts else text))
    values: dict[str, str] = {}
    for part in parts:
        letter = part.letter
        value = text[part.value_at : part.end].strip(" \t\r\n,;")
        if letter not in _KEYS or letter in values or not _fits(letter, value):
            raise NotUnderstood(part=f"{letter}.")
        values[letter] = value
    return values


def _fits(letter: str, value: str) -> bool:
    """Whether a key may have such a value at all."""
    if letter in "UP":
        return bool(value) and not re.search(_PART, value)
    digits = sum(map(str.isdigit, value))
    return letter not in _MOST_DIGITS or digits <= _MOST_DIGITS[letter]


@dataclass(frozen=True, slots=True)
class _Part:
    """A key and where its value stands in the text."""

    letter: str
    start: int
    value_at: int
    end: int


def _parts(text: str) -> list[_Part]:
    keys = list(_KEY.finditer(text))
    ends = [key.start() for key in keys[1:]] + [len(text)]
    return [
        _Part(key[0][0].upper(), key.start(), key.end(), end)
        for key, end in zip(keys, ends[: len(keys)], strict=True)
    ]


def _secrets_hidden(plain: str, keys: str) -> str:
    shown, position = [], 0
    for part in _parts(plain):
        if part.letter in keys:
            rest = " " if part.end < len(plain) else ""
            shown.append(f"{plain[position : part.start]}{part.letter}.{HIDDEN}{rest}")
            position = part.end
    return "".join([*shown, plain[position:]])


def _shown(text: str) -> str:
    """A part that may be said back: a lone word, such as a greeting, or nothing."""
    return text if _ONE_WORD.fullmatch(text) else ""
