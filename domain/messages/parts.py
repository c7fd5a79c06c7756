"""Long texts that come in parts: kept, and joined in order once all are there."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from domain.accounts.turns import take_turn
from domain.messages.models import StoredPart
from domain.messages.sms import SmsPart
from domain.numbers import shortened

_log = logging.getLogger(__name__)

TOGETHER: Final = timedelta(hours=1)
"""How long a part waits for the others. Telephones count their long texts to 255 only:
what comes later by the same reference is another text."""
KEPT: Final = timedelta(days=1)
"""How long a part is known when its carrier tells it again."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A text whose parts are all there."""

    external_id: str
    """The first part's: the same however often any part is told again."""
    sealed: tuple[str, ...]
    """The parts' texts in order, as they were given."""
    posted: tuple[str | None, ...]
    """How each was told."""


class Parts:
    """Parts of texts. What is in them nobody can read here: they may hold passwords."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, part: SmsPart, sealed: str, now: datetime) -> Joined | None:
        """Keep a part; the whole text if none is missing now.

        A part told again is the same part and shows the same whole. Another text that
        goes by the same reference takes the place of what came before: it is known by
        its time, or by another part of the same number.
        """
        # Two parts stored side by side would each miss the other.
        take_turn(self._session, f"parts of {part.sms.sender}")
        of_one_text = select(StoredPart).where(_of_one_text(part)).with_for_update()
        rows = list(self._session.scalars(of_one_text))
        told = [row for row in rows if row.external_id == part.sms.external_id]
        for row in told:
            row.received_at = now  # to be known when it is told once more
        if not told:
            rows = [*self._of_this_text(rows, part, now), _row(part, sealed, now)]
            self._session.add(rows[-1])
        if len(rows) < part.total:
            return None
        whole = sorted(rows, key=lambda row: row.place)
        return Joined(
            whole[0].external_id,
            sealed=tuple(row.sealed for row in whole),
            posted=tuple(row.posted for row in whole),
        )

    def _of_this_text(
        self, rows: list[StoredPart], part: SmsPart, now: datetime
    ) -> list[StoredPart]:
        """Those that a new part may belong to; the others are forgotten."""
        begins = part.place in {row.place for row in rows if _is_near(row, now)}
        own = [row for row in rows if _is_near(row, now) and not begins]
        forgotten = [row for row in rows if row not in own]
        if forgotten and len(rows) < part.total:
            _log.warning(
                "%s of %s parts of a text from %s never met the others: forgotten",
                *(len(forgotten), part.total, shortened(part.sms.sender)),
            )
        for row in forgotten:
            self._session.delete(row)
        self._session.flush()  # another part of the same number may have been there
        return own


def _is_near(row: StoredPart, now: datetime) -> bool:
    return row.received_at > now - TOGETHER


def _of_one_text(part: SmsPart) -> ColumnElement[bool]:
    return and_(
        StoredPart.carrier == part.sms.carrier,
        StoredPart.sender == part.sms.sender,
        StoredPart.recipient == part.sms.recipient,
        StoredPart.reference == part.reference,
        StoredPart.total == part.total,
    )


def _row(part: SmsPart, sealed: str, now: datetime) -> StoredPart:
    return StoredPart(
        carrier=part.sms.carrier,
        sender=part.sms.sender,
        recipient=part.sms.recipient,
        reference=part.reference,
        total=part.total,
        place=part.place,
        external_id=part.sms.external_id,
        sealed=sealed,
        posted=part.sms.posted,
        received_at=now,
    )
