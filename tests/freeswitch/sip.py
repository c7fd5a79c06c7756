"""Single SIP requests, written by hand, for what no honest telephone would send."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from tests.ports import HOST

_SOUND: Final = (
    "v=0",
    f"o=- 1 1 IN IP4 {HOST}",
    "s=-",
    f"c=IN IP4 {HOST}",
    "t=0 0",
    "m=audio 9 RTP/AVP 8 101",
    "a=rtpmap:101 telephone-event/8000",
)


@contextmanager
def sent(
    method: str, port: int, to: str, *, source: str = HOST, name: str = "Stranger"
) -> Iterator[str]:
    """Send a request to a switch's SIP port; gives the first line of its answer.

    `source` is the address it comes from, `name` what it calls its sender. Ends
    with the answer "100 Trying" too: a call may then be there for a while.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as us:
        us.bind((source, 0))
        us.settimeout(2)
        request = _request(method, f"{to}@{HOST}:{port}", us.getsockname()[:2], name)
        us.sendto(request.encode(), (HOST, port))
        yield us.recv(4096).decode().partition("\r\n")[0]


def _request(method: str, to: str, source: tuple[str, int], name: str) -> str:
    us = f"{source[0]}:{source[1]}"
    body = "\r\n".join((*_SOUND, "")) if method == "INVITE" else ""
    head = (
        f"{method} sip:{to} SIP/2.0",
        f"Via: SIP/2.0/UDP {us};branch=z9hG4bK-{method}-{source[1]}",
        "Max-Forwards: 70",
        f'From: "{name}" <sip:stranger@{us}>;tag=1',
        f"To: <sip:{to}>",
        f"Call-ID: {method}-{source[1]}",
        f"CSeq: 1 {method}",
        f"Contact: <sip:stranger@{us}>",
        "Content-Type: application/sdp",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join((*head, "", body))
