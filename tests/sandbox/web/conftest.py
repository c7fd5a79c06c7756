"""A network in a browser, with a portal beside it."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from webtest import TestApp

from sandbox.network import Network
from sandbox.settings import Settings
from sandbox.switch.core import Switch
from sandbox.switch.server import EventSocket
from sandbox.web import application

ACCESS = "+48221234567"


class Line:
    """The switch's end of a call: remembers what it was told."""

    def __init__(self):
        self.told = []

    def ringing(self):
        self.told.append("ringing")

    def answered(self):
        self.told.append("answered")

    def rejected(self, cause):
        self.told.append(cause)

    def hung_up(self):
        self.told.append("hung up")

    def keyed(self, digits):
        self.told.append(digits)


class Portal(BaseHTTPRequestHandler):
    """A portal that says what its server was told to say."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((dict(self.headers), json.loads(body)))
        status, answer = self.server.says
        self.send_response(status)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args):
        """Keep the test's output quiet."""


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
def ring(network) -> Callable[[str], Line]:
    """Rings a number as the switch would, from the access number."""

    def ring(number: str) -> Line:
        line = Line()
        network.handset(number).ring(line, ACCESS)
        return line

    return ring


@pytest.fixture
def door(network) -> Iterator[EventSocket]:
    """The way to a switch that nobody has entered."""
    switch = Switch(network)
    yield EventSocket(switch, ("127.0.0.1", 0), "ClueCon")
    switch.stop()


@pytest.fixture
def web(network, settings, door) -> TestApp:
    return TestApp(application(network, settings, door))


@pytest.fixture
def settings(portal_url) -> Settings:
    section = {"carrier_url": portal_url, "carrier_secret": "between-us"}
    return Settings.from_ini(section, environ={})


@pytest.fixture
def portal_url(portal) -> str:
    return f"http://127.0.0.1:{portal.server_port}/sms/generic"


@pytest.fixture
def portal() -> Iterator[HTTPServer]:
    portal = HTTPServer(("127.0.0.1", 0), Portal)
    portal.received = []
    portal.says = (200, b"{}")
    thread = threading.Thread(target=portal.serve_forever, args=(0.01,))
    thread.start()
    yield portal
    portal.shutdown()
    portal.server_close()
    thread.join()
