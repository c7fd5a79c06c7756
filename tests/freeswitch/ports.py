"""Ports of the loopback address on which a switch may be started."""

import random
from dataclasses import dataclass
from typing import Final, Self

from tests.ports import free_ports

_RTP_PORTS: Final = 400
"""Two for each leg: enough for a load test, few enough to stay out of the way."""


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
        free = free_ports(4)
        return cls(free[0], free[1], ranges[0]), cls(free[2], free[3], ranges[1])
