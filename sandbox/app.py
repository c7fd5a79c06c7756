"""The sandbox put together: a network, a switch in it, and two doors."""

import logging

from gevent.pywsgi import WSGIServer

from sandbox.network import Network
from sandbox.settings import Settings
from sandbox.switch.core import Switch
from sandbox.switch.server import EventSocket
from sandbox.web import application

log = logging.getLogger(__name__)


class Sandbox:
    """Everything the program runs, started and stopped together."""

    def __init__(self, settings: Settings) -> None:
        self.network = Network()
        self.switch = Switch(
            self.network,
            gateways=settings.gateways,
            speed=settings.speed,
            heartbeat=settings.heartbeat,
            records=settings.records,
        )
        self._socket = EventSocket(
            self.switch, settings.event_socket, settings.password
        )
        web = application(self.network, settings, self._socket, sounds=settings.sounds)
        self._web = WSGIServer(settings.web, web, log=None, error_log=log)

    @property
    def event_socket(self) -> tuple[str, int]:
        """Where the switch is commanded, once started."""
        return self._socket.address

    @property
    def web(self) -> tuple[str, int]:
        """Where the page of handsets is, once started."""
        return str(self._web.server_host), self._web.server_port or 0

    def start(self) -> None:
        """Open both doors; OSError if somebody else stands in one."""
        self._socket.start()
        self._web.start()

    def stop(self) -> None:
        """Hang up everything and close the doors."""
        self.switch.stop()
        self._socket.stop()
        self._web.stop(timeout=0)
