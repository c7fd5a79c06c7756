"""One connection, and everything that can go wrong with it."""

import socket

import gevent
import pytest
from gevent.event import Event

from esl_service.channel import LinkLost
from esl_service.switch.link import SwitchLink
from esl_service.switch.losses import (
    LinkClosed,
    NoReply,
    Rejected,
    Unreachable,
    WrongPassword,
)
from tests.switch.scripted import (
    PASSWORD,
    api_response,
    connected,
    json_event,
    reply,
    wait_until,
)

NOTICE = b"Content-Type: text/disconnect-notice\nContent-Length: 5\n\nbye.\n"
RUDE = (
    b"Content-Type: text/rude-rejection\nContent-Length: 24\n\n"
    b"Access Denied, go away.\n"
)


def test_a_command_is_answered(link, scripted):
    scripted.answers["api version"] = api_response("FreeSWITCH\n")

    assert link.send("api version").text == "FreeSWITCH"
    assert scripted.heard == [f"auth {PASSWORD}", "api version"]


def test_an_answer_may_come_in_pieces(link, scripted):
    def slowly(_command):
        for byte in api_response("true"):
            scripted.say(bytes([byte]))
            gevent.sleep(0)

    scripted.answers["api uuid_exists"] = slowly

    assert link.send("api uuid_exists x").text == "true"


def test_a_command_is_sent_whole_however_long_it_is(link, scripted):
    long = "api echo " + "x" * 3_000_000

    link.send(long)

    assert scripted.heard[-1] == long


def test_commands_of_many_greenlets_do_not_mix(link, scripted):
    scripted.answers["api echo"] = lambda command: api_response(command.split()[2])

    asked = [gevent.spawn(link.send, f"api echo {n}") for n in range(50)]
    gevent.joinall(asked, timeout=3)

    assert [greenlet.value.text for greenlet in asked] == [str(n) for n in range(50)]


def test_two_commands_can_travel_together(link, scripted):
    scripted.answers["api a"] = api_response("1")

    replies = link.send_together([("api a", {}), ("api b", {})])

    assert [frame.text for frame in replies] == ["1", "+OK"]


@pytest.mark.parametrize(
    ("command", "headers"),
    [("api x\n\napi shutdown", {}), ("sendmsg a", {"Event-UUID": "x\ry"})],
)
def test_a_line_break_is_refused_before_anything_is_sent(
    link, scripted, command, headers
):
    with pytest.raises(ValueError, match=command.split()[0]):
        link.send(command, headers)

    link.send("api after")
    assert scripted.heard[1:] == ["api after"]


def test_a_late_answer_is_not_taken_for_the_next_ones(link, scripted):
    scripted.answers["api slow"] = None
    with pytest.raises(NoReply):
        link.send("api slow", seconds=0.02)

    def both(_command):
        return api_response("late") + api_response("right")

    scripted.answers["api quick"] = both

    assert link.send("api quick").text == "right"


def test_a_link_that_answers_nothing_any_more_is_given_up(link, scripted):
    scripted.answers["api"] = None

    for _ in range(3):
        with pytest.raises(NoReply):
            link.send("api x", seconds=0.01)

    with pytest.raises(LinkClosed, match="no more commands"):
        link.send("api x")


def test_after_half_a_command_nothing_more_is_sent(link, scripted):
    reads_on = Event()
    scripted.answers["api pause"] = lambda _command: reads_on.wait() and None
    gevent.spawn(link.send, "api pause")
    wait_until(lambda: scripted.commands("api pause"))

    with pytest.raises(NoReply):
        link.send("api echo " + "x" * 30_000_000, seconds=0.05)

    with pytest.raises(LinkClosed, match="writing"):
        link.send("api x")
    reads_on.set()


def test_a_line_that_takes_no_more_is_a_closed_link(link):
    link.sock.shutdown(socket.SHUT_WR)

    with pytest.raises(LinkClosed, match="writing"):
        link.send("api x")


def test_whoever_waits_learns_at_once_that_the_link_is_cut(link, scripted):
    scripted.answers["api"] = None
    waiting = [gevent.spawn(link.send, "api x") for _ in range(3)]
    wait_until(lambda: len(scripted.commands("api")) == 3)

    scripted.drop()
    gevent.joinall(waiting, timeout=2)  # long before any deadline of theirs

    assert all(isinstance(w.exception, LinkLost) for w in waiting)
    with pytest.raises(LinkClosed, match="closed the connection"):
        link.send("api x")


def test_a_link_cut_inside_an_answer_is_cut_and_nothing_spins(link, scripted):
    scripted.answers["api"] = api_response("a long answer")[:-5]
    asked = gevent.spawn(link.send, "api x")
    wait_until(lambda: scripted.commands("api"))
    scripted.drop()

    asked.join(2)

    assert "middle of a frame" in str(asked.exception)


