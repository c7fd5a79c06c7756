"""Parking a leg anew: whatever it ran has ended then, and it waits for orders."""

from typing import Final

from esl_service.channel import HungUp, MediaFault
from esl_service.switch.commands import Commands
from esl_service.switch.framing import Event
from esl_service.switch.mailbox import PARKED, Deadline, Mailbox, Silence, has_left

_PARKING_SECONDS: Final = 3.0


def park_anew(leg: str, mailbox: Mailbox, commands: Commands) -> None:
    """Break off whatever a leg runs, and return when it waits for orders again.

    A `uuid_break` would not do: it ends the words of a question, but not the wait for
    keys behind them. And what a leg is told before it has said that it is parked fails
    at once, as if it could not be played (both seen on 1.11).

    Raises HungUp, LinkLost, and MediaFault when that takes too long.
    """
    if not commands.park(leg):
        raise HungUp
    deadline = Deadline(_PARKING_SECONDS)
    try:
        while not _is_parked(mailbox.next(deadline), leg):
            pass
    except Silence:
        raise MediaFault("they could not be parked anew") from None


def _is_parked(event: Event, leg: str) -> bool:
    if has_left(event, leg):
        raise HungUp
    return (event.get("Event-Name"), event.get("Unique-ID")) == (PARKED, leg)
