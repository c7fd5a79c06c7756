"""How names are compared: case, accents and spacing do not matter."""

import unicodedata


def folded(name: str) -> str:
    """A name as it is looked up.

    >>> folded("  Café  ZÜRICH")
    'cafe zurich'
    """
    decomposed = unicodedata.normalize("NFKD", name.replace("đ", "d").replace("Đ", "D"))
    bare = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(bare.casefold().split())
