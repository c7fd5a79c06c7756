"""The gateways of the switch, some of which fail."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_WORD = re.compile(r"(?P<name>[^=]+)(=(?P<room>[0-9]{1,4}|out))?", re.ASCII)


@dataclass(frozen=True)
class Trunk:
    """What a carrier takes: `room` legs at once, any number (None), or none (0)."""

    room: int | None = None

    def takes(self, legs: int) -> bool:
        """Whether another leg may leave beside so many."""
        return self.room is None or legs < self.room


CARRIER: Mapping[str, Trunk] = {"carrier": Trunk()}


def parse(words: str) -> dict[str, Trunk]:
    """Read names of gateways; `=2` has room for two legs, `=out` is out of order.

    A leg that a carrier does not take is answered with 503. Raises ValueError.

    >>> parse("carrier small=1 broken=out")["broken"]
    Trunk(room=0)
    """
    trunks = {}
    for word in words.split():
        match = _WORD.fullmatch(word)
        if match is None:
            raise ValueError(
                f"{word!r} is no gateway such as carrier, small=2, bad=out"
            )
        room = match["room"]
        trunks[match["name"]] = Trunk(
            None if room is None else 0 if room == "out" else int(room)
        )
    return trunks
