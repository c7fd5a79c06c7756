"""The wire: who is let in, what is answered, which events are sent and how."""

import io

import gevent
import pytest

from sandbox.switch import connection, wire
from sandbox.switch.subscription import Subscription


def test_a_wrong_password_ends_the_connection(connect):
    client = connect(as_stranger=True)

    assert client.ask("auth wrong") == "-ERR invalid"

    client.wait_for_the_end()
    assert client.notices == [
        "Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n"
    ]


@pytest.mark.parametrize("command", ["api status", "event json ALL", "sendmsg x"])
def test_a_stranger_is_told_of_no_command_but_may_still_come_in(connect, command):
    client = connect(as_stranger=True)

    assert client.ask(command) == "-ERR command not found"

    assert client.ask("auth ClueCon") == "+OK accepted"


def test_a_stranger_may_leave(connect):
    client = connect(as_stranger=True)

    assert client.ask("exit") == "+OK bye"

    client.wait_for_the_end()


def test_a_stranger_who_says_nothing_is_sent_away(connect, monkeypatch):
    monkeypatch.setattr(connection, "_FIRST_WORD_S", 0.02)

    client = connect(as_stranger=True)

    client.wait_for_the_end()
    assert len(client.notices) == 1


def test_a_command_is_answered_before_the_events_it_caused(client, anna):
    client.send("api uuid_kill anna\n\n")
    client.wait("CHANNEL_HANGUP", "anna")

    assert client._answers == ["+OK\n"]


def test_events_nobody_wants_any_more_are_not_sent(client, anna):
    assert client.ask("nixevent ALL") == "+OK events nixed"
    assert client.ask("noevents") == "-ERR not listening for events"
    client.subscribe("CHANNEL_HANGUP", "CUSTOM", "sofia::register")
    before = len(client.events)

    client.ask("api uuid_kill anna")
    client.wait("CHANNEL_HANGUP", "anna")
    gevent.sleep(0.02)

    assert [e["Event-Name"] for e in client.events[before:]] == ["CHANNEL_HANGUP"]
    assert client.ask("noevents") == "+OK no longer listening for events"


def test_a_filter_lets_through_what_fits_it(connect, client, anna):
    other = connect()
    other.subscribe("CHANNEL_HANGUP", "HEARTBEAT")
    other.ask("filter Unique-ID somebody-else")
    other.ask("filter Event-Name HEARTBEAT")

    client.ask("api uuid_kill anna")
    client.wait("CHANNEL_HANGUP", "anna")
    other.wait("HEARTBEAT")

    assert {e["Event-Name"] for e in other.events} == {"HEARTBEAT"}


def test_filters_are_patterns_and_vetoes_as_well():
    subscription = Subscription()
    subscription.add("json", ["ALL"])
    leg = {"Event-Name": "CHANNEL_PARK", "Unique-ID": "abc"}

    subscription.add_filter("Unique-ID", "/^a/")
    assert subscription.takes(leg)
    subscription.add_filter("Event-Name", "-CHANNEL_PARK")
    assert not subscription.takes(leg)
    subscription.remove_filter("Event-Name", "")
    assert subscription.takes(leg)
    subscription.remove_filter("Unique-ID", "/^a/")
    assert subscription.takes({"Event-Name": "HEARTBEAT"})


@pytest.mark.parametrize("command", ["filter", "filter delete", "filter Unique-ID"])
def test_a_filter_that_says_too_little_is_refused(client, command):
    assert client.ask(command) == "-ERR invalid syntax"


def test_a_hostile_name_stays_one_value_in_plain_events(connect, switch):
    client = connect()
    assert client.ask("event plain CHANNEL_CREATE").endswith("enabled plain")

    name = "Eve\nUnique-ID: forged %0A"
    switch.incoming("48600316058", "48221000000", name=name)
    client._await(lambda: client.events)

    lines = client.events[0]["plain"].split("\n")
    assert "Caller-Caller-ID-Name: Eve%0AUnique-ID%3A%20forged%20%0A" in lines
    assert sum(line.startswith("Unique-ID: ") for line in lines) == 1


def test_commands_of_a_session_need_a_session(client):
    assert client.ask("linger") == "-ERR not controlling a session"
    assert client.ask("divert_events on") == "-ERR not controlling a session."


def test_everybody_is_told_when_the_switch_stops(connect, door):
    client = connect()

    door.stop()

    client.wait_for_the_end()
    assert client.notices == ["The system is being shut down.\n"]


def test_a_client_who_does_not_read_is_let_go(client, switch, monkeypatch):
    monkeypatch.setattr(connection, "_QUEUE", 5)
    monkeypatch.setattr(connection, "_MISSED", 3)

    for _ in range(20):
        switch.publish(switch.speaker.begin("HEARTBEAT"))

    client.wait_for_the_end()
    assert client.notices == ["killed listener because of lost events\n"]


def test_a_client_who_goes_in_the_middle_of_a_command_harms_nobody(connect, client):
    leaving = connect()

    leaving.send("sendmsg anna\ncontent-length: 100\n\nonly this")
    leaving.close()

    assert client.ask("api uuid_exists anna") == "false"


@pytest.mark.parametrize("length", ["-1", "many", "16777217"])
def test_a_body_of_no_sensible_size_ends_the_connection(connect, length):
    client = connect()

    client.send(f"sendmsg anna\ncontent-length: {length}\n\n")

    client.wait_for_the_end()


def test_empty_lines_before_a_command_and_carriage_returns_are_passed_over():
    stream = io.BytesIO(b"\n\r\nsendmsg a\r\nLoops:  2\r\nnonsense\r\n\r\nexit\n\n")

    command = wire.read_command(stream)

    assert command == wire.Command("sendmsg a", {"loops": "2"}, "")
    assert wire.read_command(stream) == wire.Command("exit")
    assert wire.read_command(stream) is None


def test_a_command_longer_than_any_is_not_read_on(monkeypatch):
    monkeypatch.setattr(wire, "_LONGEST_COMMAND", 20)

    with pytest.raises(wire.BadFrame):
        wire.read_command(io.BytesIO(b"sendmsg a\nheader: v\nother: w\n\n"))


def test_an_argument_may_come_in_the_body(client, anna):
    argument = "greeting=hello"

    client.send(
        "sendmsg anna\ncall-command: execute\nexecute-app-name: set\n"
        f"content-type: text/plain\ncontent-length: {len(argument)}\n\n{argument}"
    )
    event = client.completes("anna", "set")

    assert event["variable_greeting"] == "hello"
