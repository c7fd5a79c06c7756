"""Settles the legs of a switch that has died, as soon as it has come back."""

import logging
from collections.abc import Collection
from typing import Protocol

from esl_service.channel import LinkLost
from esl_service.till import Till

_log = logging.getLogger(__name__)


class Registry(Protocol):
    """The part of a switch that knows which of its lives this is, and who lives."""

    @property
    def core_uuid(self) -> str:
        """Names its present life; legs of another one are all dead."""

    def exists(self, uuid: str) -> bool:
        """Whether the switch has a leg of that UUID. Raises LinkLost."""


class Lives:
    """Watches for a change of the switch's life.

    Its legs ended with it, so there is no last word to wait for. One that is still
    `served` is waited for: it may not have been rung before the end, and be rung now.
    """

    def __init__(self, till: Till, switch: Registry) -> None:
        self._till = till
        self._switch = switch
        self._life = ""
        self._dead: set[str] = set()

    @property
    def over(self) -> bool:
        """Whether a life is over whose legs have not all been settled."""
        if not self._life:
            self._life = self._switch.core_uuid
        return bool(self._dead) or self._life != self._switch.core_uuid

    def step(self, served: Collection[int]) -> None:
        """Settle them by what is known. Its records must have been read before."""
        life, legs = self._switch.core_uuid, self._till.open_legs()
        if life != self._life:
            self._dead = {leg.uuid for leg in legs}
        self._dead &= {leg.uuid for leg in legs}
        left = [leg.uuid for leg in legs if leg.session_id not in served]
        try:
            for uuid in self._dead.intersection(left):
                if not self._switch.exists(uuid):
                    _log.warning("leg %s ended with its switch", uuid)
                    self._till.settle_lost(uuid)
                self._dead.discard(uuid)
        except LinkLost:
            return  # with the next link
        self._life = life
