"""A text as it was meant: nothing invisible, one form for each letter. Pure."""

import re
import unicodedata
from typing import Final

_BREAKS: Final = re.compile("[\x0b\x0c\x1c-\x1f\x85\u2800]")
"""Page breaks, and a pattern that is blank: they part words as a space does."""

_FILLERS: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\uffa0"
    "\ufe00-\ufe0f\U000e0000-\U000e0fff]"
)
"""What Unicode lets nobody see although it is called a letter or a mark: fillers of
Hangul, and what chooses between two shapes of one emoji."""

_STOPS: Final = str.maketrans({"。": ".", "、": ","})
"""Chinese keyboards type these where others have a dot and a comma."""


def normalised(text: str) -> str:
    """Full-width letters and digits made plain, invisible characters dropped.

    Digits of other scripts become ours: Unicode's NFKC leaves them as they are.

    >>> normalised("Ｄ。４８\u200b٧７ \u202e")
    'D.4877'
    """
    wide = unicodedata.normalize("NFKC", _visible(text))
    plain = unicodedata.normalize("NFC", _visible(wide))  # what was parted joins
    return "".join(map(_digit, plain.translate(_STOPS))).strip()


def _visible(text: str) -> str:
    spaced = _BREAKS.sub(" ", text)
    return "".join(
        sign
        for sign in _FILLERS.sub("", spaced)
        if sign in "\r\n\t" or unicodedata.category(sign) not in {"Cc", "Cf"}
    )


def _digit(sign: str) -> str:
    return str(unicodedata.decimal(sign, sign)) if not sign.isascii() else sign
