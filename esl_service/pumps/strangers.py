"""Hangs up legs that look like ours and of which the database knows nothing."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from esl_service.channel import LinkLost
from esl_service.till import Till

_log = logging.getLogger(__name__)

OURS: Final = "cb:"
"""How the tag of each of our legs begins."""


class Registry(Protocol):
    """The part of a switch that lists its legs."""

    # Any: a row of the switch's own table, as JSON has it.
    def channels(self) -> Sequence[Mapping[str, Any]]:
        """Every leg, perhaps a moment late. Raises LinkLost."""

    def kill(self, uuid: str) -> bool:
        """Hang a leg up; False if there was none. Raises LinkLost."""


class Watch:
    """One look after another; a leg must be strange twice to be hung up.

    Its row is stored before it is rung, so a leg without an open one has ended for the
    books, or came of a database that is not this one.
    """

    def __init__(self, till: Till, switch: Registry) -> None:
        self._till = till
        self._switch = switch
        self._strange: set[str] = set()

    def step(self) -> None:
        """Look once."""
        try:
            tagged = {
                str(row["uuid"])
                for row in self._switch.channels()
                if str(row.get("presence_data", "")).startswith(OURS)
            }
            strange = tagged - set(self._till.still_open(tagged))
            for uuid in strange & self._strange:
                _log.warning("leg %s is none of ours: hung up", uuid)
                self._switch.kill(uuid)
        except LinkLost:
            return  # next time
        self._strange = strange
