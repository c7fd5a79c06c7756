"""A handset rings a number of ours, through the JSON door."""

import gevent
import pytest

from sandbox.handset import State
from sandbox.network import Network, NetworkError
from sandbox.switch.core import Switch

ANNA = "+48600316058"
OURS = "+48221000000"


@pytest.fixture
def switch(network):
    switch = Switch(network)
    yield switch
    switch.stop()


def caller_of(switch) -> str:
    """The number that the switch was told of its only call."""
    (leg,) = switch.legs.values()
    return leg.profile.caller_number


def test_she_rings_and_waits(web, switch):
    told = web.post_json(f"/handsets/{ANNA}/ring", {"to": OURS}).json

    assert told["state"] == "calling"
    assert caller_of(switch) == ANNA.strip("+")


@pytest.mark.parametrize(
    ("shown", "told"), [("", "anonymous"), ("+4812345678", "4812345678")]
)
def test_her_number_may_be_withheld_or_forged(web, switch, shown, told):
    web.post_json(f"/handsets/{ANNA}/ring", {"to": OURS, "shown": shown})

    assert caller_of(switch) == told


def test_she_hears_that_she_is_rejected(web, switch, network):
    with network.subscribe() as happens:
        web.post_json(f"/handsets/{ANNA}/ring", {"to": OURS})
        (leg,) = switch.legs.values()
        leg.hangup("USER_BUSY")

        events = [happens.get(1) for _ in range(2)]

    assert [event["event"] for event in events] == ["calling", "hung_up"]
    assert events[1]["cause"] == "USER_BUSY"
    assert network.handset(ANNA).state is State.IDLE


def test_she_gives_up_before_anybody_answers(web, switch):
    web.post_json(f"/handsets/{ANNA}/ring", {"to": OURS})

    web.post(f"/handsets/{ANNA}/hangup")
    gevent.sleep(0.05)

    assert switch.legs == {}


def test_who_is_in_a_call_cannot_ring(web, switch):
    web.post_json(f"/handsets/{ANNA}/ring", {"to": OURS})

    refused = web.post_json(f"/handsets/{ANNA}/ring", {"to": OURS}, status=409)

    assert "in a call already" in refused.json["error"]


@pytest.mark.parametrize(
    "wrong", [{"to": "us"}, {"to": OURS, "shown": "me"}, {}, {"to": OURS, "from": "1"}]
)
def test_what_is_no_number_is_refused(web, switch, wrong):
    web.post_json(f"/handsets/{ANNA}/ring", wrong, status=400)

    assert switch.legs == {}


def test_without_a_switch_nobody_can_be_rung():
    network = Network()

    with pytest.raises(NetworkError):
        network.ring(network.handset(ANNA), OURS)
