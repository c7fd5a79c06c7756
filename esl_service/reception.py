"""Where a call begins and where its errors end.

Rings leg A, runs the call's script, and settles leg A however the call ends.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Final, Protocol

from domain.calls.requests import DueCall
from domain.database import Unavailable
from domain.numbers import shortened
from esl_service.caller import Caller, Keys, Voice
from esl_service.channel import (
    Channel,
    Dial,
    Goodbye,
    HungUp,
    LinkLost,
    MediaFault,
    NotReached,
)
from esl_service.desk import Desk, Rung
from esl_service.flows import callback
from esl_service.journal import current_call
from esl_service.lobby import Lobby, Stay
from esl_service.till import brief
from esl_service.voice import DEFAULT, Prompt

_log = logging.getLogger(__name__)

GOODBYE_PATIENCE: Final = 10.0
"""Seconds to wait for the switch's record of leg A's end."""

Script = Callable[[Caller], None]
"""What is said and done with a user on the line."""


class Exchange(Protocol):
    """The part of a switch that reception needs."""

    def ring(self, dial: Dial) -> Channel:
        """Ring leg A; its channel once it is answered. Raises NotReached, LinkLost."""

    def take_up(self, dial: Dial, *, came_in: bool) -> Channel | None:
        """A leg A that was rung before, once it is answered; None if it is gone.

        One that `came_in` is not waited for. Raises NotReached, LinkLost.
        """

    def answered_at(self, uuid: str) -> datetime | None:
        """When a leg was answered; None if it was not. Raises LinkLost."""


class Reception:
    """Serves one call from its first ring to its settlement."""

    def __init__(
        self,
        exchange: Exchange,
        desk: Desk,
        lobby: Lobby,
        voice: Voice,
        keys: Keys,
        clock: Callable[[], datetime],
    ) -> None:
        self._exchange = exchange
        self._desk = desk
        self._lobby = lobby
        self._voice = voice
        self._keys = keys
        self._clock = clock
        self.present: dict[str, int] = {}
        """Legs A that are served here, and their sessions."""

    def serve(self, due: DueCall) -> None:
        """Ring the user, serve them, settle their leg."""
        current_call.set(due.uuid)
        with self.serving(due.uuid, due.session_id):
            self._serve(due)

    @contextmanager
    def serving(self, uuid: str, session_id: int) -> Iterator[None]:
        """A leg A is served here for as long as this lasts."""
        self.present[uuid] = session_id
        try:
            yield
        finally:
            del self.present[uuid]

    def _serve(self, due: DueCall) -> None:
        try:
            channel = self._exchange.ring(_dial(due))
        except NotReached as failure:
            _log.info("%s not reached: %s", shortened(due.number), failure.cause)
            self._desk.settle(failure.goodbye or self._never_up(due, failure.cause))
        except ValueError as fault:
            _log.error("%s cannot be rung: %s", shortened(due.number), fault)
            self._desk.settle(self._never_up(due, "INVALID_NUMBER_FORMAT"))
        except LinkLost:
            _log.warning("the link broke while %s rang", shortened(due.number))
        else:
            self.attend(channel, due.number, partial(self._greet, due))

    def resume(self, stay: Stay) -> None:
        """Go on with a user whose service has died, or lost the switch."""
        current_call.set(stay.uuid)
        with self.serving(stay.uuid, stay.session_id):
            self._resume(stay)

    def _resume(self, stay: Stay) -> None:
        try:
            channel = self._exchange.take_up(stay.dial, came_in=stay.came_in)
        except NotReached as failure:
            _log.info("%s not reached: %s", shortened(stay.number), failure.cause)
            self._desk.settle(failure.goodbye or self._never_up(stay, failure.cause))
        except LinkLost:
            _log.warning("the link broke while %s rang", shortened(stay.number))
        else:
            if channel is None:
                return  # their last word is on its way, or on record
            _log.info("%s is served again", shortened(stay.number))
            self.attend(channel, stay.number, partial(self._regreet, stay))

    def attend(self, channel: Channel, number: str, script: Script) -> None:
        """Talk with who is on the line, and settle their leg however that ends."""
        try:
            self._converse(channel, script)
        except HungUp:
            _log.info("%s hung up", shortened(number))
        except LinkLost:
            _log.warning("the link broke in the middle of a call")
            self._part(channel, number, patience=0)  # nobody is known to have left
            return
        channel.hang_up()
        self._part(channel, number, GOODBYE_PATIENCE)

    def _greet(self, due: DueCall, caller: Caller) -> None:
        visit = self._desk.welcome(due, caller.answered_at)
        caller.language = visit.language
        callback.run(caller, self._desk, visit)

    def _regreet(self, stay: Stay, caller: Caller) -> None:
        unheard = None if stay.was_up else self._exchange.answered_at(stay.uuid)
        if stay.came_in and not stay.was_up and unheard is None:
            caller.answer(stay.dial.stop_seconds)
        visit = self._lobby.welcome_back(stay, unheard)
        caller.language = visit.language
        if stay.was_up:
            callback.resume(caller, self._desk, visit, stay.line)
        else:
            callback.run(caller, self._desk, visit)

    def _converse(self, channel: Channel, script: Script) -> None:
        caller = Caller(channel, self._voice, DEFAULT, self._keys)
        try:
            script(caller)
        except (HungUp, LinkLost):
            raise
        except MediaFault as fault:
            _log.error("cannot speak: %s", fault)
            _apologise(caller)
        except Unavailable as trouble:
            _log.error("the database is away: %s", brief(trouble))
            _apologise(caller)
        except Exception:  # the boundary: a bug ends its call, never the service
            _log.exception("the call broke down")
            _apologise(caller)

    def _part(self, channel: Channel, number: str, patience: float) -> None:
        goodbye = channel.goodbye(patience)
        if goodbye is None:
            _log.warning("no record of the end of %s yet", shortened(number))
            return  # whoever looks after lost legs will find it
        self._desk.settle(goodbye)

    def _never_up(self, due: Rung, cause: str) -> Goodbye:
        return Goodbye(due.uuid, cause, 0, None, self._clock())


def _apologise(caller: Caller) -> None:
    try:
        caller.say(Prompt.SORRY)
    except (HungUp, LinkLost, MediaFault) as silence:
        _log.info("could not apologise: %r", silence)


def _dial(due: DueCall) -> Dial:
    return Dial(
        uuid=due.uuid,
        number=due.number,
        gateway=due.gateway,
        caller_id=due.caller_id,
        ring_seconds=due.ring_seconds,
        stop_seconds=due.stop_seconds,
        tag=f"cb:{due.session_id}:A",
    )
