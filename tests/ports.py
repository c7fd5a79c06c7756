"""Ports of the loopback address for programs that tests start."""

import random
import socket
from itertools import islice
from typing import Final

HOST: Final = "127.0.0.1"
_OURS: Final = range(5_100, 10_000)
"""None that the system may give meanwhile to whoever connects to somewhere."""


def free_ports(wanted: int) -> list[int]:
    """Ports that nobody has now, be it for TCP or for UDP."""
    candidates = random.sample(_OURS, len(_OURS))
    return [*islice(filter(_is_free, candidates), wanted)]


def _is_free(port: int) -> bool:
    try:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            with socket.socket(type=kind) as probe:
                probe.bind((HOST, port))
    except OSError:
        return False
    return True
