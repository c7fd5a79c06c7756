"""Texts that have to wait in the database, sealed: they may hold passwords.

A stream of HMAC-SHA256 in counter mode hides them and a second HMAC guards them, both
of the standard library: whoever reads the database without the portal's secret learns
their length and nothing else.
"""

import base64
import binascii
import hmac
import secrets
from typing import Final

_NONCE: Final = 16
_BLOCK: Final = 32
_HASH: Final = "sha256"


class BrokenSeal(Exception):
    """The text was sealed with another secret, or changed since."""


class Seal:
    """Closes texts and opens them again; every portal of a site has the same secret."""

    def __init__(self, secret: str) -> None:
        self._hides = hmac.digest(secret.encode(), b"texts that wait: hide", _HASH)
        self._guards = hmac.digest(secret.encode(), b"texts that wait: guard", _HASH)

    def __repr__(self) -> str:
        """Without the secret."""
        return "Seal()"

    def close(self, text: str) -> str:
        """The text as nobody else can read it; different each time."""
        nonce = secrets.token_bytes(_NONCE)
        hidden = nonce + self._crossed(nonce, text.encode())
        guard = hmac.digest(self._guards, hidden, _HASH)
        return base64.b64encode(hidden + guard).decode()

    def open(self, sealed: str) -> str:
        """The text again. Raises BrokenSeal."""
        try:
            whole = base64.b64decode(sealed, validate=True)
        except (binascii.Error, ValueError) as error:
            raise BrokenSeal from error
        hidden, guard = whole[:-_BLOCK], whole[-_BLOCK:]
        if not hmac.compare_digest(hmac.digest(self._guards, hidden, _HASH), guard):
            raise BrokenSeal
        return self._crossed(hidden[:_NONCE], hidden[_NONCE:]).decode()

    def _crossed(self, nonce: bytes, octets: bytes) -> bytes:
        """Octets crossed with the stream of a nonce, which undoes itself."""
        blocks = range(-(-len(octets) // _BLOCK))
        stream = b"".join(
            hmac.digest(self._hides, nonce + block.to_bytes(4), _HASH)
            for block in blocks
        )
        crossed = int.from_bytes(octets) ^ int.from_bytes(stream[: len(octets)])
        return crossed.to_bytes(len(octets))
