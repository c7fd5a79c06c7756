"""Long texts that come in parts: kept, and joined in order once all are there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.orm import Session

from domain.accounts.turns import take_turn
from domain.messages.models import StoredPart
from domain.messages.sms import SmsPart

KEPT: Final = timedelta(days=1)
"""How long a part waits for the others."""


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

        A part told again changes nothing and shows the same whole. Another text that
        goes by the same reference, as telephones count to 255 only, takes its place.
        """
        # Two parts stored side by side would each miss the other.
        take_turn(self._session, f"parts of {part.sms.sender}")
        rows = {
            row.place: row
            for row in self._session.scalars(
                select(StoredPart).where(_of_one_text(part)).with_for_update()
            )
        }
        before = rows.get(part.place)
        if before is not None and before.external_id != part.sms.external_id:
            self._session.execute(delete(StoredPart).where(_of_one_text(part)))
            rows, before = {}, None
        if before is None:
            row = _row(part, sealed, now)
            self._session.add(row)
            self._session.flush()
            rows[part.place] = row
        fresh = [row for row in rows.values() if row.received_at > now - KEPT]
        if len(fresh) < part.total:
            return None
        whole = sorted(fresh, key=lambda row: row.place)
        return Joined(
            whole[0].external_id,
            sealed=tuple(row.sealed for row in whole),
            posted=tuple(row.posted for row in whole),
        )


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
