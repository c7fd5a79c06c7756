"""The grammar of commands: one SMS, one action. Pure: no database.

Keys are one letter, then `.`, `:` or `=` (or nothing before a digit: `N2`), then the
value; in any case and order, parted by spaces, commas, semicolons or line breaks. A
word of the market may stand for a key, and a number alone is called.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.errors import NotUnderstood, NumberOrPin
from domain.messages.keys import bare_number, parts, tailless, trimmed
from domain.messages.plain import normalised
from domain.messages.words import Word, begins_with_word, language_named
from domain.vouchers import pins

LONGEST: Final = 1600
"""Ten SMS of 160: whatever is longer is no command."""


class Action(StrEnum):
    """What an SMS may ask; the value is its key, or its word where it has no key."""

    CALL = "D"
    CALL_NAME = "B"
    CALL_POSITION = "N"
    REGISTER = "R"
    STATUS = "I"
    TOP_UP = "T"
    LANGUAGE = "L"
    QUOTE = "Q"
    HANG_UP = "X"
    CALL_BACK = "CALL"
    """Ring the sender, who keys a number then."""
    REDIAL = "REDIAL"
    HELP = "HELP"


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


_KEYS: Final = "UPODBNRITLQX"
_MOST_DIGITS: Final = dict.fromkeys("DORQ", 17) | dict.fromkeys("BN", pins.SHORTEST - 1)
"""Digits a value may have: a number with its 00; elsewhere fewer than a PIN has. A PIN
that strayed behind another key is then not understood, and so neither kept nor said."""
_POSITION: Final = 2
"""Digits of a phonebook's position behind `CALL`; on the telephone as well."""

_BETWEEN: Final = " \t\r\n,;"
_ASKING: Final = "?"

_OF_CALLS: Final = {Action.CALL, Action.CALL_NAME, Action.CALL_POSITION}
_ALONE: Final = {Word.BALANCE: Action.STATUS, Word.REDIAL: Action.REDIAL} | {
    Word.HELP: Action.HELP
}
_HAS_NO_VALUE: Final = {Action.STATUS, Action.HANG_UP}


def read(text: str) -> Command:
    """Read a command, or raise NotUnderstood naming the part that is no good."""
    if len(text) > LONGEST:
        raise NotUnderstood(part="")
    plain = normalised(text).strip(_BETWEEN)
    values, phrases = _taken_apart(plain)
    actions = [(each, values[each]) for each in Action if each in values]
    said = [_meant(phrase) for phrase in phrases]
    if said == [(Action.CALL_BACK, "")] and any(
        each in _OF_CALLS for each, _ in actions
    ):
        said = []  # CALL D.48…
    actions += said
    if not plain:
        actions = [(Action.CALL_BACK, "")]
    if len(actions) != 1:
        raise NotUnderstood(part=" ".join(_named(action) for action, _ in actions))
    if ("U" in values) != ("P" in values):
        raise NotUnderstood(part="U. P.")
    ((action, value),) = actions
    return Command(action, value, values.get("U"), values.get("P"), values.get("O"))


def _taken_apart(plain: str) -> tuple[dict[str, str], list[str]]:
    """The keys' values, and what stands before the keys and between them."""
    found = parts(plain)
    head = plain[: found[0].start] if found else plain
    phrases = [head if head.strip() == _ASKING else trimmed(head)]
    values: dict[str, str] = {}
    for part in found:
        letter = part.letter
        value = plain[part.value_at : part.rest_at].strip(_BETWEEN)
        if letter in "BT":
            value = tailless(value) or value
        if letter not in _KEYS or letter in values or not _fits(letter, value):
            raise NotUnderstood(part=f"{letter}.")
        values[letter] = language_named(value) or "" if letter == "L" else value
        phrases.append(trimmed(plain[part.rest_at : part.end]))
    return values, [phrase for phrase in phrases if phrase]


def _fits(letter: str, value: str) -> bool:
    """Whether a key may have such a value at all."""
    if letter == "L":
        return language_named(value) is not None
    if not value:
        return letter in _HAS_NO_VALUE
    return sum(map(str.isdigit, value)) <= _MOST_DIGITS.get(letter, LONGEST)


def _meant(phrase: str) -> tuple[Action, str]:
    """What is asked without a key: by a number alone, or by a word.

    A strange word is not said back: whoever forgets `P.` sends a password alone.
    """
    if bare_number(phrase):
        if pins.read(phrase) and not phrase.startswith(("00", "+")):
            raise NumberOrPin
        return _checked(Action.CALL, phrase)
    found = begins_with_word(phrase)
    if found is None:
        raise NotUnderstood(part="")
    word, rest = found
    if word is Word.CALL:
        return _called(rest)
    if word is Word.RATE and bare_number(rest):
        return _checked(Action.QUOTE, rest)
    if rest or word not in _ALONE:
        raise NotUnderstood(part=word.value)
    return _ALONE[word], ""


def _called(whom: str) -> tuple[Action, str]:
    if not whom:
        return Action.CALL_BACK, ""
    if whom.isdecimal() and len(whom) <= _POSITION:
        return Action.CALL_POSITION, whom
    return _checked(Action.CALL if bare_number(whom) else Action.CALL_NAME, whom)


def _checked(action: Action, value: str) -> tuple[Action, str]:
    if not _fits(action.value, value):
        raise NotUnderstood(part="")
    return action, value


def _named(action: Action) -> str:
    return f"{action.value}." if action.value in _KEYS else action.value
