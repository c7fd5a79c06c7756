"""What may be kept and said of a text: never a password, never a PIN. Pure."""

import re
from typing import Final

from domain.errors import NotUnderstood
from domain.messages.keys import PART, parts
from domain.messages.parsing import Action, read
from domain.messages.plain import normalised
from domain.vouchers import pins

HIDDEN: Final = "***"
_MASKED: Final = "PT"
_SAID: Final = 40
"""Letters of somebody's own words that are said back, at most."""

_HARMLESS: Final = re.compile(
    r"[DORQ][.:=]?\+?[0-9]{1,15}(?:\*\*\*)?|N[.:=]?[0-9]{1,4}|L[.:=]?[A-Z]{2}|[IX]",
    re.IGNORECASE,
)
"""A word that may be shown of a text that is no command."""

_LONG_NUMBER: Final = re.compile(
    r"(?:\+[\s(]*)?[0-9](?:[\s().\-/]*[0-9]){11,}(?:\s*\))*"
)
"""So many digits as a PIN has, or more."""
_BEGINNING: Final = 4

_SECRET_BEGINS: Final = re.compile(
    r"(?<!\w)(?:[PU]|PW|PWD|PIN|PASS\w*|LOGIN|USER\w*|CLAVE|CONTRASE\w+|MDP"
    r"|MOT DE PASSE|M[ẬA]T KH[ẨA]U|密码)(?!\w)\W*\S.*",
    re.IGNORECASE | re.DOTALL,
)
"""Where somebody wrote a login or a password without its key, within a name."""


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
        command = read(text)
    except NotUnderstood:
        words = [word for word in re.split(rf"{PART}+", plain) if word]
        return " ".join(_unless_harmless(word) for word in words)
    told = plain
    if command.action is Action.CALL_NAME:
        told = told.replace(command.value, _without_secret(command.value))
    told = tellable(_secrets_hidden(told, _MASKED))
    # What is left where something was hidden may be no command any more.
    return told if told == plain else masked(told)


def masked_wholly(text: str) -> str:
    """The same with the login hidden too: somebody may have swapped the two."""
    return _secrets_hidden(masked(text), _MASKED + "U")


def tellable(text: str) -> str:
    """The text without what may be a PIN that strayed behind another key.

    A number with its plus, or with 00 and without a PIN's check digit, is none.

    >>> tellable("D.123456789010"), tellable("D.+447911123456")
    ('D.1234***', 'D.+447911123456')
    """
    return _LONG_NUMBER.sub(_beginning, text)


def said_back(text: str) -> str:
    """So much of somebody's own words as may be said back to them, and stored so.

    >>> said_back("office"), said_back("office P s3cret")
    ('office', 'office ***')
    """
    told = tellable(_without_secret(text))
    return told if len(told) <= _SAID else f"{told[:_SAID].rstrip()}..."


def could_be_pin(number: str) -> bool:
    """Whether a number that somebody wrote may be a voucher's PIN instead."""
    return tellable(number) != number


def _without_secret(name: str) -> str:
    return _SECRET_BEGINS.sub(HIDDEN, name)


def _beginning(number: re.Match[str]) -> str:
    written = number[0]
    if written[0] == "+" or (written.startswith("00") and not pins.read(written)):
        return written
    return "".join(filter(str.isdecimal, written))[:_BEGINNING] + HIDDEN


def _unless_harmless(word: str) -> str:
    return tellable(word) if _HARMLESS.fullmatch(word) else HIDDEN


def _secrets_hidden(plain: str, keys: str) -> str:
    shown, position = [], 0
    for part in parts(plain):
        if part.letter in keys:
            shown.append(f"{plain[position : part.start]}{part.letter}.{HIDDEN}")
            position = part.rest_at
            if position == part.end < len(plain):
                shown.append(" ")
    return "".join([*shown, plain[position:]])
