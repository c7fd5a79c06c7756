"""Everything that happens in the network, as server-sent events.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import json
from collections.abc import Iterator

from pyramid.request import Request
from pyramid.response import Response

from sandbox.network import Network

_KEEP_ALIVE_S = 10.0  # also how soon a reader who left is noticed


def show(request: Request) -> Response:
    """Tell everything that happens from now on, for as long as somebody listens."""
    return Response(
        app_iter=stream(request.network),
        content_type="text/event-stream",
        charset="utf-8",
        cache_control="no-store",
    )


def stream(network: Network, keep_alive: float = _KEEP_ALIVE_S) -> Iterator[bytes]:
    """Write events as they happen, and a comment after `keep_alive` quiet seconds.

    The listening begins with the first line and ends when the stream is closed.
    """
    with network.subscribe() as subscription:
        yield b"retry: 1000\n\n"
        while True:
            event = subscription.get(timeout=keep_alive)
            told = f"data: {json.dumps(event)}" if event else ": still here"
            yield f"{told}\n\n".encode()
