"""The switch itself: its legs, its listeners, its pulse."""

import time
import uuid
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import gevent

from sandbox.behaviour import Behaviour, Kind
from sandbox.handset import Handset
from sandbox.network import BadNumber, Network
from sandbox.switch import health, media, sip
from sandbox.switch.applications import applications
from sandbox.switch.channel import Channel, Order
from sandbox.switch.commands import Commands
from sandbox.switch.dialling import Call, Job, NotReached, dial
from sandbox.switch.dialstring import BadDialString, parse_originate
from sandbox.switch.headers import Profile, Speaker, calling_in
from sandbox.switch.mishaps import Mishaps
from sandbox.switch.nowhere import Nowhere
from sandbox.switch.records import Records
from sandbox.switch.scheduler import Scheduler
from sandbox.switch.trunks import CARRIER, Trunk
from sandbox.switch.wire import Event

_UNSERVED_S = 20.0
"""How long an incoming call waits for orders; config/freeswitch/dialplan says it."""
_WITHHELD = "anonymous"

Listener = Callable[[Event], None]

_LAST_WORDS_S = 1.0  # that the legs of an ending switch have to say them


class Switch:
    """A switch in the middle of a network of handsets."""

    def __init__(
        self,
        network: Network,
        *,
        gateways: Mapping[str, Trunk] = CARRIER,
        speed: float = 1.0,
        heartbeat: float = 5.0,
        records: Path | None = None,
    ) -> None:
        """`speed` is how many times faster than life prompts are played."""
        self.network = network
        self.gateways = gateways
        self.speed = speed
        self.paused = False
        self.speaker = Speaker()
        self.records = Records(records)
        self.scheduler = Scheduler()
        self.legs: dict[str, Channel] = {}
        self.mishaps = Mishaps(self._tell)
        self.began = time.monotonic()
        self.sessions = 0
        self.peak = 0
        self._applications = applications(self, self.scheduler)
        self._commands = Commands(self)
        self._listeners: dict[Listener, Callable[[str], bool]] = {}
        self._pulse = gevent.spawn(self._beat, heartbeat)
        network.switchboard = self.incoming

    def stop(self) -> None:
        """Stop the pulse and hang up everything."""
        self._pulse.kill(block=False)
        for leg in list(self.legs.values()):
            leg.hangup("SYSTEM_SHUTDOWN")

    def restart(self, *, crashed: bool = False) -> None:
        """End every leg and begin another life.

        Who listens is told the ends, and records are written, unless it `crashed`.
        """
        for leg in list(self.legs.values()):
            if crashed:
                self.forget(leg.uuid)
                leg.exchange = Nowhere(self.speaker)
            leg.hangup("SYSTEM_SHUTDOWN")
        if crashed:
            self.mishaps.forget()
        until = time.monotonic() + _LAST_WORDS_S
        while self.legs and time.monotonic() < until:
            gevent.sleep(0.001)
        self.speaker = Speaker()
        self.began = time.monotonic()
        self.sessions = self.peak = 0

    def listen(self, listener: Listener, wants: Callable[[str], bool]) -> None:
        """Tell somebody every event whose name they want."""
        self._listeners[listener] = wants

    def ignore(self, listener: Listener) -> None:
        """Tell somebody nothing any more."""
        self._listeners.pop(listener, None)

    def wants(self, name: str) -> bool:
        """Say whether anybody listens to events of this name."""
        return any(wants(name) for wants in self._listeners.values())

    def publish(self, event: Event) -> None:
        """Tell everybody who listens, unless something goes wrong."""
        self.mishaps.publish(event)

    def _tell(self, event: Event) -> None:
        for listener in list(self._listeners):
            listener(event)

    def command(self, name: str, arguments: str) -> str:
        """Run an API command and return what it answers."""
        return self._commands.run(name, arguments)

    def background(self, job: str, name: str, arguments: str) -> None:
        """Run an API command in a greenlet of its own; an event tells its answer."""
        gevent.spawn(self._background, job, name, arguments)

    def _background(self, job: str, name: str, arguments: str) -> None:
        if name == "originate":
            self.originate(arguments, partial(self._finish, job, name, arguments))
        else:
            self._finish(job, name, arguments, self.command(name, arguments))

    def _finish(self, job: str, name: str, arguments: str, answer: str) -> None:
        event = self.speaker.begin("BACKGROUND_JOB")
        event |= {"Job-UUID": job, "Job-Command": name}
        if arguments:
            event["Job-Command-Arg"] = arguments
        event |= {"Content-Length": str(len(answer.encode())), "_body": answer}
        self.publish(event)

    def originate(self, arguments: str, answered: Callable[[str], None]) -> None:
        """Ring somebody and let their leg run an application.

        `answered` is told the outcome before the application begins.
        """
        job = Job()
        try:
            wanted = parse_originate(arguments)
            call = Call(self, job, job.wake, timeout=wanted.timeout)
            leg = dial(call, wanted.dial)
        except BadDialString:
            answered("-ERR DESTINATION_OUT_OF_ORDER\n")
        except NotReached as failure:
            answered(f"-ERR {failure.cause}\n")
        else:
            answered(f"+OK {leg.uuid}\n")
            leg.flip_caller()
            leg.live(Order(wanted.application, wanted.argument))

    def incoming(
        self, caller: str, number: str, *, name: str = "", shown: str | None = None
    ) -> Channel:
        """Let a handset ring the switch, where the call is parked.

        `name` is what the caller says to be called; `shown` the number that is told
        in the place of its own, or nothing for one that is withheld. Nobody waits
        for ever. BadNumber or NotIdle if it cannot call.
        """
        handset = self.network.handset(caller)
        called = number.removeprefix("+")
        digits = handset.number.removeprefix("+") if shown is None else shown
        digits = digits.removeprefix("+") or _WITHHELD
        profile = calling_in(digits, called, name or digits)
        variables = sip.invitation(
            digits, name or digits, called, profile.times.created
        )
        leg = self._make(str(uuid.uuid4()), profile, handset, variables)
        leg.name = f"sofia/external/{digits}@{media.ADDRESS}"
        leg.variables["channel_name"] = leg.name
        leg.has_media = leg.hit_dialplan = True
        handset.call(leg, f"+{called}")
        self._admit(leg)
        leg.tell("CHANNEL_CREATE")
        leg.variables["DP_MATCH"] = [called, called]
        self.scheduler.add(
            leg.uuid, _UNSERVED_S, lambda: leg.hangup("NORMAL_TEMPORARY_FAILURE")
        )
        leg.live(Order("park"))
        return leg

    def find(self, uuid: str) -> Channel | None:
        """Find a leg that is alive."""
        leg = self.legs.get(uuid)
        return leg if leg is not None and not leg.cause else None

    def add(
        self, uuid: str, profile: Profile, number: str, variables: Event
    ) -> Channel:
        """Make an outgoing leg; a number that cannot be is one nobody has."""
        try:
            handset = self.network.handset(number)
        except BadNumber:
            handset = Handset(number, lambda *_, **__: None)
            handset.behaviour = Behaviour(Kind.INVALID, after=0)
        leg = self._make(uuid, profile, handset, variables)
        self._admit(leg)
        return leg

    def _make(
        self, uuid: str, profile: Profile, handset: Handset, variables: Event
    ) -> Channel:
        leg = Channel(self, uuid, profile, handset, self._applications)
        self.sessions += 1
        leg.variables |= {"session_id": str(self.sessions), "channel_name": leg.name}
        leg.variables |= variables
        return leg

    def _admit(self, leg: Channel) -> None:
        self.legs[leg.uuid] = leg
        self.peak = max(self.peak, len(self.legs))

    def forget(self, uuid: str) -> None:
        """Let go of a leg that is over, and of everything scheduled for it."""
        self.legs.pop(uuid, None)
        self.scheduler.cancel(uuid)

    def _beat(self, seconds: float) -> None:
        while True:
            gevent.sleep(seconds)
            self.publish(self.speaker.begin("HEARTBEAT") | health.condition(self))
