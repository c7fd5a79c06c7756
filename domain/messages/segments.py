"""How many SMS a text is: GSM-7 while its letters allow, else UCS-2. Pure."""

from typing import Final

_GSM_7: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_AFTER_ESCAPE: Final = frozenset("^{}\\[~]|€\f")
"""Each takes the room of two letters."""


def is_gsm_7(text: str) -> bool:
    """Whether every phone has each letter in its short alphabet."""
    return _GSM_7.union(_AFTER_ESCAPE).issuperset(text)


def segments(text: str) -> int:
    """How many SMS a text is sent in, as 3GPP TS 23.038 and 23.040 count.

    160 letters of GSM-7, or 70 of UCS-2, and less in each part of a longer message,
    which ends before what cannot be parted: an escape and its letter, two surrogates.

    >>> segments("a" * 160), segments("ú" * 71), segments("€" * 154)
    (1, 2, 3)
    """
    if is_gsm_7(text):
        sizes, alone, joined = [1 + (each in _AFTER_ESCAPE) for each in text], 160, 153
    else:
        sizes, alone, joined = [1 + (each > "\uffff") for each in text], 70, 67
    if sum(sizes) <= alone:
        return 1
    parts, room = 0, 0
    for size in sizes:
        if size > room:
            parts, room = parts + 1, joined
        room -= size
    return parts
