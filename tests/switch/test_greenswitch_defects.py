"""What is wrong with greenswitch 0.0.19's connection, each defect by its number.

The numbers are those of docs/decisions/0001. Each is asked of our link, which must be
free of it, and of plain greenswitch, which must show it: when a later greenswitch does
not, what we replaced can go back. Defects of calls are in test_greenswitch_calls.py.
"""

import signal
import socket
import subprocess
import sys
from collections.abc import Callable

import gevent
import pytest
from gevent.queue import Queue
from greenswitch.esl import NotConnectedError

from tests.databases import ROOT
from tests.switch.clients import Ours, Theirs, event, in_time
from tests.switch.scripted import (
    ScriptedSwitch,
    api_response,
    json_event,
    reply,
    wait_until,
)

NOTICE = b"Content-Type: text/disconnect-notice\nContent-Length: 5\n\nbye.\n"
PATIENCE = 1.0

Client = Ours | Theirs
Check = Callable[[Client, ScriptedSwitch], None]

CHECKS: list[tuple[str, Check]] = []


def defect(number: str) -> Callable[[Check], Check]:
    """Ask this of both clients, connected; `number` is the defect's."""

    def keep(check: Check) -> Check:
        CHECKS.append((number, check))
        return check

    return keep


@defect("1")
def a_line_break_in_a_callers_name_makes_no_header(client, scripted):
    scripted.say(event(client, "X", Unique_ID="a", Caller_Name="Eve%0AUnique-ID: evil"))
    wait_until(lambda: client.events)

    assert client.events[0]["Unique-ID"] == "a"


@defect("2")
def a_reply_is_given_as_it_was_sent(client, scripted):
    scripted.answers["getvar"] = reply("100%41")

    assert client.ask("getvar x") == "100%41"


@defect("3")
def a_body_is_no_header_and_can_be_read(client, scripted):
    scripted.say(
        event(client, "BACKGROUND_JOB", Job_UUID="mine", _body="+OK\nJob-UUID: other\n")
    )
    wait_until(lambda: client.events)

    assert client.events[0]["Job-UUID"] == "mine"
    assert client.events[0]["_body"] == "+OK\nJob-UUID: other\n"


@defect("4")
def events_in_json_are_understood_and_doubled_headers_kept(client, scripted):
    scripted.say(json_event(body=b'{"Event-Name": "X", "variable_x": ["a", "b"]}'))
    wait_until(lambda: client.events)

    assert client.events[0]["Event-Name"] == "X"
    assert client.events[0]["variable_x"] == "ARRAY::a|:b"


@defect("6")
def bytes_that_are_no_text_end_nothing(client, scripted):
    scripted.answers["api dump"] = (
        b"Content-Type: api/response\nContent-Length: 5\n\nJ\xe9r\xf4m"
    )

    with in_time():
        assert client.ask("api dump").startswith("J")
        assert client.ask("api after") == "+OK"


@defect("7, no Content-Type")
def a_frame_of_no_kind_ends_the_wait_of_whoever_waits(client, scripted):
    scripted.answers["api"] = b"What: ever\n\n"

    with in_time(), pytest.raises(NotConnectedError):
        client.ask("api x")


@defect("7, a reply to nothing")
def a_reply_to_nothing_ends_the_link_for_everybody(client, scripted):
    scripted.say(reply("+OK"))

    wait_until(lambda: not client.link.connected)


@defect("7, an odd length")
def a_length_that_is_none_ends_the_wait_of_whoever_waits(client, scripted):
    scripted.answers["api"] = b"Content-Type: api/response\nContent-Length: x\n\n"

    with in_time(), pytest.raises(NotConnectedError):
        client.ask("api x")


@defect("8")
def bytes_that_are_no_text_in_a_header_cut_no_link(client, scripted):
    scripted.answers["getvar"] = reply("J").replace(b"J", b"J\xe9r\xf4me")

    with in_time():
        assert client.ask("getvar name").startswith("J")
    assert client.link.connected


@defect("9")
def whoever_waits_learns_that_the_link_is_cut(client, scripted):
    scripted.answers["api"] = None
    waiting = gevent.spawn(client.ask, "api x")
    wait_until(lambda: scripted.commands("api"))

    scripted.drop()

    waiting.join(PATIENCE)
    assert isinstance(waiting.exception, NotConnectedError)


@defect("10")
def a_long_command_arrives_whole(client, scripted):
    scripted.answers["api pause"] = lambda _command: gevent.sleep(0.05)
    gevent.spawn(client.ask, "api pause")
    long = "api echo " + "x" * 8_000_000

    asked = gevent.spawn(client.ask, long)
    asked.join(PATIENCE)

    assert scripted.heard[-1] == long


@defect("11")
def whoever_gives_up_while_writing_moves_nobodys_reply(client, scripted):
    scripted.answers["api quick"] = api_response("right")
    sock, client.link.sock = client.link.sock, Stuck()
    with pytest.raises(gevent.Timeout), gevent.Timeout(0.02):
        client.ask("api slow")
    client.link.sock = sock

    with in_time():
        assert answered(client, "api quick") in {"right", "there is no link any more"}


@defect("13")
def an_ended_link_says_so_instead_of_waiting(client, scripted):
    scripted.drop()
    wait_until(lambda: not client.link.connected)

    with in_time(), pytest.raises(NotConnectedError):
        client.link.connect()


