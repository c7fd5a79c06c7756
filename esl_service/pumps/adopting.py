"""Finds users who live on the switch and are served by nobody."""

from collections.abc import Callable, Collection
from typing import Protocol

from esl_service.channel import LinkLost
from esl_service.lobby import Lobby, Stay


class Registry(Protocol):
    """The part of a switch that knows who lives."""

    def exists(self, uuid: str) -> bool:
        """Whether the switch has a leg of that UUID. Raises LinkLost."""

    def listens(self, uuid: str) -> bool:
        """Whether somebody here hears what is said of a leg."""


def step(
    lobby: Lobby,
    switch: Registry,
    served: Collection[int],
    resume: Callable[[Stay], object],
) -> None:
    """Take up everyone who is not among those `served` here.

    Nobody but us may be about to serve them: the caller sees to that.
    """
    try:
        for stay in lobby.unserved(served):
            if not switch.listens(stay.uuid) and switch.exists(stay.uuid):
                resume(stay)
    except LinkLost:
        return  # next time
