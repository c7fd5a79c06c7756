"""Ports of the loopback address on which a switch may be started."""

import random
import socket
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final, Self

HOST: Final = "127.0.0.1"
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
        with ExitStack() as held:
            free = [held.enter_context(_listening()).getsockname()[1] for _ in range(4)]
        return cls(free[0], free[1], ranges[0]), cls(free[2], free[3], ranges[1])


def _listening() -> socket.socket:
    """A TCP socket on a free port; the port's UDP side is as good as never taken."""
    listening = socket.socket()
    listening.bind((HOST, 0))
    return listening
