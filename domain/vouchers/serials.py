"""Serial numbers: what a voucher is called when its PIN must not be said. Pure."""

import re
from typing import Final, NamedTuple

_WRITTEN: Final = re.compile(r"([1-9][0-9]{0,17})-([0-9]{6,18})", re.ASCII)
_LAST: Final = 2**31 - 1
"""No voucher of a batch has a higher number: a column of 32 bits."""


class NotASerial(ValueError):
    """The text is no serial such as 7-000042."""


class Serial(NamedTuple):
    """A batch's number and a voucher's number in it, from 1."""

    batch_id: int
    number: int

    def __str__(self) -> str:
        """As it is printed.

        >>> str(Serial(7, 42))
        '7-000042'
        """
        return f"{self.batch_id}-{self.number:06}"


class Span(NamedTuple):
    """Vouchers of one batch that stand in a row, the last one included."""

    batch_id: int
    first: int
    last: int


def read(written: str) -> Serial:
    """Read a serial as it is printed. Raises NotASerial.

    >>> read("7-000042")
    Serial(batch_id=7, number=42)
    """
    found = _WRITTEN.fullmatch(written.strip())
    if found is None or int(found[2]) > _LAST:
        raise NotASerial(f"{written!r} is not a serial such as 7-000042")
    return Serial(int(found[1]), int(found[2]))
