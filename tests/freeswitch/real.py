"""A real switch, a second one as the telephone network, and people in it."""

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from uuid import uuid4

from tests.freeswitch.event_socket import EventSocket
from tests.freeswitch.party import Party
from tests.freeswitch.ports import Ports
from tests.freeswitch.process import FreeSwitch, find_binary

_HERE: Final = Path(__file__).parent
_OURS: Final = _HERE.parent.parent / "config" / "freeswitch"

_NETWORK_EVENTS: Final = (
    "CHANNEL_CREATE",
    "CHANNEL_PROGRESS",
    "CHANNEL_ANSWER",
    "CHANNEL_HANGUP_COMPLETE",
    "DTMF",
)


class RealSwitch(FreeSwitch):
    """The switch under test, with the configuration that operators install.

    Beside its gateway stand those of `gateways/`, as an operator would add them.
    """

    def __init__(
        self, binary: str, folder: Path, *, ports: Ports, carrier: Ports
    ) -> None:
        installed = folder / "configuration"
        shutil.copytree(_OURS, installed)
        shutil.copytree(_HERE / "gateways", installed / "gateways", dirs_exist_ok=True)
        super().__init__(
            binary, configuration=installed, folder=folder, ports=ports, carrier=carrier
        )


class RealNetwork(FreeSwitch):
    """The telephone network: numbers as network/dialplan/subscribers.xml has them."""

    def __init__(
        self, binary: str, folder: Path, *, ports: Ports, carrier: Ports
    ) -> None:
        super().__init__(
            binary,
            configuration=_HERE / "network",
            folder=folder,
            ports=ports,
            carrier=carrier,
        )


class Telephony:
    """Both of them, connected by SIP: `with Telephony() as telephony: …`.

    `switch` is what to drive; `caller(number)` is a person in the network. The
    folders of both disappear at the end.
    """

    switch: RealSwitch
    network: RealNetwork

    def __init__(self, binary: str | None = None) -> None:
        self._binary = binary or find_binary()
        self._open = ExitStack()

    def __enter__(self) -> Self:
        if self._binary is None:
            raise FileNotFoundError("no freeswitch on PATH, and FREESWITCH is not set")
        with ExitStack() as opening:
            folder = Path(opening.enter_context(tempfile.TemporaryDirectory()))
            ours, theirs = Ports.pair()
            self.switch = RealSwitch(
                self._binary, folder / "switch", ports=ours, carrier=theirs
            )
            self.network = RealNetwork(
                self._binary, folder / "network", ports=theirs, carrier=ours
            )
            for both in (self.switch, self.network):
                opening.callback(both.stop)
                both.start()
            for both in (self.switch, self.network):
                # Each takes seconds to end: both are asked before either is awaited.
                opening.callback(both.ask_to_stop)
            for both in (self.switch, self.network):
                both.wait_ready()
            self._link = opening.enter_context(self.network.connect())
            self._link.subscribe(*_NETWORK_EVENTS)
            self._open = opening.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._open.__exit__(kind, fault, traceback)

    def connect(self) -> EventSocket:
        """A new connection to the switch under test."""
        return self.switch.connect()

    def caller(self, number: str) -> Party:
        """The person of this number (digits, no plus). Ask before they are rung."""
        return Party(self._link, number, self.network.recordings_folder)

    def calling_in(self, number: str, to: str, *, privacy: str = "") -> Party:
        """This person rings a number of ours and waits for an answer.

        What they hear from then on is recorded. `privacy` is what they ask the
        network to hide: `hide_number`.
        """
        party = self.caller(number)
        since = self._link.mark()
        uuid = str(uuid4())
        heard = self.network.recordings_folder / f"{uuid}.wav"
        leg = {
            "origination_uuid": uuid,
            "origination_caller_id_number": number,
            "send_silence_when_idle": "-1",
            "RECORD_READ_ONLY": "true",
            "execute_on_answer": f"'record_session {heard}'",
        }
        if privacy:
            leg["origination_privacy"] = privacy
        wanted = ",".join(f"{name}={value}" for name, value in leg.items())
        self._link.command(
            f"bgapi originate {{{wanted}}}"
            f"sofia/gateway/{self.network.gateway}/{to} &park()"
        )
        outbound = {"Call-Direction": "outbound"}
        party.take(self._link.wait("CHANNEL_CREATE", outbound, since=since))
        return party
