"""Lets go, before the service ends, of whoever would be left without it."""

import logging
from collections.abc import Collection
from typing import Final, Protocol

from esl_service.channel import LinkLost
from esl_service.till import Till

_log = logging.getLogger(__name__)

RING_AGAIN: Final = "NO_USER_RESPONSE"
"""A leg that ends so before it answered is rung again, by whichever service lives."""


class Exchange(Protocol):
    """The part of a switch that ends legs."""

    def kill(self, uuid: str, cause: str) -> bool:
        """Hang a leg up; False if there was none. Raises LinkLost."""


def step(till: Till, switch: Exchange, served: Collection[int]) -> None:
    """Hang up users who are rung or alone on the line; who talks, talks on."""
    try:
        for leg in till.open_legs():
            if leg.session_id in served and not leg.talking:
                cause = "NORMAL_CLEARING" if leg.answered else RING_AGAIN
                switch.kill(leg.uuid, cause)
    except LinkLost:
        _log.warning("the switch is away: who is on the line is left to their stops")
