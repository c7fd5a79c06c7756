"""Another party on the line with a user, from ringing them to their end."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from domain.causes import CALLED_OFF
from domain.numbers import shortened
from esl_service.channel import (
    Dial,
    Goodbye,
    HungUp,
    LinkLost,
    MediaFault,
    NotAsked,
)
from esl_service.switch import dialstring
from esl_service.switch.commands import STOP_CAUSE, Commands, Order
from esl_service.switch.framing import Event
from esl_service.switch.goodbyes import goodbye_pieced_together, occurred_at
from esl_service.switch.mailbox import (
    ANSWERED,
    HUNG_UP,
    Deadline,
    Mailbox,
    PostOffice,
    Silence,
    has_left,
)
from esl_service.switch.parking import park_anew

_log = logging.getLogger(__name__)

_WATCH_SECONDS: Final = 60.0
"""After so long without an event the switch is asked who is still there."""
_LAST_WORD_SECONDS: Final = 5.0
"""The end of the bridge and the other leg's last event come in either order."""
_UNKNOWN: Final = "NORMAL_UNSPECIFIED"

Answered: TypeAlias = Callable[[datetime], int | None]
"""Told when the other party picked up; for how many seconds, if that changes."""


class Bridge:
    """One other party (`dial`) for one user, whose leg is `user`."""

    def __init__(
        self, user: str, dial: Dial, mailbox: Mailbox, commands: Commands
    ) -> None:
        self._user = user
        self._dial = dial
        self._mailbox = mailbox
        self._commands = commands
        self._application = ""
        self._created = False
        self._over: Event | None = None
        self._hung_up: Event | None = None

    def run(
        self, office: PostOffice, drop_keys: Sequence[str], answered: Answered
    ) -> Goodbye:
        """Ring, join, and return how the other leg ended.

        Raises HungUp, LinkLost, whatever `answered` raises, and ValueError
        before anything is sent.
        """
        argument = dialstring.bridge(self._dial)
        bindings = dialstring.drop_bindings(drop_keys, self._dial.uuid)
        office.attach(self._mailbox, self._dial.uuid)
        read = False
        try:
            self._begin(bindings, argument)
            goodbye = self._follow(answered)
            read = True
        except (HungUp, LinkLost) as news:
            # The switch ends them with the user, or cannot be reached.
            if self._surely_unrung(news):
                office.orphan(self._never_rung(CALLED_OFF))
            raise
        except BaseException:
            self._commands.kill_if_possible(self._dial.uuid)
            raise
        finally:
            office.release(self._mailbox, self._dial.uuid, read=read)
        self._unbind()
        return goodbye

    def _begin(self, bindings: Sequence[tuple[str, str]], argument: str) -> None:
        if self._user in self._mailbox.gone:
            raise HungUp
        _log.info("ringing %s for the user", shortened(self._dial.number))
        # The bridge is not locked: that would hold back whatever else A is told.
        self._application = self._commands.execute(
            self._user,
            *(Order(application, bound) for application, bound in bindings),
            Order("bridge", argument, locked=False),
        )

    def _unbind(self) -> None:
        """Give the keys back to the prompts, which would miss `#` otherwise."""
        try:
            self._commands.execute(self._user, Order("clear_digit_action", "all"))
        except (HungUp, LinkLost):
            return  # the next verb says so; this one has a goodbye to return

    def _follow(self, answered: Answered) -> Goodbye:
        while True:
            goodbye = self._mailbox.goodbyes.get(self._dial.uuid)
            if self._over is not None and goodbye is not None:
                return goodbye
            if self._over is not None and not self._created:
                # The switch made no leg: a gateway that is down or unknown.
                cause = self._over.get("variable_originate_disposition", _UNKNOWN)
                return self._never_rung(cause)
            one_is_known = self._over is not None or goodbye is not None
            patience = _LAST_WORD_SECONDS if one_is_known else _WATCH_SECONDS
            try:
                self._hear(self._mailbox.next(Deadline(patience)), answered)
            except Silence:
                if one_is_known or not self._both_are_there():
                    return goodbye or self._without_last_word()

    def _hear(self, event: Event, answered: Answered) -> None:
        leg, name = event.get("Unique-ID"), event.get("Event-Name")
        if leg == self._user:
            if has_left(event, leg):
                raise HungUp
            if self._is_the_end(event):
                self._over = event
        elif leg == self._dial.uuid:
            self._created = True
            if name == HUNG_UP:
                self._hung_up = event
            elif name == ANSWERED:
                since = self._mailbox.answered_at[self._dial.uuid]
                self._limit(answered(since), since)

    def _is_the_end(self, event: Event) -> bool:
        """Whether this is the completion of our `bridge`."""
        return event.get("Application-UUID") == self._application

    def _limit(self, seconds: int | None, since: datetime) -> None:
        """Move the stop that the switch set by itself when they answered.

        The seconds begin with the answer: to hear of it and to write it down may have
        taken long.
        """
        leg = self._dial.uuid
        if seconds is None or leg in self._mailbox.gone:
            return
        if seconds <= 0:
            self._commands.kill(leg, STOP_CAUSE)
        else:
            at = since + timedelta(seconds=seconds)
            self._commands.drop_by(leg, at, its_clock=True)

    def _both_are_there(self) -> bool:
        """Ask the switch, whose events may have been lost. Raises HungUp."""
        if not self._commands.exists(self._user):
            raise HungUp
        return self._commands.exists(self._dial.uuid)

    def _surely_unrung(self, news: HungUp | LinkLost) -> bool:
        if isinstance(news, HungUp):
            return not self._created
        return isinstance(news, NotAsked) and not self._application

    def _without_last_word(self) -> Goodbye:
        """Make an end, and a goodbye out of what was heard."""
        _log.error("leg %s ended without its last event", self._dial.uuid)
        self._commands.kill_if_possible(self._dial.uuid)
        if self._over is None:
            with suppress(HungUp, LinkLost, MediaFault):  # the next verb says so
                park_anew(self._user, self._mailbox, self._commands)
        cause = (self._hung_up or {}).get("Hangup-Cause", _UNKNOWN)
        ended_at = occurred_at(self._hung_up or self._over or {})
        return goodbye_pieced_together(
            self._dial.uuid,
            cause=cause,
            answered_at=self._mailbox.answered_at.get(self._dial.uuid),
            ended_at=ended_at,
        )

    def _never_rung(self, cause: str) -> Goodbye:
        return goodbye_pieced_together(
            self._dial.uuid,
            cause=cause,
            answered_at=None,
            ended_at=occurred_at(self._over or {}),
        )
