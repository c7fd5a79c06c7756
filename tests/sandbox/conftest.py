"""A switch in a network, its door, and a client who listens to everything."""

import gevent
import pytest

from sandbox.network import Behaviour, Kind, Network
from sandbox.switch.core import Switch
from sandbox.switch.server import EventSocket
from tests.sandbox.client import Client

ANNA = "+48600316058"
BEN = "+48774417880"


@pytest.fixture
def switchboard():
    """The telephones of the switch: Anna and Ben answer almost at once."""
    network = Network()
    for number in (ANNA, BEN):
        network.handset(number).behaviour = Behaviour(Kind.ANSWERS, after=0.01)
    return network


@pytest.fixture
def switch(switchboard):
    switch = Switch(switchboard, speed=20, heartbeat=0.05)
    yield switch
    switch.stop()
    gevent.sleep(0)


@pytest.fixture
def door(switch):
    door = EventSocket(switch, ("127.0.0.1", 0), "ClueCon")
    door.start()
    yield door
    door.stop()


@pytest.fixture
def connect(door):
    """Connect as a client; by default with the password."""
    clients = []

    def connect(*, as_stranger=False):
        password = None if as_stranger else "ClueCon"
        clients.append(Client(door.address, password))
        return clients[-1]

    yield connect
    for client in clients:
        client.close()


@pytest.fixture
def client(connect):
    """A client who hears everything, on the link that it commands by."""
    client = connect()
    client.subscribe()
    return client


@pytest.fixture
def anna(client, switchboard):
    """The uuid of a leg on which Anna has answered and is parked."""
    client.ask(
        "bgapi originate {continue_on_fail=true}[origination_uuid=anna]"
        "sofia/gateway/carrier/48600316058 &park()"
    )
    client.wait("CHANNEL_PARK", "anna")
    return "anna"