def test_events_received_before_the_end_are_all_handled(link, scripted):
    heard = []
    link.register_handle("*", lambda event: heard.append(event["n"]))
    link.register_handle("DISCONNECT", lambda event: heard.append(event["Reason"]))
    scripted.say(b"".join(json_event("X", n=str(n)) for n in range(50)) + NOTICE)
    scripted.drop()

    wait_until(lambda: len(heard) == 51)

    assert heard[:50] == [str(n) for n in range(50)]
    assert "closed the connection" in heard[50]


def test_the_first_event_is_heard_as_it_comes_and_those_after_it_together(
    link, scripted
):
    heard, rested = [], []
    link.register_handle("*", lambda event: heard.append(event["n"]))
    link.rests = lambda: rested.append(len(heard)) or 0.5

    for number in ("1", "2", "3"):
        scripted.say(json_event("X", n=number))
        wait_until(lambda: heard)
    wait_until(lambda: len(heard) == 3)

    assert heard == ["1", "2", "3"]
    assert len(rested) == 2


def test_a_handler_for_a_name_is_called_instead_of_the_one_for_all(link, scripted):
    heard = []
    link.register_handle("*", lambda event: heard.append(("*", event["n"])))
    link.register_handle("HEARTBEAT", lambda event: heard.append(("♥", event["n"])))

    scripted.say(json_event("X", n="1") + json_event("HEARTBEAT", n="2"))
    wait_until(lambda: len(heard) == 2)

    assert heard == [("*", "1"), ("♥", "2")]


def test_hostile_events_pass_and_the_link_lives(link, scripted):
    heard = []
    link.register_handle("*", heard.append)
    scripted.say(
        json_event("CHANNEL_PARK", Unique_ID="a", Name="Eve%0AUnique-ID: forged")
        + json_event(body=b'{"Event-Name":"X","Name":"J\xe9r\xf4me"}')
        + json_event(body=b'{"digits":"##"}')
        + json_event(body=b"no JSON")
        + b"Content-Type: log/data\nContent-Length: 4\n\n\xff\xfe\n\n"
    )
    wait_until(lambda: len(heard) == 3)

    assert heard[0]["Unique-ID"] == "a"
    assert heard[1]["Event-Name"] == "X"
    assert heard[2] == {"digits": "##"}
    assert link.send("api x").text == "+OK"


@pytest.mark.parametrize(
    "nonsense", [reply("+OK"), b"\n\nwhat?\n\n", b"Content-Length: 5\n\n"]
)
def test_a_switch_that_talks_nonsense_is_not_listened_to(link, scripted, nonsense):
    scripted.say(nonsense)
    wait_until(lambda: not link.connected)

    with pytest.raises(LinkClosed, match="nonsense"):
        link.send("api x")


def test_a_handler_that_breaks_ends_the_link_instead_of_leaving_it_deaf(
    link, scripted, monkeypatch
):
    monkeypatch.setattr(gevent.get_hub(), "exception_stream", None)
    told = []
    link.register_handle("BAD", lambda event: event["missing"])
    link.register_handle("DISCONNECT", told.append)

    scripted.say(json_event("BAD"))
    wait_until(lambda: told)

    assert not link.connected


def test_a_wrong_password_is_said_to_be_one(scripted):
    with (
        pytest.raises(WrongPassword, match=str(scripted.port)),
        connected(scripted, password="guess"),
    ):
        pass


def test_a_rude_rejection_is_said_to_be_one(scripted):
    scripted.greeting = RUDE + NOTICE

    with pytest.raises(Rejected, match="access list"), connected(scripted):
        pass


def test_nobody_at_the_port_is_said_at_once():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

        with pytest.raises(Unreachable, match=str(port)):
            SwitchLink("127.0.0.1", port, PASSWORD).connect()


def test_one_who_accepts_and_says_nothing_is_not_waited_for(scripted):
    scripted.greeting = b""

    with (
        pytest.raises(LinkClosed, match="within"),
        connected(scripted, timeout=0.05),
    ):
        pass


def test_one_who_hangs_up_instead_of_greeting_is_not_waited_for(scripted):
    scripted.greeting = NOTICE
    gevent.spawn_later(0.05, scripted.drop)

    with pytest.raises(LinkClosed, match="closed"), connected(scripted):
        pass


def test_a_link_not_yet_connected_takes_no_command():
    with pytest.raises(LinkClosed, match="not connected"):
        SwitchLink("127.0.0.1", 1, PASSWORD).send("api x")


def test_stopping_may_be_done_by_a_handler_and_twice(link, scripted):
    link.register_handle("END", lambda _: link.stop())

    scripted.say(json_event("END"))
    wait_until(lambda: not link.connected)
    link.stop()

    with pytest.raises(LinkClosed, match="by us"):
        link.send("api x")


def test_our_links_are_awake_when_the_line_goes_dead(link):
    sock = link.sock

    assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 15_000
