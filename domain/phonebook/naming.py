"""How names are compared: case, accents and spacing do not matter."""

import unicodedata
from typing import Final

_LETTERS: Final = str.maketrans(
    {"đ": "d", "ð": "d", "ł": "l", "ø": "o", "ı": "i", "œ": "oe", "æ": "ae", "þ": "th"}
    | dict.fromkeys("‘’ʼ`´", "'")
    | dict.fromkeys("“”„«»", '"')
    | dict.fromkeys("‐‑‒–—−", "-")
)
"""What Unicode does not take apart, and signs for which each telephone has its own."""


def folded(name: str) -> str:
    """A name as it is looked up. What was folded is folded the same again.

    >>> folded("  Café  ZÜRICH"), folded("L’Œuvre"), folded("Đặng Văn Ánh")
    ('cafe zurich', "l'oeuvre", 'dang van anh')
    """
    plain = unicodedata.normalize("NFKD", name.translate(_LETTERS)).casefold()
    decomposed = unicodedata.normalize("NFKD", plain.translate(_LETTERS))
    return " ".join("".join(filter(_is_heard, decomposed)).split())


def _is_heard(sign: str) -> bool:
    """Whether a sign is neither an accent nor invisible."""
    return not (
        unicodedata.combining(sign)
        or unicodedata.category(sign) == "Cf"
        or "\ufe00" <= sign <= "\ufe0f"
    )
