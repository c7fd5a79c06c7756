"""Who rings us: heard once, read warily, and found again after a silence."""

import gevent
import pytest

from esl_service.channel import Arrival
from esl_service.switch.arriving import arrival
from tests.switch.scripted import wait_until
from tests.switch.stage import ANNA, OURS, Stage


@pytest.fixture
def stage():
    stage = Stage()
    stage.open()
    yield stage
    stage.close()


def rings(stage: Stage, **forged) -> Arrival:
    stage.network.ring(stage.network.handset(ANNA), OURS, **forged)
    wait_until(lambda: stage.arrivals)
    return stage.arrivals[-1][0]


def test_she_rings_and_we_hear_who_and_where(stage):
    who = rings(stage)

    assert (who.caller, who.called) == (ANNA.strip("+"), OURS.strip("+"))
    assert (who.answered, who.found) == (False, False)


def test_a_number_that_she_withholds_is_empty(stage):
    assert rings(stage, shown="").caller == ""


def test_a_number_that_she_forges_is_told_as_it_came(stage):
    assert rings(stage, shown="+4812345678").caller == "4812345678"


@pytest.mark.parametrize(
    "hostile",
    [
        "anonymous",
        "48600316058\nUnique-ID: forged",
        "${system(touch /tmp/x)}",
        "48 600 316 058",
        "\u0664\u0668\u0666",
        "9" * 21,
        "+",
        "",
    ],
)
def test_whatever_is_no_number_is_not_read(hostile):
    event = {
        "Unique-ID": "hers",
        "Caller-Caller-ID-Number": hostile,
        "Caller-Destination-Number": hostile,
    }

    assert arrival(event) == Arrival("hers", "", "")


def test_a_number_that_the_network_is_asked_to_hide_is_withheld():
    event = {
        "Unique-ID": "hers",
        "Caller-Caller-ID-Number": "48600316058",
        "Caller-Privacy-Hide-Number": "true",
    }

    assert arrival(event).caller == ""


def test_what_is_heard_of_her_later_is_heard_by_her_channel_alone(stage):
    rings(stage)
    _, channel = stage.arrivals[0]

    stage.network.handset(ANNA).hang_up()

    assert channel.goodbye(2).cause == "ORIGINATOR_CANCEL"
    assert stage.orphans == []
    assert len(stage.arrivals) == 1


def test_one_who_rang_while_the_link_was_down_is_found_when_it_is_back(stage):
    stage.switch.stop()
    stage.network.ring(stage.network.handset(ANNA), OURS)

    stage.switch.start()
    wait_until(lambda: stage.arrivals)

    who, channel = stage.arrivals[0]
    assert (who.found, who.answered) == (True, False)
    channel.answer()
    assert stage.network.handset(ANNA).state == "talking"


def test_one_who_was_answered_before_the_link_broke_is_told_apart(stage):
    rings(stage)
    stage.arrivals.pop()[1].answer()
    stage.switch.stop()

    stage.switch.start()
    wait_until(lambda: stage.arrivals)

    who, _ = stage.arrivals[0]
    assert (who.found, who.answered) == (True, True)


def test_legs_that_we_rang_are_no_arrivals(stage):
    stage.anna()

    assert stage.arrivals == []


def test_if_nobody_serves_her_the_switch_lets_her_go(stage, monkeypatch):
    monkeypatch.setattr("sandbox.switch.core._UNSERVED_S", 0.2)

    rings(stage)

    assert stage.arrivals[0][1].goodbye(2).cause == "NORMAL_TEMPORARY_FAILURE"


def test_the_stop_of_those_whom_nobody_serves_is_taken_from_her(stage, monkeypatch):
    monkeypatch.setattr("sandbox.switch.core._UNSERVED_S", 1.2)
    rings(stage)
    _, channel = stage.arrivals[0]

    channel.stop_after(30)
    channel.answer()

    assert channel.read([], longest=1, patience=2, pause=1) == ""


def test_the_switch_keeps_no_key_of_a_pin(stage):
    rings(stage)
    _, channel = stage.arrivals[0]
    channel.answer()
    handset = stage.network.handset(ANNA)

    gevent.spawn_later(0.05, handset.press, "480519#")
    assert channel.read([], longest=12, patience=2, pause=1, secret=True) == "480519"

    gevent.spawn_later(0.05, handset.press, "77#")
    assert channel.read([], longest=12, patience=2, pause=1) == "77"
    leg = stage.sandbox.find(channel.uuid)
    assert "480519" not in str(leg.variables)
    assert leg.dialled == "77#"
