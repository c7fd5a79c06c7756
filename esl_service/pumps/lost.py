"""Finds legs that are gone and whose end nobody heard, or that nobody can serve."""

import logging
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Protocol

from esl_service.channel import LinkLost
from esl_service.till import OpenLeg, Till

_log = logging.getLogger(__name__)


class Registry(Protocol):
    """The part of a switch that knows who lives."""

    @property
    def began_at(self) -> datetime:
        """When its present life began, or later."""

    def exists(self, uuid: str) -> bool:
        """Whether the switch has a leg of that UUID. Raises LinkLost."""

    def kill(self, uuid: str) -> bool:
        """Hang a leg up; False if there was none. Raises LinkLost."""


class Search:
    """One look after another for open legs that are not `served` here.

    A user who lives is taken up by others. Everything must be seen twice: an end may
    be on its way to us, and a leg may have been taken to be rung a moment ago.
    """

    def __init__(self, till: Till, switch: Registry) -> None:
        self._till = till
        self._switch = switch
        self._missed: dict[str, datetime] = {}
        """With the moment at which each was made."""
        self._stray: set[str] = set()

    def step(
        self,
        open_legs: Collection[OpenLeg],
        served: Collection[int],
        *,
        is_unwritten: Callable[[str], bool],
    ) -> None:
        """Look once at the open legs, which were read after the switch's records.

        A leg of which the switch would have written something, and has not, has never
        been rung if it was not heard to answer (`is_unwritten` tells by its UUID):
        unless it was made in a former life of the switch, which may have died without a
        word.
        """
        try:
            missed, stray = self._look(
                [leg for leg in open_legs if leg.session_id not in served]
            )
            for uuid in stray & self._stray:
                _log.warning("leg %s has lost its user: hung up", uuid)
                self._switch.kill(uuid)
        except LinkLost:
            return  # next time
        for uuid in missed.keys() & self._missed:
            _log.warning("leg %s is gone and its end was not heard", uuid)
            of_this_life = missed[uuid] >= self._switch.began_at
            self._till.settle_lost(uuid, unrung=of_this_life and is_unwritten(uuid))
        self._missed, self._stray = missed, stray

    def _look(self, legs: Collection[OpenLeg]) -> tuple[dict[str, datetime], set[str]]:
        """Legs that the switch does not know, and called parties without a user."""
        living = [leg for leg in legs if self._switch.exists(leg.uuid)]
        with_user = {leg.session_id for leg in living if leg.is_a}
        missed = {leg.uuid: leg.made_at for leg in legs if leg not in living}
        return missed, {leg.uuid for leg in living if leg.session_id not in with_user}
