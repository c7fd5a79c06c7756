"""Settles, from the switch's own records, legs whose end nobody here has heard."""

import logging
from collections.abc import Sequence
from typing import Final, Protocol

from esl_service.channel import Record
from esl_service.till import Till

_log = logging.getLogger(__name__)

AT_ONCE: Final = 200
"""Records read in one step: what a busy switch writes in far more than its time."""


class Records(Protocol):
    """Where the switch writes them."""

    def waiting(self, most: int) -> Sequence[Record]:
        """At most so many that nobody has put away. Raises OSError."""

    def put_away(self, record: Record) -> None:
        """One has been read. Raises OSError."""


def step(till: Till, records: Records) -> None:
    """Read what the switch wrote, settle what is still open, put it away.

    Raises Unavailable, and has put nothing away that was not settled.
    """
    try:
        _read(till, records)
    except OSError as trouble:
        _log.error("the switch's records cannot be read: %s", trouble)


def _read(till: Till, records: Records) -> None:
    waiting = records.waiting(AT_ONCE)
    still_open = till.still_open([each.goodbye.uuid for each in waiting])
    for record in waiting:
        if record.goodbye.uuid in still_open:
            _log.info("leg %s is settled by its record", record.goodbye.uuid)
            till.settle_recorded(record.goodbye)
        records.put_away(record)
