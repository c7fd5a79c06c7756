"""Serves a call that comes to us, from its ring to its settlement."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final

from domain.database import Unavailable
from domain.numbers import shortened
from esl_service.caller import Caller
from esl_service.channel import Arrival, Channel, Goodbye
from esl_service.desk import Desk
from esl_service.flows import calling_card, languages
from esl_service.front_desk import FrontDesk, Guest, Stranger
from esl_service.journal import current_call
from esl_service.reception import GOODBYE_PATIENCE, Reception
from esl_service.till import brief

_log = logging.getLogger(__name__)

BUSY: Final = "USER_BUSY"
"""What callers hear whom we do not answer: no operator charges for it."""
LATER: Final = "NORMAL_TEMPORARY_FAILURE"
"""What they hear when we cannot tell whether they are to be served."""
FULL: Final = "SWITCH_CONGESTION"
"""What they hear while there are so many calls that none may be added."""
TOGETHER: Final = 5
"""So many whose numbers are withheld may be asked who they are at one access number."""
PROVING: Final = 90
"""Seconds for a stranger to prove who they are; then the switch hangs them up."""


class Porter:
    """Lets callers in, or sends them away unanswered."""

    def __init__(
        self,
        reception: Reception,
        front: FrontDesk,
        desk: Desk,
        clock: Callable[[], datetime],
    ) -> None:
        self._reception = reception
        self._front = front
        self._desk = desk
        self._clock = clock
        self._strangers: dict[Stranger, Channel] = {}
        """Those who are asked who they are."""
        front.taken = self._is_served

    def serve(self, arrival: Arrival, channel: Channel) -> None:
        """Answer, or reject, somebody who rings us."""
        current_call.set(arrival.uuid)
        if arrival.found and self._may_be_ours(arrival):
            self._leave(arrival, channel)
            return
        guest = self._judged(arrival, channel)
        if isinstance(guest, Guest):
            self._receive(guest, channel)
        elif guest is not None:
            self._question(guest, channel)

    def turn_away(self, arrival: Arrival, channel: Channel) -> None:
        """Reject one more while there are too many: nobody is called back for it."""
        current_call.set(arrival.uuid)
        _log.warning("%s rings while no call is added", shortened(arrival.caller))
        self._reject(channel, FULL)

    def _may_be_ours(self, arrival: Arrival) -> bool:
        """Whether a leg of theirs is stored, or nobody can tell just now."""
        try:
            return self._front.is_ours(arrival.uuid)
        except Unavailable as trouble:
            _log.error("the database is away: %s", brief(trouble))
            return True

    def _leave(self, arrival: Arrival, channel: Channel) -> None:
        """One whom a service that is no more has let in.

        Who is on the line is taken up by others; who is not may ring again.
        """
        if arrival.answered:
            goodbye = channel.goodbye(patience=0)
        else:
            goodbye = self._reject(channel, LATER)
        if goodbye is not None:
            self._desk.settle(goodbye)

    def send_away(self) -> None:
        """Hang up whoever has not proved who they are: the service ends."""
        for channel in list(self._strangers.values()):
            channel.hang_up()

    def _judged(self, arrival: Arrival, channel: Channel) -> Guest | Stranger | None:
        """Whom to serve; whoever it is not has been rejected."""
        guest, cause = None, LATER
        try:
            if not arrival.answered:  # or it was by a service that is no more
                guest = self._front.judge(arrival)
            cause = BUSY
        except Unavailable as trouble:
            _log.error("the database is away: %s", brief(trouble))
        finally:
            if guest is None:
                self._reject(channel, cause)
        return guest

    def _is_served(self, guest: Guest) -> None:
        self._reception.present[guest.uuid] = guest.session_id

    def _reject(self, channel: Channel, cause: str) -> Goodbye | None:
        channel.hang_up(cause)
        return channel.goodbye(GOODBYE_PATIENCE)

    def _receive(self, guest: Guest, channel: Channel) -> None:
        with self._reception.serving(guest.uuid, guest.session_id):
            self._reception.attend(channel, guest.number, partial(self._answer, guest))

    def _answer(self, guest: Guest, caller: Caller) -> None:
        caller.answer(guest.stop_seconds)
        self._welcome(guest, caller)

    def _question(self, stranger: Stranger, channel: Channel) -> None:
        """Ask a stranger who they are: one call at a time from one number."""
        alike = sum(each.number == stranger.number for each in self._strangers)
        if alike >= (TOGETHER if stranger.withheld else 1):
            self._reject(channel, BUSY)
            return
        self._strangers[stranger] = channel
        try:
            self._reception.attend(
                channel, stranger.number, partial(self._identify, stranger)
            )
        finally:
            del self._strangers[stranger]
            self._reception.present.pop(stranger.arrival.uuid, None)

    def _identify(self, stranger: Stranger, caller: Caller) -> None:
        caller.language = stranger.language
        caller.answer(PROVING)
        answered_at = self._clock()
        guest = calling_card.identify(caller, self._front, stranger, answered_at)
        if guest is None:
            return
        caller.stop_after(guest.stop_seconds)
        self._welcome(guest, caller)

    def _welcome(self, guest: Guest, caller: Caller) -> None:
        visit = self._desk.welcome(guest)
        languages.keep_chosen(caller, self._desk, visit)
        calling_card.run(caller, self._desk, visit)
