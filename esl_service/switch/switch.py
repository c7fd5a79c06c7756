"""One FreeSWITCH, as everything outside this folder sees it."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import gevent
from gevent import Greenlet

from domain.causes import SWITCH_AWAY
from esl_service.channel import (
    Arrival,
    Channel,
    Dial,
    Goodbye,
    LinkLost,
    NotAsked,
    NotReached,
)
from esl_service.switch import dialstring
from esl_service.switch.arriving import arrival, waiting
from esl_service.switch.channel import SwitchChannel
from esl_service.switch.commands import Commands
from esl_service.switch.framing import Event
from esl_service.switch.goodbyes import answered_at
from esl_service.switch.mailbox import Deadline, PostOffice
from esl_service.switch.pair import Pair, SwitchAddress
from esl_service.switch.ringing import ring, take_up

_log = logging.getLogger(__name__)

_LIST_LAGS_SECONDS: Final = 2.0
"""The switch lists a leg some time after it parked (seen on 1.11)."""
_RELINK_SECONDS: Final = 0.2
"""Between two attempts to ask for a leg while there is no link."""


class Switch:
    """A FreeSWITCH that is linked to for ever, however often the link is lost.

    `on_orphan` is told, in a greenlet of its own, how a leg ended that no call here
    is waiting for; `on_arrival` who rings us, and it must not wait. Every verb but
    `ring` raises LinkLost while there is no link, and all raise ValueError for an
    argument that FreeSWITCH would misread. While we do not lead, as `leads` tells,
    everything is heard and nothing can be said (Superseded). `rests` is as for a Pair.
    """

    def __init__(
        self,
        address: SwitchAddress,
        *,
        on_orphan: Callable[[Goodbye], None],
        on_arrival: Callable[[Arrival, Channel], object] = lambda *_: None,
        leads: Callable[[], bool] = lambda: True,
        rests: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._commands = Commands()
        self._commands.leads = leads
        self._on_arrival = on_arrival
        self._office = PostOffice(
            lambda goodbye: _spawn(on_orphan, goodbye), self._arrived
        )
        self._pair = Pair(
            address,
            self._office,
            self._commands,
            on_up=self.meet_waiting,
            rests=rests,
        )
        self._keeper: Greenlet[[], None] | None = None

    def start(self) -> "Greenlet[[], None]":
        """Begin to connect; the greenlet returned lives until `stop`."""
        if self._keeper is None:
            self._keeper = gevent.spawn(self._pair.keep)
        return self._keeper

    def stop(self) -> None:
        """Close the links. Calls that are up stay up, and hear LinkLost."""
        if self._keeper is not None:
            self._keeper.kill()
            self._keeper = None

    def cut(self) -> None:
        """Link anew. Calls that are up stay up, and hear LinkLost."""
        self._pair.cut()

    @property
    def ready(self) -> bool:
        """Whether both links are up and events are known to arrive."""
        return self._pair.up.is_set()

    @property
    def core_uuid(self) -> str:
        """Names the switch's present life; legs of another one are all dead."""
        return self._pair.core_uuid

    @property
    def began_at(self) -> datetime:
        """When that life began, or later: what was rung before may be forgotten."""
        return self._pair.began_at

    @property
    def strained(self) -> bool:
        """Whether its events come faster than we can work, so no call can be added."""
        return self._pair.pressure.strained

    def ring(self, dial: Dial) -> SwitchChannel:
        """Ring leg A, and return them once they have answered.

        Takes up to `dial.ring_seconds` and a little more. While there is no link,
        waits for one as long as a leg rings, and then raises NotReached. Raises
        LinkLost when it is not known what became of the leg: it may be ringing.
        """
        patience = Deadline(dial.ring_seconds)
        while True:
            try:
                mailbox = ring(dial, self._commands, self._office)
            except NotAsked as loss:
                if patience.left == 0:
                    raise NotReached(SWITCH_AWAY) from loss
                gevent.sleep(_RELINK_SECONDS)
            else:
                return SwitchChannel(dial.uuid, mailbox, self._commands, self._office)

    def take_up(self, dial: Dial, *, came_in: bool = False) -> SwitchChannel | None:
        """A leg A that was rung before, once they have answered; None if it is gone.

        One that `came_in` is not waited for. Raises NotReached, LinkLost.
        """
        mailbox = take_up(dial, self._commands, self._office, came_in=came_in)
        if mailbox is None:
            return None
        return SwitchChannel(dial.uuid, mailbox, self._commands, self._office)

    def kill(self, uuid: str, cause: str = "NORMAL_CLEARING") -> bool:
        """Hang a leg up; False if there was none."""
        return self._commands.kill(uuid, cause)

    def exists(self, uuid: str) -> bool:
        """Whether the switch has such a leg now."""
        return self._commands.exists(uuid)

    def drop_by(self, uuid: str, at: datetime) -> bool:
        """Let the switch hang this leg up before a moment, if only just.

        False if there is no such leg.
        """
        return self._commands.drop_by(uuid, at)

    def announce(self, uuid: str, sounds: Sequence[str]) -> bool:
        """Let this leg alone hear clips (or TONE) now; False if there is no such leg.

        Whatever it does goes on; whom it talks to hears nothing meanwhile.
        """
        return self._commands.announce(uuid, dialstring.clips(sounds))

    def channels(self) -> list[Event]:
        """Every leg that the switch lists: `uuid`, `presence_data`, `callstate`…

        The list may lag behind by a moment: confirm with `exists`.
        """
        return self._commands.channels()

    def answered_at(self, uuid: str) -> datetime | None:
        """When a leg was answered; None if it was not, or is not there."""
        return answered_at(self.dump(uuid) or {})

    def dump(self, uuid: str) -> Event | None:
        """Everything the switch knows about a leg; None if there is none."""
        return self._commands.dump(uuid)

    def _arrived(self, event: Event, *, found: bool = False) -> None:
        """Somebody rings us: from now on all that is said of them is theirs."""
        rings = arrival(event, found=found)
        if not self._commands.leads() or self._office.knows(rings.uuid):
            return
        mailbox = self._office.open(rings.uuid)
        channel = SwitchChannel(rings.uuid, mailbox, self._commands, self._office)
        self._on_arrival(rings, channel)

    def listens(self, uuid: str) -> bool:
        """Whether somebody here hears what is said of a leg."""
        return self._office.knows(uuid)

    def meet_waiting(self) -> None:
        """Whoever rang when nobody listened, or nobody led, is heard after all."""
        if not self._commands.leads():
            return
        try:
            for pause in (0, _LIST_LAGS_SECONDS):
                gevent.sleep(pause)
                for event in waiting(self._commands, self._office):
                    self._arrived(event, found=True)
        except LinkLost as loss:
            _log.info("nobody could say who is waiting: %s", loss)


def _spawn(on_orphan: Callable[[Goodbye], None], goodbye: Goodbye) -> None:
    gevent.spawn(on_orphan, goodbye)
