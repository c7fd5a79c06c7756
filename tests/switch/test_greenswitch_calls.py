"""What is wrong with greenswitch 0.0.19's calls, each defect by its number.

The numbers are those of docs/decisions/0001. We use none of its OutboundSession and
OutboundESLServer: each test shows what our calls do, then what theirs would.
"""

import functools
import socket as system_socket
from pathlib import Path

import gevent
import pytest
from gevent import socket
from greenswitch.esl import OutboundESLServer, OutboundSession

import esl_service
from esl_service.channel import HungUp, MediaFault
from esl_service.switch.losses import NoReply
from sandbox.switch.wire import event_frame
from tests.switch.clients import LIMIT, in_time
from tests.switch.scripted import reply, wait_until

COMPLETE = "CHANNEL_EXECUTE_COMPLETE"


class Session:
    """A call of greenswitch's, and its switch, which accepts every command."""

    def __init__(self) -> None:
        theirs, self._socket = socket.socketpair()
        self.call = OutboundSession(None, theirs)
        self.commands: list[str] = []
        self._serving = gevent.spawn(self._serve)

    def tell(self, name: str, **headers: str) -> None:
        event = {"Event-Name": name}
        event |= {key.replace("_", "-"): value for key, value in headers.items()}
        self._socket.sendall(event_frame(event, "plain"))

    def completes(self, application: str) -> None:
        """Say that an application ended, as greenswitch recognises it."""
        self._socket.sendall(
            event_frame(
                {"Event-Name": COMPLETE, "variable_current_application": application},
                "plain",
            )
        )

    def close(self) -> None:
        self.call._run = False
        self._serving.kill()
        greenlets = (
            self.call._receive_events_greenlet,
            self.call._process_events_greenlet,
        )
        gevent.killall(greenlets)
        for each in (self._socket, self.call.sock_file, self.call.sock):
            each.close()

    def _serve(self) -> None:
        waiting = ""
        while received := self._socket.recv(4096).decode():
            *commands, waiting = (waiting + received).split("\n\n")
            for command in commands:
                self.commands.append(command)
                self._socket.sendall(reply("+OK"))


@pytest.fixture
def theirs():
    session = Session()
    yield session
    session.close()


def asked(puppet, times=1):
    """The UUID of the last application that our call was asked to run."""
    wait_until(lambda: len(puppet.scripted.commands("sendmsg")) == times)
    return puppet.scripted.commands("sendmsg")[-1].partition("Event-UUID: ")[2][:36]


def test_18_who_hears_of_one_event_takes_it_from_nobody(puppet, theirs):
    anna = puppet.anna()
    playing = gevent.spawn(anna.play, ["/s/a.wav"])
    puppet.scripted.tell("HEARTBEAT")  # which has a handler of its own
    puppet.scripted.tell(COMPLETE, anna.uuid, Application_UUID=asked(puppet))
    with in_time():
        playing.get()

    theirs.call.register_handle(COMPLETE, lambda _event: None)
    playing = gevent.spawn(theirs.call.playback, "/s/a.wav")
    wait_until(lambda: theirs.commands)
    theirs.completes("playback")
    with pytest.raises(AssertionError, match="for ever"), in_time(0.3):
        playing.get()
    playing.kill()


def test_19_the_end_of_an_application_is_known_whatever_ran_inside_it(puppet, theirs):
    anna = puppet.anna()
    playing = gevent.spawn(anna.play, ["/s/a.wav"])
    puppet.scripted.tell(
        COMPLETE,
        anna.uuid,
        Application_UUID=asked(puppet),
        variable_current_application="something nested",
    )
    with in_time():
        playing.get()

    bridging = gevent.spawn(theirs.call.bridge, "x")
    wait_until(lambda: theirs.commands)
    theirs.completes("playback")  # as the end of a bridge in which a tone was played
    with pytest.raises(AssertionError, match="for ever"), in_time(0.3):
        bridging.get()
    bridging.kill()


