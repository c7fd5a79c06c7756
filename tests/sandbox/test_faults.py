"""Each fault at the wire: what a client sees of it, and that it can be ended."""

import io
import time

import gevent
import pytest
from gevent import socket

from sandbox.behaviour import Behaviour, Kind
from sandbox.faults import BadFault, Faults
from sandbox.handset import State
from tests.sandbox.conftest import ANNA, BEN

ENDED = "CHANNEL_HANGUP_COMPLETE"
EXECUTED = "CHANNEL_EXECUTE_COMPLETE"
BRIDGE = "[origination_uuid=ben]sofia/gateway/carrier/48774417880"


@pytest.fixture
def talking(client, anna):
    """Anna talks with Ben; what each of them is."""
    client.run("anna", "bridge", BRIDGE)
    client.wait("CHANNEL_BRIDGE", "anna")
    return client


def order(client, *moments) -> list:
    """The moments (an event's name and its leg), as they came."""
    for name, leg in moments:
        client.wait(name, leg)
    return [
        (event["Event-Name"], event["Unique-ID"])
        for event in client.events
        if (event.get("Event-Name"), event.get("Unique-ID")) in moments
    ]


@pytest.mark.parametrize("late", ["CHANNEL_UNBRIDGE", f"{ENDED} of B"])
def test_a_party_may_end_before_or_after_its_bridge(talking, door, switchboard, late):
    door.faults = Faults(late={late: 0.05})

    switchboard.handset(BEN).hang_up()

    seen = order(talking, ("CHANNEL_UNBRIDGE", "anna"), (ENDED, "ben"))
    assert seen[-1][0] == late.partition(" ")[0]


@pytest.mark.parametrize("late", ["A", "B"])
def test_a_user_may_end_before_or_after_the_party(talking, door, switchboard, late):
    door.faults = Faults(late={f"{ENDED} of {late}": 0.05})

    switchboard.handset(ANNA).hang_up()

    seen = order(talking, (ENDED, "anna"), (ENDED, "ben"))
    assert seen[-1] == (ENDED, {"A": "anna", "B": "ben"}[late])


@pytest.mark.parametrize("late", ["BACKGROUND_JOB", ENDED])
def test_a_job_may_fail_before_or_after_its_leg_ends(client, door, switchboard, late):
    door.faults = Faults(late={late: 0.05})
    switchboard.handset(ANNA).behaviour = Behaviour(Kind.BUSY, after=0)

    client.ask(
        "bgapi originate [origination_uuid=anna]"
        "sofia/gateway/carrier/48600316058 &park()"
    )
    client.wait("BACKGROUND_JOB")
    client.wait(ENDED, "anna")

    names = [each["Event-Name"] for each in client.events]
    assert max(names.index("BACKGROUND_JOB"), names.index(ENDED)) == names.index(late)


def test_events_of_one_leg_stay_in_order_however_late(talking, door, switchboard):
    door.faults = Faults(late={"CHANNEL_UNBRIDGE": 0.05})

    switchboard.handset(BEN).hang_up()

    talking.completes("anna", "bridge")
    names = talking.names("anna")
    assert names.index("CHANNEL_UNBRIDGE") < len(names) - 1
    assert names.index("CHANNEL_UNBRIDGE") < names.index(EXECUTED)


def test_the_end_of_an_application_may_never_be_told(client, anna, door):
    door.faults = Faults(unfinished=("set",))

    client.run("anna", "set", "a=1")
    client.run("anna", "export", "b=2")

    client.completes("anna", "export")
    ended = [e for e in client.events if e["Event-Name"] == EXECUTED]
    assert [e["Application"] for e in ended] == ["export"]


def test_an_unknown_application_ends_its_leg_without_an_event(client, anna):
    client.run("anna", "no_such_thing")

    assert client.wait(ENDED, "anna")["Hangup-Cause"] == "DESTINATION_OUT_OF_ORDER"
    assert "CHANNEL_EXECUTE" not in [
        e["Event-Name"] for e in client.events if e.get("Application") != "park"
    ]


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_frames_may_come_in_pieces_of_any_size(client, anna, door, size):
    door.faults = Faults(split=size)

    assert client.ask("api uuid_exists anna") == "true"
    client.ask("api uuid_kill anna")
    assert client.wait(ENDED, "anna")["Hangup-Cause"] == "NORMAL_CLEARING"


def test_a_link_may_be_cut_inside_an_event(connect, client, anna, door):
    door.cut_in_frame()

    client.send("api uuid_kill anna\n\n")

    client.wait_for_the_end()
    assert client.notices == []
    assert connect().ask("api uuid_exists anna") == "false"


def test_names_may_be_no_text(door, anna, raw):
    door.faults = Faults(broken_text=True)

    assert b"J\xe9r\xf4me" in raw.until(b"HEARTBEAT")


