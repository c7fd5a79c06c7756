"""How full each gateway is, and how it does.

The caps are kept here, before the switch hears of a leg: what it refuses itself looks
like a bad number.
"""

import logging
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from domain.causes import Outcome, outcome
from domain.database import Transaction, Unavailable
from domain.routes.choosing import Way
from esl_service.channel import Goodbye
from esl_service.till import OpenLeg, brief

_log = logging.getLogger(__name__)

_SECOND: Final = timedelta(seconds=1)
_ON_ITS_WAY: Final = timedelta(seconds=15)
"""A leg taken since then may not be in the database yet."""
_SAYS_NOTHING: Final = (Outcome.OURS, Outcome.LEFT)
"""How a leg ends of which the carrier cannot be judged."""


@dataclass(frozen=True, slots=True)
class _Leg:
    gateway: str
    since: datetime
    troubled: bool
    """Whether its gateway had faults when it was chosen."""


class Trunks:
    """Counts the legs on gateways that are kept in the database."""

    def __init__(self, transaction: Transaction, clock: Callable[[], datetime]) -> None:
        self._transaction = transaction
        self._clock = clock
        self._legs: dict[str, _Leg] = {}
        self._load: Counter[str] = Counter()
        self._begun: defaultdict[str, deque[datetime]] = defaultdict(deque)

    def take(self, way: Way, uuid: str) -> bool:
        """Count a leg on a gateway from now on; False if it has no room."""
        now = self._clock()
        begun = self._begun[way.gateway]
        while begun and begun[0] <= now - _SECOND:
            begun.popleft()
        if _is_reached(way.calls_at_once, self._load[way.gateway]):
            return False
        if _is_reached(way.calls_per_second, len(begun)):
            return False
        begun.append(now)
        troubled = way.faults > 0 or way.rests_until is not None
        self._count(uuid, _Leg(way.gateway, now, troubled))
        return True

    def leave(self, uuid: str) -> None:
        """A leg is not on its gateway any more, or will not come."""
        leg = self._legs.pop(uuid, None)
        if leg is not None:
            self._load[leg.gateway] -= 1

    def ended(self, goodbye: Goodbye) -> None:
        """A leg has ended: its room is free, and its gateway has shown how it does."""
        leg = self._legs.get(goodbye.uuid)
        if leg is None:
            return
        self.leave(goodbye.uuid)
        came_to = None if goodbye.answered else outcome(goodbye.cause)
        try:
            if came_to is Outcome.CARRIER_FAULT:
                self._blame(leg.gateway, goodbye.cause)
            elif leg.troubled and came_to not in _SAYS_NOTHING:
                with self._transaction() as services:
                    services.routing.did_well(leg.gateway)
        except Unavailable as trouble:
            _log.error("how %s does is not kept: %s", leg.gateway, brief(trouble))

    def recount(self, open_legs: Collection[OpenLeg]) -> None:
        """Count anew what another life of this program began, or what it forgot."""
        now = self._clock()
        known = {leg.uuid for leg in open_legs}
        for uuid, leg in list(self._legs.items()):
            if uuid not in known and now - leg.since > _ON_ITS_WAY:
                self.leave(uuid)
        for each in open_legs:
            if each.uuid not in self._legs:
                self._count(each.uuid, _Leg(each.gateway, now, troubled=False))

    def _count(self, uuid: str, leg: _Leg) -> None:
        self._legs[uuid] = leg
        self._load[leg.gateway] += 1

    def _blame(self, gateway: str, cause: str) -> None:
        with self._transaction() as services:
            rests = services.routing.failed(gateway, self._clock())
        _log.warning("gateway %s failed: %s", gateway, cause)
        if rests:
            _log.error("gateway %s is put to rest", gateway)


def _is_reached(cap: int | None, count: int) -> bool:
    return cap is not None and count >= cap
