"""How a leg ended, and what that came to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from domain.accounts.client import Client
from domain.calls.priced import PricedLeg
from domain.money import Micros


@dataclass(frozen=True, slots=True)
class Ending:
    """How a leg ended, as the switch counted it."""

    cause: str
    answered_us: int
    answered_at: datetime | None
    ended_at: datetime


class Settled(NamedTuple):
    """Who has paid for a leg, and which legs of its session go on."""

    account: Client
    still_open: Sequence[PricedLeg]


class Cost(NamedTuple):
    """What a leg came to, and the seconds that were charged."""

    price: Micros
    billed_seconds: int


FREE: Final = Cost(0, 0)
