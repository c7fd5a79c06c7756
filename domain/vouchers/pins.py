"""PINs of vouchers: drawn by chance, checked, read as people write them. Pure."""

import re
import secrets
import unicodedata
from collections.abc import Callable
from typing import Final

from stdnum import verhoeff

SHORTEST: Final = 12
LONGEST: Final = 24
"""Digits of a PIN, its check digit included."""

_GROUP: Final = 4
_PIN: Final = re.compile(rf"[0-9]{{{SHORTEST},{LONGEST}}}")


def drawn(length: int, below: Callable[[int], int] = secrets.randbelow) -> str:
    """A PIN of so many digits; the last is Verhoeff's check digit over the others.

    It tells every single wrong digit and every two neighbours that were swapped.
    """
    if not SHORTEST <= length <= LONGEST:
        raise ValueError(f"a PIN has {SHORTEST} to {LONGEST} digits, not {length}")
    chance = below(10 ** (length - 1))
    digits = f"{chance:0{length - 1}}"
    return f"{digits}{verhoeff.calc_check_digit(digits)}"


def read(written: str) -> str | None:
    """The digits of a PIN, whatever spaces and dashes; None if it cannot be one.

    >>> read("1234 5678-9010"), read("1234 5678-9011"), read("hello")
    ('123456789010', None, None)
    """
    digits = "".join(map(_digit, unicodedata.normalize("NFKC", written)))
    is_pin = _PIN.fullmatch(digits) is not None and verhoeff.is_valid(digits)
    return digits if is_pin else None


def grouped(pin: str) -> str:
    """A PIN as people read it, in fours.

    >>> grouped("123456789010")
    '1234 5678 9010'
    """
    return " ".join(pin[at : at + _GROUP] for at in range(0, len(pin), _GROUP))


def _digit(sign: str) -> str:
    """A sign's digit, in whatever script; nothing for what may stand between digits."""
    if sign.isspace() or unicodedata.category(sign) in {"Pd", "Cf"} or sign in "−.":
        return ""
    return str(unicodedata.decimal(sign, sign))
