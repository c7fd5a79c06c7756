"""The TCP connection beneath a link."""

import logging
from typing import Final

from gevent import socket

from esl_service.switch.losses import Unreachable

_log = logging.getLogger(__name__)

_ALIVE_SECONDS: Final = 15
"""Bytes that the peer's machine has not acknowledged for so long are lost."""


def dialled(host: str, port: int, seconds: float) -> socket.socket:
    """Connect within `seconds`, or raise Unreachable."""
    try:
        sock = socket.create_connection((host, port), seconds)
    except OSError as fault:
        raise Unreachable(f"{host}:{port} cannot be reached: {fault}") from fault
    sock.settimeout(None)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux
        sock.setsockopt(
            socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _ALIVE_SECONDS * 1000
        )
    return sock


def shut(sock: socket.socket) -> None:
    """Wake whoever reads from it, to close it; the peer may have been first."""
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError as fault:
        _log.debug("the connection was down before: %s", fault)
