"""Driving the switch as the ESL service does, with the service's own dial strings."""

from dataclasses import dataclass
from typing import Self
from uuid import uuid4

from esl_service.channel import Dial
from esl_service.switch import dialstring
from tests.freeswitch.event_socket import Event, EventSocket
from tests.freeswitch.party import Party
from tests.freeswitch.real import Telephony

ANNA = "48600316058"
BORIS = "48774417880"
OUR_NUMBER = "48221000000"


def dial(number: str, *, rings: int = 5, stop: int = 600, tag: str = "cb:1:A") -> Dial:
    """One leg to `number` (digits, no plus), by the gateway, under a UUID of ours."""
    return Dial(
        uuid=str(uuid4()),
        number=f"+{number}",
        gateway="carrier",
        caller_id=OUR_NUMBER,
        ring_seconds=rings,
        stop_seconds=stop,
        tag=tag,
    )


def ring(link: EventSocket, leg: Dial) -> str:
    """Ring this leg in the background and return the Job-UUID."""
    reply = link.command(f"bgapi originate {dialstring.originate(leg)}")
    return reply.removeprefix("+OK Job-UUID: ")


def end_of(link: EventSocket, uuid: str, *, seconds: float = 5) -> Event:
    """Wait for a leg's CHANNEL_HANGUP_COMPLETE. Raises Unheard."""
    return link.wait("CHANNEL_HANGUP_COMPLETE", {"Unique-ID": uuid}, seconds=seconds)


def is_up(link: EventSocket, uuid: str) -> bool:
    """Whether the switch still has this leg."""
    return link.api(f"uuid_exists {uuid}") == "true"


@dataclass(frozen=True, slots=True)
class Line:
    """Leg A: somebody who was rung, has answered, and is parked."""

    telephony: Telephony
    link: EventSocket
    party: Party
    uuid: str

    @classmethod
    def open(cls, telephony: Telephony, link: EventSocket, number: str = ANNA) -> Self:
        """Ring this number, let it answer, and wait until it is parked."""
        party, leg = telephony.caller(number), dial(number)
        ring(link, leg)
        party.wait_ringing()
        party.answer()
        link.wait("CHANNEL_PARK", {"Unique-ID": leg.uuid})
        return cls(telephony, link, party, leg.uuid)

    def execute(self, application: str, argument: str = "") -> Event:
        """Run an application to its end."""
        return self.link.execute(self.uuid, application, argument)

    def bridge(self, leg: Dial, *drop_keys: str) -> str:
        """Begin to ring leg B; returns the bridge's Application-UUID."""
        for application, argument in dialstring.drop_bindings(drop_keys, leg.uuid):
            self.execute(application, argument)
        return self.link.start(self.uuid, "bridge", dialstring.bridge(leg))

    def talk_to(self, leg: Dial, *drop_keys: str) -> Party:
        """Ring leg B, let them answer, and wait until both can talk."""
        party = self.telephony.caller(leg.number.removeprefix("+"))
        self.bridge(leg, *drop_keys)
        party.wait_ringing()
        party.answer()
        self.link.wait("CHANNEL_BRIDGE", {"Bridge-B-Unique-ID": leg.uuid})
        return party
