"""A person with a telephone, on the far side of the switch under test."""

import time
from pathlib import Path

from tests.freeswitch.event_socket import Event, EventSocket
from tests.freeswitch.listening import Recording


class Party:
    """One number of the network. Ask for it before it is rung.

    A number that is rung again later is awaited again by `wait_ringing`.
    """

    def __init__(self, network: EventSocket, number: str, recordings: Path) -> None:
        self.number = number
        self._network = network
        self._recordings = recordings
        self._since = network.mark()
        self._leg: str | None = None

    @property
    def leg(self) -> str:
        """The network's own UUID of the call that this telephone is in."""
        if self._leg is None:
            raise AssertionError(f"{self.number} has not been rung")
        return self._leg

    def wait_ringing(self, seconds: float = 5) -> Event:
        """Wait for the next call to this number. Raises Unheard."""
        rung = self._network.wait(
            "CHANNEL_CREATE",
            {"Caller-Destination-Number": self.number, "Call-Direction": "inbound"},
            since=self._since,
            seconds=seconds,
        )
        self.take(rung)
        return rung

    def take(self, created: Event) -> None:
        """From now on this telephone is in the call that this event announced."""
        self._leg = created["Unique-ID"]
        self._since = self._network.events.index(created) + 1

    def answer(self) -> None:
        """Pick up as soon as it rings: answered before, a telephone records nothing.

        Raises AssertionError when it no longer rings.
        """
        self._wait("CHANNEL_PROGRESS", 5)
        self._do(f"uuid_answer {self.leg}")
        self.wait_answered()

    def wait_answered(self, seconds: float = 5) -> None:
        """Wait until a number that answers by itself has done so. Raises Unheard."""
        self._wait("CHANNEL_ANSWER", seconds)

    def press(self, keys: str) -> None:
        """Press keys, sent as RFC 2833 one after the other; returns when all are out.

        Each lasts 100 ms, with a pause like a person's.
        """
        for key in keys:
            self._do(f"uuid_send_dtmf {self.leg} {key}@100")
            time.sleep(0.2)

    def begin_to_press(self, keys: str) -> None:
        """Press keys one after the other; returns at once."""
        self._do(f"uuid_send_dtmf {self.leg} {keys}@100")

    def talk(self, hertz: int) -> None:
        """Speak without end, in one tone by which a recording will know the voice."""
        tone = f"tone_stream://%(1000,0,{hertz});loops=-1"
        self._do(f"uuid_broadcast {self.leg} {tone} aleg")

    def hush(self) -> None:
        """Stop talking."""
        self._do(f"uuid_break {self.leg} all")

    def hang_up(self, cause: str = "NORMAL_CLEARING") -> None:
        """Put the telephone down, or refuse the call with another cause."""
        self._do(f"uuid_kill {self.leg} {cause}")

    def transfer_to(self, address: str) -> None:
        """Ask the other side, by SIP REFER, to connect itself to a SIP address."""
        # In the background: the network waits for word of how the transfer went.
        self._network.command(f"bgapi uuid_deflect {self.leg} {address}")

    def wait_gone(self, seconds: float = 5) -> str:
        """Wait for this call's end and return its cause. Raises Unheard."""
        return str(self.end(seconds)["Hangup-Cause"])

    def end(self, seconds: float = 5) -> Event:
        """Wait for this call's end, as the network saw it. Raises Unheard."""
        return self._wait("CHANNEL_HANGUP_COMPLETE", seconds)

    @property
    def is_on_the_line(self) -> bool:
        """Whether this telephone still is in its call."""
        return self._network.api(f"uuid_exists {self.leg}") == "true"

    @property
    def keys_heard(self) -> str:
        """The keys that arrived at this telephone in its call."""
        self._network.mark()
        return "".join(
            event["DTMF-Digit"]
            for event in self._network.events
            if event.get("Event-Name") == "DTMF" and event["Unique-ID"] == self.leg
        )

    @property
    def recording(self) -> Recording:
        """What this telephone heard from its answer until now; ends the recording."""
        path = self._recordings / f"{self.leg}.wav"
        if self.is_on_the_line:
            self._network.api(f"uuid_record {self.leg} stop {path}")
        return Recording.read(path)

    def _wait(self, name: str, seconds: float) -> Event:
        return self._network.wait(name, {"Unique-ID": self.leg}, seconds=seconds)

    def _do(self, command: str) -> None:
        if not (answer := self._network.api(command)).startswith("+OK"):
            raise AssertionError(f"{self.number}: {command}: {answer}")
