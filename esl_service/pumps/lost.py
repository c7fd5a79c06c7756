"""Finds legs that nobody serves any more: ends them, or settles what is known."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final, Protocol

from esl_service.channel import LinkLost
from esl_service.till import OpenLeg, Till

_log = logging.getLogger(__name__)

GRACE: Final = timedelta(seconds=15)
"""A leg younger than this may be on its way between two programs."""


class Registry(Protocol):
    """The part of a switch that knows who lives."""

    def exists(self, uuid: str) -> bool:
        """Whether the switch has a leg of that UUID. Raises LinkLost."""

    def bridging(self, uuid: str) -> bool:
        """Whether the leg is joined with another, or rings it. Raises LinkLost."""

    def answered_at(self, uuid: str) -> datetime | None:
        """When a leg was answered; None if it was not. Raises LinkLost."""

    def drop_after(self, uuid: str, seconds: int) -> bool:
        """Let the switch hang a leg up so many seconds from now. Raises LinkLost."""

    def kill(self, uuid: str) -> bool:
        """Hang a leg up; False if there was none. Raises LinkLost."""


class Search:
    """One look after another for open legs that are not `served` here.

    Two people who talk are left alone, as is a user for whom another is rung: their
    stops are in the switch, and their end is settled when it is heard. The switch is
    asked, for B may have answered when nobody here listened: then money is held for B
    from now on. A user left alone on the line is let go.
    """

    def __init__(self, till: Till, switch: Registry) -> None:
        self._till = till
        self._switch = switch
        self._missed: set[str] = set()

    def step(self, served: Collection[int], now: datetime) -> None:
        """Look once. A leg must be missed twice: its end may be on its way to us."""
        try:
            missed, alone = self._look(served, now)
            for leg in alone:
                _log.warning("leg %s is served by nobody: hung up", leg.uuid)
                self._switch.kill(leg.uuid)
        except LinkLost:
            return  # next time
        for uuid in missed & self._missed:
            _log.warning("leg %s is gone and its end was not heard", uuid)
            self._till.settle_lost(uuid)
        self._missed = missed

    def _look(
        self, served: Collection[int], now: datetime
    ) -> tuple[set[str], list[OpenLeg]]:
        """The UUIDs of legs that the switch does not know, and legs left alone."""
        legs = [
            leg
            for leg in self._till.open_legs()
            if leg.session_id not in served and now - leg.made_at > GRACE
        ]
        living = [leg for leg in legs if self._switch.exists(leg.uuid)]
        self._adopt([leg for leg in living if not leg.answered])
        joined = {
            leg.session_id
            for leg in living
            if leg.talking or self._switch.bridging(leg.uuid)
        }
        missed = {leg.uuid for leg in legs} - {leg.uuid for leg in living}
        return missed, [leg for leg in living if leg.session_id not in joined]

    def _adopt(self, unheard: list[OpenLeg]) -> None:
        """Hold money for legs that were answered when nobody listened."""
        for leg in unheard:
            answered_at = self._switch.answered_at(leg.uuid)
            if answered_at is None:
                continue
            _log.info("leg %s was answered unheard", leg.uuid)
            stop = self._till.adopt(leg.uuid, answered_at)
            if stop is not None:
                self._switch.drop_after(stop.uuid, stop.seconds)
