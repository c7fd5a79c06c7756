"""Who rings us, read from what the switch says of them.

A caller's name and number are whatever a stranger's telephone sent. Nothing is read
but digits, and a plus before them.
"""

import re
from collections.abc import Iterator
from typing import Final

from esl_service.channel import Arrival
from esl_service.switch.commands import Commands
from esl_service.switch.framing import Event
from esl_service.switch.mailbox import INBOUND, PostOffice

_NUMBER: Final = re.compile(r"\+?[0-9]{1,20}", re.ASCII)


def arrival(event: Event, *, found: bool = False) -> Arrival:
    """Who is parked. A number that is withheld, or is none, is empty."""
    withheld = event.get("Caller-Privacy-Hide-Number") == "true"
    return Arrival(
        uuid=event.get("Unique-ID", ""),
        called=_number(event.get("Caller-Destination-Number", "")),
        caller="" if withheld else _number(event.get("Caller-Caller-ID-Number", "")),
        found=found,
        answered=event.get("Answer-State") == "answered",
    )


def waiting(commands: Commands, office: PostOffice) -> Iterator[Event]:
    """Legs that rang us when nobody listened, and are there still. Raises LinkLost."""
    for row in commands.channels():
        uuid = row.get("uuid", "")
        if row.get("direction") != INBOUND or office.knows(uuid):
            continue
        if (known := commands.dump(uuid)) is not None:
            yield known


def _number(text: str) -> str:
    return text if _NUMBER.fullmatch(text) else ""
