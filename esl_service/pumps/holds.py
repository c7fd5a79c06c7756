"""Holds money ahead of the sessions that run, and moves their stops with it."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final, Protocol

from domain.calls.sessions import Stop
from esl_service.channel import LinkLost
from esl_service.desk import Desk

_log = logging.getLogger(__name__)

_SAME: Final = timedelta(seconds=2)
"""A stop is reckoned in whole seconds: so much later is no news. Earlier always is."""


class Stops(Protocol):
    """The part of a switch that knows who lives and ends legs by itself."""

    def exists(self, uuid: str) -> bool:
        """Whether the switch has a leg of that UUID. Raises LinkLost."""

    def drop_after(self, uuid: str, seconds: int) -> bool:
        """Let the switch hang a leg up so many seconds from now. Raises LinkLost."""


def step(
    desk: Desk,
    switch: Stops,
    served: Collection[int],
    ends: dict[str, datetime],
    now: datetime,
) -> None:
    """Extend every running session's hold, and move the switch's stops with the money.

    Sessions among those `served` here are known to run. `ends` is when each leg stops
    as far as we have told the switch; who is gone is forgotten.
    """
    told = dict(ends)
    ends.clear()
    try:
        for session_id in _running(desk, switch, served):
            for stop in desk.renew(session_id):
                ends[stop.uuid] = _told(switch, stop, told.get(stop.uuid), now)
    except LinkLost:
        return  # the stop set at B's answer still holds


def _told(
    switch: Stops, stop: Stop, before: datetime | None, now: datetime
) -> datetime:
    """When the leg stops now; the switch hears of a stop that has moved."""
    end = now + timedelta(seconds=stop.seconds)
    if before is not None and before <= end <= before + _SAME:
        return before
    _log.info("leg %s may last for %d s more", stop.uuid, stop.seconds)
    switch.drop_after(stop.uuid, stop.seconds)
    return end


def _running(desk: Desk, switch: Stops, served: Collection[int]) -> list[int]:
    """Sessions with somebody on the line.

    A leg whose end nobody heard is charged up to its session's last hold, so a
    session of which the switch knows nothing must not be extended.
    """
    return sorted(
        {
            leg.session_id
            for leg in desk.till.open_legs()
            if leg.answered and (leg.session_id in served or switch.exists(leg.uuid))
        }
    )
