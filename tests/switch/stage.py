"""Our side of a sandbox: a Switch linked to it, and people with telephones."""

from pathlib import Path
from uuid import uuid4
from wave import open as open_wave

from esl_service.channel import Arrival, Dial, Goodbye
from esl_service.switch.channel import SwitchChannel
from esl_service.switch.pair import SwitchAddress
from esl_service.switch.switch import Switch
from sandbox.behaviour import Behaviour, Kind
from sandbox.handset import Handset
from sandbox.network import Network
from sandbox.switch.core import Switch as SandboxSwitch
from sandbox.switch.server import EventSocket
from tests.switch.scripted import PASSWORD, ScriptedSwitch, is_ready

ANNA = "+48600316058"
BORIS = "+48774417880"
OURS = "+48221000000"


def dial(number: str = ANNA, **fields) -> Dial:
    values = {
        "uuid": str(uuid4()),
        "number": number,
        "gateway": "carrier",
        "caller_id": OURS.removeprefix("+"),
        "ring_seconds": 5,
        "stop_seconds": 60,
        "tag": "cb:1:A",
    }
    return Dial(**{**values, **fields})


def recorded(path: Path) -> str:
    """Write a clip of two seconds; its path."""
    with open_wave(str(path), "wb") as wave:
        wave.setparams((1, 2, 8000, 0, "NONE", ""))
        wave.writeframes(bytes(2 * 2 * 8000))
    return str(path)


class Stage:
    """A telephone network in which prompts are played twenty times as fast."""

    def __init__(self) -> None:
        self.network = Network()
        self.sandbox = SandboxSwitch(self.network, speed=20, heartbeat=0.5)
        self.door = EventSocket(self.sandbox, ("127.0.0.1", 0), "ClueCon")
        self.orphans: list[Goodbye] = []
        self.arrivals: list[tuple[Arrival, SwitchChannel]] = []

    def open(self) -> None:
        self.door.start()
        self._link()

    def _link(self) -> None:
        host, port = self.door.address
        self.switch = Switch(
            SwitchAddress(host, port, "ClueCon", heartbeat_seconds=0.5),
            on_orphan=self.orphans.append,
            on_arrival=lambda *both: self.arrivals.append(both),
        )
        self.switch.start()
        assert is_ready(self.switch, 3)

    def relink(self) -> None:
        """Let our side die and another take its place."""
        self.switch.stop()
        self._link()

    def close(self) -> None:
        self.switch.stop()
        self.sandbox.stop()
        self.door.stop()

    def person(self, number: str, kind: Kind = Kind.ANSWERS, **habits) -> Handset:
        handset = self.network.handset(number)
        handset.behaviour = Behaviour(kind, **{"after": 0, **habits})
        return handset

    def anna(self, **fields) -> SwitchChannel:
        """Anna, who has answered our ringing."""
        self.person(ANNA)
        return self.switch.ring(dial(ANNA, **fields))


class Puppet:
    """Our side of a scripted switch, which plays what no sandbox does."""

    def __init__(self, scripted: ScriptedSwitch) -> None:
        self.scripted = scripted
        self.orphans: list[Goodbye] = []
        address = SwitchAddress(
            "127.0.0.1",
            scripted.port,
            PASSWORD,
            command_seconds=1,
            heartbeat_seconds=60,
        )
        self.switch = Switch(address, on_orphan=self.orphans.append)

    @property
    def connections(self) -> int:
        """How often we have subscribed to the switch's events."""
        return len(self.scripted.commands("event json"))

    def open(self) -> None:
        self.switch.start()
        assert is_ready(self.switch, 3)

    def close(self) -> None:
        self.switch.stop()

    def anna(self) -> SwitchChannel:
        """Anna, whose leg the script brings up."""

        def answer(leg: str) -> None:
            for name in ("CHANNEL_CREATE", "CHANNEL_ANSWER", "CHANNEL_PARK"):
                self.scripted.tell(name, leg)

        self.scripted.on_originate = answer
        return self.switch.ring(dial())

    def end(self, leg: str, cause: str = "NORMAL_CLEARING", us: int = 0) -> None:
        """Let the switch say a leg's last word."""
        began = 1_795_380_593_821_411
        self.scripted.tell(
            "CHANNEL_HANGUP_COMPLETE",
            leg,
            Hangup_Cause=cause,
            variable_billusec=str(us),
            variable_answer_uepoch=str(began if us else 0),
            variable_end_uepoch=str(began + us),
        )