def test_names_may_hold_headers(client, anna, door):
    door.faults = Faults(forged_names=True)
    client.events.clear()

    client.ask("api uuid_kill anna")

    event = client.wait(ENDED, "anna")
    assert "%0AUnique-ID: forged" in event["Caller-Caller-ID-Name"]


def test_events_may_have_no_name(client, anna, door):
    door.faults = Faults(nameless=True)
    client.events.clear()

    client.ask("api uuid_kill anna")
    client.wait(ENDED, "anna")

    assert {"digits": "##", "Unique-ID": "anna"} in client.events


def test_a_link_may_be_cut_instead_of_an_answer(connect, client, anna, door):
    door.leave_unanswered()

    client.send("api uuid_kill anna\n\n")

    client.wait_for_the_end()
    assert client._answers == []
    assert connect().ask("api uuid_exists anna") == "false"


def test_an_answer_may_be_slow(client, door):
    door.faults = Faults(slow=0.1)
    began = time.monotonic()

    client.ask("api version")

    assert time.monotonic() - began >= 0.1


def test_whoever_reads_too_slowly_is_told_that_events_are_lost(client, connect, door):
    other = connect()

    door.lose_events()

    client.wait_for_the_end()
    assert client.notices == ["killed listener because of lost events\n"]
    assert other.ask("api version").startswith("FreeSWITCH")


@pytest.mark.parametrize(
    ("listening", "left"), [(True, {"other"}), (False, {"client"}), (None, set())]
)
def test_links_may_be_cut_by_what_they_are_for(client, connect, door, listening, left):
    other = connect()

    door.cut(listening=listening)
    gevent.sleep(0.05)

    both = {"client": client, "other": other}
    assert {name for name, each in both.items() if not each.closed} == left


def test_a_switch_that_crashes_tells_nothing_and_forgets_everybody(
    talking, connect, door, switchboard, switch, tmp_path
):
    life, seen = switch.speaker.core_uuid, len(talking.events)
    switch.records = switch.records.__class__(tmp_path)

    door.restart(crashed=True)

    talking.wait_for_the_end()
    assert ENDED not in [e["Event-Name"] for e in talking.events[seen:]]
    assert talking.notices == []
    assert list(tmp_path.iterdir()) == []
    assert {h.state for h in switchboard.handsets()} == {State.IDLE}
    again = connect()
    assert again.ask("api show channels as json") == '{"row_count":0}'
    assert switch.speaker.core_uuid != life


def test_a_switch_that_restarts_tells_every_end_and_keeps_a_record(
    talking, connect, door, switch, tmp_path
):
    life = switch.speaker.core_uuid
    switch.records = switch.records.__class__(tmp_path)

    door.restart(away=0.1)

    talking.wait_for_the_end()
    assert talking.notices == ["The system is being shut down.\n"]
    assert len(list(tmp_path.iterdir())) == 2
    with socket.create_connection(door.address) as early:
        assert early.recv(100) == b""
    gevent.sleep(0.15)
    again = connect()
    again.subscribe("HEARTBEAT")
    assert again.wait("HEARTBEAT")["Core-UUID"] != life


def test_the_list_of_legs_may_be_an_old_one(client, anna, door):
    door.faults = Faults(stale=True)
    listed = client.ask("api show channels as json")
    client.ask("api uuid_kill anna")
    client.wait(ENDED, "anna")

    assert client.ask("api show channels as json") == listed
    assert client.ask("api uuid_exists anna") == "false"

    door.faults = Faults()
    assert client.ask("api show channels as json") == '{"row_count":0}'


@pytest.mark.parametrize(
    ("wish", "complaint"),
    [
        ({"fire": True}, "not fire"),
        ({"late": {"CHANNEL_PARK": 1}}, "late gives seconds"),
        ({"late": 1}, "late gives seconds"),
        ({"late": {"BACKGROUND_JOB": -1}}, "BACKGROUND_JOB is a number"),
        ({"unfinished": "playback"}, "a list of applications"),
        ({"unfinished": [1]}, "a list of applications"),
        ({"split": 1.5}, "whole number"),
        ({"slow": True}, "slow is a number"),
        ({"slow": float("nan")}, "slow is a number"),
        ({"stale": 1}, "stale is true or false"),
    ],
)
def test_a_fault_that_cannot_be_understood_is_refused(wish, complaint):
    with pytest.raises(BadFault, match=complaint):
        Faults.parse(wish)


@pytest.fixture
def raw(connect):
    """A client who reads bytes, not text."""
    client = connect()
    client._reader.kill()
    return Raw(client)


class Raw:
    def __init__(self, client) -> None:
        self._client = client
        client.send("event json ALL\n\n")

    def until(self, ending: bytes) -> bytes:
        self._client.send("api uuid_kill anna\n\n")
        heard = io.BytesIO()
        with gevent.Timeout(5):
            while ending not in heard.getvalue():
                heard.write(self._client._link.recv(4096))
        return heard.getvalue()
