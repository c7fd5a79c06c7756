"""Ends the legs of users who asked, from elsewhere, to be cut off."""

from typing import Final, Protocol

from esl_service.channel import LinkLost
from esl_service.till import Till

CAUSE: Final = "NORMAL_CLEARING"


class Exchange(Protocol):
    """The part of a switch that ends legs."""

    def kill(self, uuid: str, cause: str) -> bool:
        """Hang a leg up; False if there was none. Raises LinkLost."""


def step(till: Till, switch: Exchange) -> None:
    """Hang up whatever is asked to end and has not; its end is heard and settled.

    A leg that is stored and not rung yet is met again at the next step.
    """
    try:
        for uuid in till.legs_to_hang_up():
            switch.kill(uuid, CAUSE)
    except LinkLost:
        return  # next time