def test_20_a_wait_that_was_given_up_takes_no_end_from_the_next(puppet, theirs):
    anna = puppet.anna()
    anna._prompt_seconds = 0.05
    with pytest.raises(MediaFault):
        anna.play(["/s/a.wav"])
    anna._prompt_seconds = 5
    playing = gevent.spawn(anna.play, ["/s/b.wav"])
    puppet.scripted.tell(COMPLETE, anna.uuid, Application_UUID=asked(puppet, 2))
    with in_time():
        playing.get()

    with pytest.raises(gevent.Timeout):
        theirs.call.call_command("playback", "a", block=True, response_timeout=0.05)
    playing = gevent.spawn(theirs.call.playback, "b")
    wait_until(lambda: len(theirs.commands) == 2)
    theirs.completes("playback")
    with pytest.raises(AssertionError, match="for ever"), in_time(0.3):
        playing.get()
    playing.kill()


def test_21_what_was_not_given_is_not_sent_as_none(puppet, theirs):
    anna = puppet.anna()
    reading = gevent.spawn(anna.read, ["/s/a.wav"], longest=1, patience=1, pause=1)
    asked(puppet)
    reading.kill()
    assert "None" not in puppet.scripted.commands("sendmsg")[-1]

    theirs.call.play_and_get_digits(prompt_file="a.wav", variable="x", block=False)
    assert theirs.commands[-1].endswith("a.wav None x None None None")


def test_22_who_hangs_up_is_waited_for_no_more(puppet, theirs):
    anna = puppet.anna()
    playing = gevent.spawn(anna.play, ["/s/a.wav"])
    asked(puppet)
    puppet.scripted.tell("CHANNEL_HANGUP", anna.uuid)
    with in_time(), pytest.raises(HungUp):
        playing.get()

    playing = gevent.spawn(theirs.call.playback, "/s/a.wav")
    wait_until(lambda: theirs.commands)
    theirs.tell("CHANNEL_HANGUP")
    with pytest.raises(AssertionError, match="for ever"), in_time(0.3):
        playing.get()
    playing.kill()


def test_23_an_argument_is_one_argument_and_the_order_a_locked_one(puppet, theirs):
    anna = puppet.anna()
    with pytest.raises(ValueError, match="clip"):
        anna.play(["/s/a.wav\n\napi shutdown"])
    playing = gevent.spawn(anna.play, ["/s/a.wav"])
    asked(puppet)
    playing.kill()
    (command,) = puppet.scripted.commands("sendmsg")
    assert "event-lock: true" in command

    theirs.call.call_command("playback", "a.wav\n\napi shutdown")
    wait_until(lambda: len(theirs.commands) == 2)
    assert theirs.commands[1] == "api shutdown"
    assert "event-lock" not in theirs.commands[0]
    assert "Event-UUID" not in theirs.commands[0]


def test_27_a_port_that_is_taken_ends_no_program_for_we_listen_nowhere():
    ours = Path(esl_service.__file__).parent.rglob("*.py")
    assert not [path for path in ours if "Outbound" in path.read_text()]

    with system_socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        server = OutboundESLServer("127.0.0.1", taken.getsockname()[1], object)
        with pytest.raises(SystemExit):
            server.listen()
        server.server.close()


def test_28_a_deadline_missed_is_an_error_like_others(puppet, theirs):
    assert issubclass(NoReply, Exception)
    puppet.scripted.answers["api"] = None
    with pytest.raises(NoReply):
        puppet.switch._commands.link.send("api slow", seconds=0.02)

    with pytest.raises(gevent.Timeout) as late:
        theirs.call.call_command("playback", "a", block=True, response_timeout=0.02)
    assert not isinstance(late.value, Exception)


def test_28_a_handler_may_be_any_callable_and_may_be_killed(puppet, theirs):
    heard = []
    link = puppet.switch._commands.link
    link.register_handle("X", functools.partial(heard.append))
    puppet.scripted.connections[-1].sendall(event_frame({"Event-Name": "X"}, "json"))
    wait_until(lambda: heard)
    assert link.connected

    theirs.call.register_handle("X", functools.partial(failing))
    theirs.tell("X")
    theirs.call._process_events_greenlet.join(LIMIT)
    assert isinstance(theirs.call._process_events_greenlet.exception, AttributeError)


def failing(_event) -> None:
    raise ValueError
