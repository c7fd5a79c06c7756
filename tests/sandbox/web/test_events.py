"""What happens in the network, told while it happens."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from itertools import islice

import gevent
import gevent.socket
import pytest
from gevent.pywsgi import WSGIServer

from sandbox.web import application, events

ANNA = "+48600316058"
ACCESS = "+48221234567"


def test_what_happens_is_told_while_it_happens(server, network, ring):
    with closing(gevent.socket.create_connection(server)) as reader:
        reader.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        received = read_until(reader, b"retry")
        ring(ANNA)
        received += read_until(reader, b"caller_id")
        network.handset(ANNA).answer()
        received += read_until(reader, b"answered")

    assert b"200 OK" in received
    assert b"Content-Type: text/event-stream" in received
    told = [json.loads(line) for line in re.findall(rb"data: (.*)", received)]
    assert told == [
        {"event": "ringing", "number": ANNA, "caller_id": ACCESS},
        {"event": "answered", "number": ANNA},
    ]


def test_a_quiet_network_keeps_its_listeners_and_forgets_who_left(network):
    stream = events.stream(network, keep_alive=0.01)

    lines = list(islice(stream, 3))
    listening = list(network._subscriptions)
    stream.close()

    assert lines == [b"retry: 1000\n\n", b": still here\n\n", b": still here\n\n"]
    assert len(listening) == 1
    assert network._subscriptions == []


def read_until(reader, mark: bytes) -> bytes:
    """Read from the socket until `mark` and its line have come."""
    received = b""
    with gevent.Timeout(5):
        while mark not in received or not received.endswith(b"\n\r\n"):
            received += reader.recv(4096)
    return received


@pytest.fixture
def server(network, settings, door) -> Iterator[tuple[str, int]]:
    server = WSGIServer(
        ("127.0.0.1", 0), application(network, settings, door), log=None
    )
    server.start()
    yield server.address
    server.stop(timeout=0.1)
