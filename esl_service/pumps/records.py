"""Settles, from the switch's own records, legs whose end nobody here has heard."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import Final, Protocol

from esl_service.channel import Record
from esl_service.till import Till

_log = logging.getLogger(__name__)

AT_ONCE: Final = 200
"""Records read in one step, so that no call waits long for it."""

PATIENCE: Final = timedelta(minutes=3)
"""How long legs whose records cannot be read are not taken for lost."""


class Records(Protocol):
    """Where the switch writes them."""

    def waiting(self, most: int) -> Sequence[Record]:
        """At most so many that nobody has put away. Raises OSError."""

    def put_away(self, record: Record) -> None:
        """One has been read, and is not to be told again."""


class Left(Enum):
    """What a step left unread."""

    NOTHING = "nothing"
    MORE = "more"
    UNKNOWN = "unknown"
    """The folder cannot be read."""
    GIVEN_UP = "given up"
    """It could not be read for so long that nobody waits for it any more."""


class Reader:
    """Reads what the switch wrote. Until that is done or given up, no leg is lost."""

    def __init__(self, till: Till, records: Records) -> None:
        self._till = till
        self._records = records
        self._away_since: datetime | None = None

    def step(self, now: datetime) -> Left:
        """Read some records, settle what is still open, put them away.

        A folder that stays away for too long is given up: money must not be held for
        ever. Raises Unavailable, and has put nothing away that was not settled.
        """
        try:
            waiting = self._records.waiting(AT_ONCE)
        except OSError as trouble:
            _log.error("the switch's records cannot be read: %s", trouble)
            self._away_since = self._away_since or now
            waited = now - self._away_since
            return Left.GIVEN_UP if waited > PATIENCE else Left.UNKNOWN
        self._away_since = None
        self._settle(waiting)
        return Left.MORE if len(waiting) == AT_ONCE else Left.NOTHING

    def _settle(self, waiting: Sequence[Record]) -> None:
        still_open = self._till.still_open([each.goodbye.uuid for each in waiting])
        for record in waiting:
            if record.goodbye.uuid in still_open:
                _log.info("leg %s is settled by its record", record.goodbye.uuid)
                self._till.settle_recorded(record.goodbye)
            self._records.put_away(record)
