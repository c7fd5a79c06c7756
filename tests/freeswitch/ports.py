"""Ports of the loopback address on which a switch may be started."""

import random
import socket
from dataclasses import dataclass
from itertools import islice
from typing import Final, Self

HOST: Final = "127.0.0.1"
_RTP_PORTS: Final = 400
"""Two for each leg: enough for a load test, few enough to stay out of the way."""

_SIGNALLING: Final = range(5_100, 10_000)
"""None that the system may give meanwhile to whoever connects to somewhere."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Where one switch is spoken to; all on the loopback address."""

    event_socket: int
    sip: int
    first_rtp: int

    @property
    def last_rtp(self) -> int:
        """The switch wants an even number, and uses the odd one behind it too."""
        return self.first_rtp + _RTP_PORTS - 2

    @classmethod
    def pair(cls) -> tuple[Self, Self]:
        """Ports for two switches, which nobody has now.

        RTP ports that somebody has all the same are passed over by the switch.
        """
        ranges = random.sample(range(10_000, 32_000, _RTP_PORTS), 2)
        candidates = random.sample(_SIGNALLING, len(_SIGNALLING))
        free = [*islice(filter(_is_free, candidates), 4)]
        return cls(free[0], free[1], ranges[0]), cls(free[2], free[3], ranges[1])


def _is_free(port: int) -> bool:
    """Whether nobody has this port, be it for TCP or for UDP."""
    try:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            with socket.socket(type=kind) as probe:
                probe.bind((HOST, port))
    except OSError:
        return False
    return True
