"""Holds money ahead of the sessions that run, and stops those that run out."""

import logging
from collections.abc import Collection
from typing import Protocol

from esl_service.channel import LinkLost
from esl_service.desk import Desk

_log = logging.getLogger(__name__)


class Stops(Protocol):
    """The part of a switch that knows who lives and ends legs by itself."""

    def exists(self, uuid: str) -> bool:
        """Whether the switch has a leg of that UUID. Raises LinkLost."""

    def drop_after(self, uuid: str, seconds: int) -> bool:
        """Let the switch hang a leg up so many seconds from now. Raises LinkLost."""


def step(desk: Desk, switch: Stops, served: Collection[int]) -> None:
    """Extend every running session's hold; where money ends, set the switch's stop.

    Sessions among those `served` here are known to run.
    """
    try:
        for session_id in _running(desk, switch, served):
            stop = desk.extend(session_id)
            if stop is not None:
                _log.info("session %d has money for %d s", session_id, stop.seconds)
                switch.drop_after(stop.uuid, stop.seconds)
    except LinkLost:
        return  # the stop set at B's answer still holds


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
