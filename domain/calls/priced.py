"""A leg as those see it who price it and hold for it. Pure."""

from dataclasses import dataclass
from datetime import datetime

from domain.calls.models import Side
from domain.numbers import E164
from domain.tariffs.models import LegACharge
from domain.tariffs.rating import Rate


@dataclass(frozen=True, slots=True)
class PricedLeg:
    """A leg and its terms, as they stood when they were read."""

    uuid: str
    session_id: int
    side: Side
    number: E164
    charge: LegACharge
    answered_at: datetime | None
    ended_at: datetime | None
    answered_us: int
    terms: Rate
