"""The keys under which PINs are hashed. Pure: they come from the environment alone.

A PIN of twelve digits has too few values for a plain hash: whoever read the database
could try them all. Under a key that is not in the database they cannot begin.
"""

import hashlib
import hmac
from dataclasses import dataclass, field

from domain.errors import NoVouchers


@dataclass(frozen=True, slots=True)
class PinKey:
    """One secret and the name by which vouchers remember it."""

    id: str
    secret: str = field(repr=False)

    @property
    def mark(self) -> str:
        """What tells this secret from any other, and nothing about it."""
        return self.digest("")[:16]

    def digest(self, pin: str) -> str:
        """What is stored of a PIN."""
        return hmac.new(self.secret.encode(), pin.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class PinKeys:
    """Every key that is known: the first is used for new batches, all of them redeem.

    Without any, vouchers are neither made nor taken.
    """

    keys: tuple[PinKey, ...] = ()

    @property
    def newest(self) -> PinKey:
        """The key for new batches. Raises NoVouchers."""
        if not self.keys:
            raise NoVouchers
        return self.keys[0]

    @property
    def ids(self) -> list[str]:
        """The names of the keys."""
        return [key.id for key in self.keys]

    def digests(self, pin: str) -> list[str]:
        """Whatever may be stored of a PIN, one digest for each key."""
        return [key.digest(pin) for key in self.keys]
