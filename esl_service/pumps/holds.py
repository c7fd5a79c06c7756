"""Holds money ahead of the sessions that run, and stops those that run out."""

import logging
from typing import Protocol

from esl_service.channel import LinkLost
from esl_service.desk import Desk

_log = logging.getLogger(__name__)


class Stops(Protocol):
    """The part of a switch that ends legs by itself."""

    def drop_after(self, uuid: str, seconds: int) -> bool:
        """Let the switch hang a leg up so many seconds from now. Raises LinkLost."""


def step(desk: Desk, switch: Stops) -> None:
    """Extend every running session's hold; where money ends, set the switch's stop."""
    for session_id in desk.running_sessions():
        stop = desk.extend(session_id)
        if stop is None:
            continue
        _log.info("session %d has money for %d s", session_id, stop.seconds)
        try:
            switch.drop_after(stop.uuid, stop.seconds)
        except LinkLost:
            return  # the stop set at B's answer still holds
