"""Looks after legs that nobody hears of: those that are lost, dead or strange to us."""

import time
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Final

from esl_service.desk import Desk
from esl_service.pumps.lives import Lives
from esl_service.pumps.lost import Search
from esl_service.pumps.records import Left, Reader
from esl_service.pumps.strangers import Watch
from esl_service.switch.records import Records
from esl_service.switch.switch import Switch

_BREATH: Final = 0.02
"""Seconds for the calls between two readings of records, where many wait."""


class Caretaker:
    """Settles and ends what no call of this service does, one look at a time.

    `served` are the sessions that this service has in hand.
    """

    def __init__(
        self,
        desk: Desk,
        switch: Switch,
        records: Path | None,
        clock: Callable[[], datetime],
    ) -> None:
        """`records` is where the switch leaves them, if it does."""
        self._desk = desk
        self._clock = clock
        till = desk.till
        self._records = Records(records) if records else None
        self._reader = Reader(till, self._records) if self._records else None
        self._search = Search(till, switch)
        self._strangers = Watch(till, switch)
        self._lives = Lives(till, switch)
        self._reading = Lock()

    def recount(self) -> None:
        """Know how full the gateways are, whoever began the calls."""
        self._desk.trunks.recount(self._desk.till.open_legs())

    def look_for_lost(self, served: Collection[int]) -> None:
        """Settle legs that are gone; count the others on their gateways."""
        left = self._read()  # and who is on record is not lost
        open_legs = self._desk.till.open_legs()
        self._desk.trunks.recount(open_legs)
        if left is not Left.UNKNOWN:
            self._desk.till.settle_missed()
            self._search.step(open_legs, served, is_unwritten=self._is_unwritten(left))

    def look_for_strangers(self) -> None:
        """Hang up legs that look like ours and are not."""
        self._strangers.step()

    def look_at_life(self, served: Collection[int]) -> None:
        """Settle the legs of a switch that has died, once it is back."""
        if self._lives.over and self.all_is_read():
            self._lives.step(served)

    def all_is_read(self) -> bool:
        """Read the switch's records; whether none is left to wait for."""
        return self._read() is not Left.UNKNOWN

    def _is_unwritten(self, left: Left) -> Callable[[str], bool]:
        """Tells of a leg whether the switch would have written of it, and has not."""
        records = self._records
        if records is None or left is not Left.NOTHING:
            return lambda _: False
        return lambda uuid: not records.mentions(uuid)

    def _read(self) -> Left:
        """Where the switch keeps none, none is waited for, and none proves anything."""
        if self._reader is None:
            return Left.GIVEN_UP
        with self._reading:
            while (left := self._reader.step(self._clock())) is Left.MORE:
                time.sleep(_BREATH)
        return left
