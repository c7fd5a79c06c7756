"""Where the keys of a text are, and where their values end. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Part:
    """A key, its value, and what stands between that and the next key."""

    letter: str
    start: int
    value_at: int
    rest_at: int
    end: int


_PIN_BEGUN: Final = 8
"""So many digits behind a `T` that stands alone are the beginning of a PIN."""
PART: Final = r"[\s,;]"
_NUMBER_BEGUN: Final = r"[+(]{0,2}[0-9](?:[\s().\-/]*[0-9*]){4}"
_ENDS: Final = r"(?:[\s,;!?]|$)"
_KEY: Final = re.compile(
    rf"(?:^|(?<={PART}))(?:"
    rf"[A-Z]\s?[.:=]"
    rf"|N(?=[0-9]{{1,3}}(?:\.|{_ENDS}))|[DORQ](?=\s*{_NUMBER_BEGUN})|[PT](?=[0-9])"
    rf"|T(?=[\s\-]+(?:[0-9][\s\-]*){{{_PIN_BEGUN}}})"
    rf"|(?<![\s\S])(?:[IX](?={_ENDS})|N(?=\s[0-9]{{1,3}}$)|L(?=\s[A-Z]{{2}}$))"
    rf"|[IX][!?]*$)",
    re.IGNORECASE,
)
"""A key. Without a sign it must be followed by digits as its kind has them, so that
the `s3cret` in `P.my s3cret` is no key. `I` and `X` need no value, but are keys only as
the first or the last word: a phonebook's name may well be `anna i piotr`. A PIN may
stand apart from its `T`: nobody shall read it in the books for want of a sign."""

_SIGNS: Final = r"\-/().\u2010-\u2015\u2212"
_NUMBER: Final = re.compile(rf"[+\s]*[0-9(][0-9\s{_SIGNS}]*(?<!\()(?:\*\*\*)?")
"""A number as people write it; one that was masked is still seen to be one. A bracket
that opens behind it belongs to what follows."""
_VALUES: Final = dict.fromkeys("DORQ", _NUMBER) | {
    **dict.fromkeys("UP", re.compile(r"\s*[^\s,;]+")),
    **dict.fromkeys("IX", re.compile("")),
    "N": re.compile(r"\s*[0-9]+"),
}
"""What a key may have for its value."""
_ALL: Final = re.compile(r"[\s\S]*")
"""What the others have: all until the next key."""


def parts(plain: str) -> list[Part]:
    """The keys in a text that is plain already, and where their values are."""
    keys = list(_KEY.finditer(plain))
    ends = [key.start() for key in keys[1:]] + [len(plain)]
    found = []
    for key, end in zip(keys, ends[: len(keys)], strict=True):
        letter, value_at = key[0][0].upper(), key.end()
        kind = _VALUES.get(letter, _ALL)
        value = kind.match(plain, value_at, end)
        rest_at = value.end() if value else value_at
        found.append(Part(letter, key.start(), value_at, rest_at, end))
    return found


def bare_number(text: str) -> bool:
    """Whether a text is a number as people write it, and nothing else."""
    return _NUMBER.fullmatch(text) is not None


def trimmed(text: str) -> str:
    """Without the spaces, stops and pictures around it: `😀 CALL!` is `CALL`."""
    tidy = tailless(text)
    begin = 0
    while begin < len(tidy) and _is_trimming(tidy[begin], "+("):
        begin += 1
    return tidy[begin:]


def tailless(text: str) -> str:
    """Without what stands behind the last word: phones write a stop for two spaces."""
    end = len(text)
    while end and _is_trimming(text[end - 1], ")*"):
        end -= 1
    return text[:end]


def _is_trimming(sign: str, kept: str) -> bool:
    return unicodedata.category(sign)[0] in "CPSZ" and sign not in kept
