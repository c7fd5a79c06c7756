"""We stand still for longer than we would wait, as while a disk is busy.

What the switch said meanwhile is not missed, and the switch not taken for dead.
"""

import time

import gevent
import pytest

from esl_service.switch.pair import SwitchAddress
from esl_service.switch.switch import Switch
from tests.switch.scripted import PASSWORD, api_response, is_ready


def stand_still(seconds: float = 0.4) -> None:
    """Let nothing of us run: this is no sleep of the event loop."""
    time.sleep(seconds)


def test_an_answer_that_came_meanwhile_is_taken(link, scripted):
    def answer_and_stand_still(_command):
        scripted.say(api_response("kept"))
        stand_still()

    scripted.answers["api"] = answer_and_stand_still

    assert link.send("api x", seconds=0.2).text == "kept"


def test_a_goodbye_that_came_meanwhile_is_heard(puppet):
    anna = puppet.anna()

    def leave_and_stand_still() -> None:
        puppet.end(anna.uuid)
        stand_still()

    gevent.spawn(leave_and_stand_still)

    assert anna.goodbye(0.2)


@pytest.fixture
def impatient(scripted):
    """A switch of which three heartbeats are missed within 0.3 seconds."""
    address = SwitchAddress("127.0.0.1", scripted.port, PASSWORD, heartbeat_seconds=0.1)
    switch = Switch(address, on_orphan=lambda _: None)
    switch.start()
    assert is_ready(switch, 3)
    yield switch
    switch.stop()


def test_a_heart_that_beat_meanwhile_lives(impatient, scripted):
    scripted.tell("HEARTBEAT")

    stand_still()
    gevent.sleep(0.1)

    assert impatient.ready
    assert len(scripted.commands("event json")) == 1


def test_a_silence_of_the_whole_machine_is_not_the_switch_s(impatient, scripted):
    stand_still(1)
    gevent.sleep(0.1)
    scripted.tell("HEARTBEAT")
    gevent.sleep(0.25)

    assert impatient.ready
    assert len(scripted.commands("event json")) == 1
