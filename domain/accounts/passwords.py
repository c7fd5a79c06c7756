"""Passwords at rest: Argon2id, never the text.

The cost is OWASP's smaller profile (19 MiB, two passes, one lane; Password Storage
Cheat Sheet): about 20 ms, because every SMS with `U. P.` pays it.
"""

from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

SHORTEST: Final = 4

_hasher: Final = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_nobody: Final = _hasher.hash("nobody has this password")


def digest(password: str) -> str:
    """What is stored for a password."""
    return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether `password` is the one stored; None takes just as long to say no."""
    try:
        return _hasher.verify(stored or _nobody, password) and stored is not None
    except (VerifyMismatchError, InvalidHashError):
        return False
