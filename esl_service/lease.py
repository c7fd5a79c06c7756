"""The right to work at a switch: one service has it, the others stand by.

No clock is compared with another. Whoever has the lease lets it grow, and stops by
itself when it could not for `HELD_FOR` seconds of its own watch, which goes on while
the program is stopped. Whoever stands by takes it when it has not grown for
`TAKEN_AFTER` seconds of theirs, which began later. So no two ever work at once.
"""

import logging
import time
import uuid
from collections.abc import Callable
from enum import Enum
from typing import Final

from domain.calls.leases import Claim
from domain.database import Transaction, Unavailable
from domain.services import Services
from esl_service.channel import Superseded
from esl_service.owner import is_dead, ourselves

_log = logging.getLogger(__name__)

KEPT_EVERY: Final = 1.0
"""Seconds between two looks at the lease."""
HELD_FOR: Final = 5.0
"""Seconds for which it is ours since we began to renew it."""
TAKEN_AFTER: Final = 7.0
"""Seconds without growth after which it is anybody's."""


def since_boot() -> float:
    """Seconds on a watch that nobody sets, and that goes on while we are stopped."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Turn(Enum):
    """What a look at the lease has changed."""

    TAKEN = "taken"
    LOST = "lost"
    NONE = "none"


class Lease:
    """Ours or another's. `step` must be called every `KEPT_EVERY` seconds."""

    def __init__(
        self,
        transaction: Transaction,
        name: str,
        *,
        watch: Callable[[], float] = since_boot,
        abandoned: Callable[[str], bool] = is_dead,
    ) -> None:
        self._transaction = transaction
        self._name = name
        self._watch = watch
        self._abandoned = abandoned
        self._owner = ourselves()
        self._token = ""
        self._kept_at = 0.0
        self._seen: Claim | None = None
        self._seen_at = 0.0

    @property
    def held(self) -> bool:
        """Whether we may work: ring, speak, and move money."""
        return bool(self._token) and self._watch() - self._kept_at < HELD_FOR

    def fence(self, services: Services) -> None:
        """Let a transaction write only while the lease is ours. Raises Superseded."""
        if not services.leases.guard(self._name, self._token):
            raise Superseded(f"{self._name} is another service's")

    def step(self) -> Turn:
        """Keep it, or take it if it is to be had. Raises Unavailable."""
        try:
            return self._keep() if self._token else self._take()
        except Unavailable:
            self._seen = None  # who could not look has not seen it stand still
            raise

    def give_back(self) -> None:
        """Let another have it at once. Raises Unavailable."""
        token, self._token = self._token, ""
        if token:
            with self._transaction() as services:
                services.leases.give_back(self._name, token)

    def _keep(self) -> Turn:
        began = self._watch()
        with self._transaction() as services:
            kept = services.leases.keep(self._name, self._token)
        if kept:
            self._kept_at = began
            return Turn.NONE
        _log.error("%s was taken by another service", self._name)
        self._token, self._seen = "", None
        return Turn.LOST

    def _take(self) -> Turn:
        began = self._watch()
        token = str(uuid.uuid4())
        with self._transaction(write=False) as services:
            seen = services.leases.seen(self._name)
        if not self._is_to_be_had(seen):
            return Turn.NONE
        with self._transaction() as services:
            if not services.leases.take(self._name, seen, self._owner, token):
                return Turn.NONE
        _log.info("%s is ours", self._name)
        self._token, self._kept_at = token, began
        return Turn.TAKEN

    def _is_to_be_had(self, seen: Claim | None) -> bool:
        if seen is None or not seen.owner or self._abandoned(seen.owner):
            return True
        now = self._watch()
        if seen != self._seen:
            self._seen, self._seen_at = seen, now
        return now - self._seen_at > TAKEN_AFTER
