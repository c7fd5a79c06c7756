"""Plays a recorded client against a fresh switch, and notes what that says."""

from collections.abc import Callable
from dataclasses import dataclass, field

import gevent
from gevent import socket
from gevent.event import Event as Signal

from sandbox.network import Behaviour, Kind, Network
from sandbox.switch.core import Switch
from sandbox.switch.server import EventSocket
from tests.sandbox.recording import Frame, events, read, replies

CALLER = "48600177123"
_LONGEST_PAUSE_S = 0.1
_PATIENCE_S = 60
"""All are replayed at once, and a machine may stand still for seconds."""
_SUBSCRIBERS = {
    CALLER: Behaviour(Kind.ANSWERS, after=0.3),
    "48225550001": Behaviour(Kind.BUSY, after=0),
    "48225550002": Behaviour(Kind.NO_ANSWER),
    "48225550003": Behaviour(Kind.UNAVAILABLE, after=0),
    "48225550004": Behaviour(Kind.INVALID, after=0),
    "48225550005": Behaviour(Kind.ANSWERS, after=0, talks=3),
    "48225559999": Behaviour(Kind.ANSWERS, after=0.5),
}


class Stage:
    """A fresh switch, its network, and the two links of the recorded client."""

    def __init__(self) -> None:
        self.network = Network()
        for number, behaviour in _SUBSCRIBERS.items():
            self.network.handset(number).behaviour = behaviour
        self.switch = Switch(self.network, heartbeat=0.5)
        self.door = EventSocket(self.switch, ("127.0.0.1", 0), "ClueCon")
        self.door.start()
        self.seen: list[Frame] = []
        self._heard = Signal()
        self._readers: list[gevent.Greenlet] = []
        self._links = {name: self._connect(name) for name in ("events", "commands")}

    def send(self, link: str, text: str) -> None:
        self._links[link].sendall(text.encode())

    def wait_until(self, met: Callable[[], bool]) -> None:
        with gevent.Timeout(_PATIENCE_S):
            while not met():
                self._heard.clear()
                self._heard.wait()

    def close(self) -> None:
        self.switch.stop()
        self.door.stop()
        gevent.joinall(self._readers)
        for link in self._links.values():
            link.close()

    def _connect(self, name: str) -> socket.socket:
        link = socket.create_connection(self.door.address)
        stream = link.makefile("rb")
        assert _read_frame(stream) == "Content-Type: auth/request\n\n"
        link.sendall(b"auth ClueCon\n\n")
        assert _read_frame(stream).endswith("Reply-Text: +OK accepted\n\n")
        self._readers.append(gevent.spawn(self._listen, name, stream))
        return link

    def _listen(self, name, stream) -> None:
        while text := _read_frame(stream):
            self.seen.append(Frame(0.0, name, by_client=False, text=text))
            self._heard.set()
        stream.close()


def _read_frame(stream) -> str:
    head = b""
    while not head.endswith(b"\n\n"):
        line = stream.readline()
        if not line:
            return ""
        head += line
    lengths = [line for line in head.split(b"\n") if line.startswith(b"Content-Length")]
    size = int(lengths[0].split(b":")[1]) if lengths else 0
    return (head + stream.read(size)).decode()


@dataclass(frozen=True)
class Act:
    """Something a person did, so long after the nth event of some name."""

    do: Callable[[Stage], object]
    after: str = ""
    nth: int = 1
    pause: float = 0.1


def _caller_presses(keys: str) -> Callable[[Stage], None]:
    return lambda stage: stage.network.handset(CALLER).press(keys)


def _caller_hangs_up(stage: Stage) -> None:
    stage.network.handset(CALLER).hang_up()


def _somebody_calls(name: str = "") -> Callable[[Stage], object]:
    return lambda stage: stage.switch.incoming("48600316058", "48221000000", name=name)


ACTS: dict[str, list[Act]] = {
    "a_hangs_up_in_a_prompt": [Act(_caller_hangs_up, "CHANNEL_PARK")],
    "a_hangs_up_while_talking": [Act(_caller_hangs_up, "CHANNEL_BRIDGE")],
    "ask_digits_barge_in": [
        Act(_caller_presses(key), "CHANNEL_PARK", pause=0.2 + 0.02 * nth)
        for nth, key in enumerate("442071234567#")
    ],
    "bridge_hash_hash_while_ringing": [
        Act(_caller_presses("#"), "CHANNEL_PROGRESS", nth=2, pause=pause)
        for pause in (0.2, 0.4)
    ],
    "bridge_hash_hash_while_talking": [
        Act(_caller_presses("#"), "CHANNEL_BRIDGE", pause=pause) for pause in (0.2, 0.4)
    ],
    "hostile_caller_name": [Act(_somebody_calls(" forged"))],
    "incoming_call_answered": [Act(_somebody_calls())],
    "incoming_call_parks": [Act(_somebody_calls())],
    "playback_interrupted_by_key": [Act(_caller_presses("5"), "CHANNEL_PARK")],
}


@dataclass
class Replay:
    """A situation as recorded, and as our switch played it."""

    recorded: list[Frame]
    seen: list[Frame] = field(default_factory=list)


def play(situation: str) -> Replay:
    """Replay a situation; every command waits for what it waited for then."""
    replay = Replay(read(situation))
    stage = Stage()
    replay.seen = stage.seen
    people = [gevent.spawn(_act, stage, act) for act in ACTS.get(situation, [])]
    try:
        for position, frame in enumerate(replay.recorded):
            if frame.by_client:
                _wait_as_then(stage, replay, position)
                stage.send(frame.link, translate(replay, frame.text))
        _wait_as_then(stage, replay, len(replay.recorded))
        gevent.sleep(0.1)  # for anything that should not have come
        replay.seen = list(stage.seen)
    finally:
        gevent.killall(people)
        stage.close()
    return replay


def _wait_as_then(stage: Stage, replay: Replay, position: int) -> None:
    """Wait for as many events as there were, and a little as they did."""
    past = replay.recorded[:position]
    due = len(events(past))
    stage.wait_until(lambda: len(events(stage.seen)) >= due)
    answers = len(replies(past))
    stage.wait_until(lambda: len(replies(stage.seen)) >= answers)
    if past and position < len(replay.recorded):
        pause = replay.recorded[position].at - past[-1].at
        gevent.sleep(min(pause, _LONGEST_PAUSE_S))


def translate(replay: Replay, text: str) -> str:
    """Put the uuids our switch chose where the recorded client used the others."""
    for then, now in zip(events(replay.recorded), events(replay.seen), strict=False):
        if then["Event-Name"] == now["Event-Name"] == "CHANNEL_CREATE":
            text = text.replace(then["Unique-ID"], now["Unique-ID"])
    return text


def _act(stage: Stage, act: Act) -> None:
    stage.wait_until(lambda: _count(stage, act.after) >= act.nth or not act.after)
    gevent.sleep(act.pause)
    act.do(stage)


def _count(stage: Stage, name: str) -> int:
    return sum(event["Event-Name"] == name for event in events(stage.seen))
