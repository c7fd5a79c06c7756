"""Holds money ahead of the sessions that run, and moves their stops with it."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final, Protocol

from domain.calls.sessions import End
from esl_service.channel import LinkLost
from esl_service.desk import Desk

_log = logging.getLogger(__name__)

_SAME: Final = timedelta(seconds=2)
"""Ends are reckoned in whole seconds: so much later is no news. Earlier always is."""


class Stops(Protocol):
    """The part of a switch that knows who lives and ends legs by itself."""

    def exists(self, uuid: str) -> bool:
        """Whether the switch has a leg of that UUID. Raises LinkLost."""

    def drop_by(self, uuid: str, at: datetime) -> bool:
        """Let the switch hang a leg up before a moment. Raises LinkLost."""


def step(desk: Desk, switch: Stops, served: Collection[int]) -> None:
    """Extend every running session's hold, and move the switch's stops with the money.

    Sessions among those `served` here are known to run. Legs that run no more are
    forgotten.
    """
    told = dict(desk.stops)
    desk.stops.clear()
    try:
        for session_id in _running(desk, switch, served):
            for end in desk.renew(session_id):
                desk.stops[end.uuid] = _told(switch, end, told.get(end.uuid))
    except LinkLost:
        return  # the stop set at B's answer still holds


def _told(switch: Stops, end: End, before: datetime | None) -> datetime:
    """When the leg ends now; the switch hears of an end that has moved."""
    if before is not None and before <= end.at <= before + _SAME:
        return before
    _log.info("leg %s may last for %d s more", end.uuid, end.seconds)
    switch.drop_by(end.uuid, end.at)
    return end.at


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