@defect("14")
def events_before_the_end_are_all_handled(client, scripted):
    scripted.say(b"".join(event(client, "X", n=str(n)) for n in range(50)))
    scripted.drop()
    wait_until(lambda: not client.link.connected)
    gevent.sleep(0.05)

    assert len(client.events) == 50


@defect("15")
def nothing_runs_on_after_a_notice_and_the_end(client, scripted):
    scripted.say(NOTICE)
    scripted.drop()

    client.link._process_events_greenlet.join(PATIENCE)
    assert client.link._process_events_greenlet.dead


@defect("17")
def a_slow_call_delays_no_other(client, scripted):
    heard = []
    client.serve("slow", lambda _event: gevent.sleep(3 * PATIENCE))
    client.serve("quick", heard.append)

    scripted.say(event(client, "X", Unique_ID="slow"))
    scripted.say(event(client, "X", Unique_ID="quick"))

    with in_time():
        wait_until(lambda: heard)


@defect("24")
def what_follows_a_notice_is_read_rightly(client, scripted):
    scripted.say(NOTICE + event(client, "X", Unique_ID="a"))

    with in_time():
        wait_until(lambda: client.events)
    assert client.events[0]["Unique-ID"] == "a"


@defect("25")
def nobody_is_owed_anything_by_a_link_that_ended(client, scripted):
    scripted.answers["api"] = None
    gevent.spawn(client.ask, "api x")
    wait_until(lambda: scripted.commands("api"))

    scripted.say(NOTICE)
    scripted.drop()
    wait_until(lambda: not client.link.connected)

    assert not owed(client)


@defect("26, without an answer")
def stopping_waits_for_no_answer(client, scripted):
    scripted.answers["exit"] = None

    with in_time():
        client.link.stop()


@defect("26, by a handler")
def a_handler_may_stop_its_own_link(client, scripted):
    done = []
    client.serve("a", lambda _event: done.append(client.link.stop()))

    scripted.say(event(client, "X", Unique_ID="a"))

    with in_time():
        wait_until(lambda: done)


@pytest.fixture
def ours(scripted):
    client = Ours(scripted.port)
    client.link.connect()
    yield client
    client.close()


@pytest.fixture
def theirs(scripted, monkeypatch):
    # A greenlet of theirs that dies says so, and is what these tests expect.
    monkeypatch.setattr(gevent.get_hub(), "exception_stream", None)
    client = Theirs(scripted.port)
    client.link.connect()
    yield client
    client.close()


def named(number, check):
    return pytest.param(check, id=f"{number}: {check.__name__}")


EACH = pytest.mark.parametrize("check", [named(*each) for each in CHECKS])


@EACH
def test_ours(check, ours, scripted):
    check(ours, scripted)


@EACH
@pytest.mark.filterwarnings("ignore::ResourceWarning")  # it leaves sockets open
def test_plain_greenswitch_fails(check, theirs, scripted, monkeypatch):
    with pytest.raises((AssertionError, gevent.Timeout, NotConnectedError, KeyError)):
        check(theirs, scripted)


def test_5_a_link_cut_inside_an_answer_burns_no_cpu():
    assert cut_inside_an_answer("ours").stdout == "alive"
    assert cut_inside_an_answer("theirs").returncode == -signal.SIGVTALRM


@pytest.mark.parametrize("greeting", [b"", NOTICE], ids=["silent", "leaving"])
def test_12_a_switch_that_does_not_greet_is_not_waited_for(scripted, greeting):
    scripted.greeting = greeting

    with in_time(), pytest.raises(NotConnectedError):
        Ours(scripted.port).link.connect()

    theirs = Theirs(scripted.port)
    with pytest.raises(AssertionError, match="for ever"), in_time():
        theirs.link.connect()
    theirs.close()


def test_12_a_connection_that_is_refused_is_a_lost_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

        with pytest.raises(NotConnectedError):
            Ours(port).link.connect()
        theirs = Theirs(port)
        with pytest.raises(ConnectionRefusedError):
            theirs.link.connect()
        theirs.close()


def test_16_an_idle_link_is_never_woken(scripted):
    ours, theirs = Ours(scripted.port), Theirs(scripted.port)
    ours.link._events, theirs.link._esl_event_queue = Watched(), Watched()

    for client in (ours, theirs):
        client.link.connect()

    gevent.sleep(0)
    assert ours.link._events.patience == {None}
    assert theirs.link._esl_event_queue.patience == {1}
    for client in (ours, theirs):
        client.close()


class Stuck:
    """A connection that takes nothing for now."""

    def send(self, _data):
        gevent.sleep(PATIENCE)

    sendall = send

    def shutdown(self, _how):
        """As if the connection had ended."""


class Watched(Queue):
    """A queue that knows how long its readers meant to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.patience = set()

    def get(self, block=True, timeout=None):
        self.patience.add(timeout)
        return super().get(block, timeout)


def answered(client: Client, command: str) -> str:
    try:
        return client.ask(command)
    except NotConnectedError:
        return "there is no link any more"


def owed(client: Client) -> list:
    """Replies that somebody would still get."""
    if isinstance(client, Ours):
        return list(client.link._replies._owed)
    return client.link._commands_sent


def cut_inside_an_answer(whose: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "tests.switch.spinning", whose],
        cwd=ROOT,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        timeout=30,
    )
