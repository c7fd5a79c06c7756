"""Finds legs that nobody serves any more: ends them, or settles what is known."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final, Protocol

from esl_service.channel import LinkLost
from esl_service.desk import Desk, OpenLeg

_log = logging.getLogger(__name__)

GRACE: Final = timedelta(seconds=15)
"""A leg younger than this may be on its way between two programs."""


class Registry(Protocol):
    """The part of a switch that knows who lives."""

    def exists(self, uuid: str) -> bool:
        """Whether the switch has a leg of that UUID. Raises LinkLost."""

    def kill(self, uuid: str) -> bool:
        """Hang a leg up; False if there was none. Raises LinkLost."""


def step(desk: Desk, switch: Registry, served: Collection[int], now: datetime) -> None:
    """Look after every open leg whose session is not among those `served` here.

    Two people who talk are left alone: their stop is in the switch, and their end
    is settled when it is heard. A user left alone on the line is let go.
    """
    try:
        for leg in desk.open_legs():
            if leg.session_id not in served and now - leg.made_at > GRACE:
                _look_after(leg, desk, switch)
    except LinkLost:
        return  # next time


def _look_after(leg: OpenLeg, desk: Desk, switch: Registry) -> None:
    if not switch.exists(leg.uuid):
        _log.warning("leg %s is gone and its end was not heard", leg.uuid)
        desk.settle_lost(leg.uuid)
    elif not leg.talking:
        _log.warning("leg %s is served by nobody: hung up", leg.uuid)
        switch.kill(leg.uuid)
