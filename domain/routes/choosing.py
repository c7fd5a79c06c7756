"""Which gateways may take a leg, and in which order. Pure: no database, no dice.

Of the routes that are on, of gateways that are on, the longest prefix decides alone,
as it does among prices. A gateway that rests comes after all others; then the lower
priority is before the higher, and among equals chance decides by weight.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from domain.routes.callerid import NumberForm
from domain.tariffs.rating import Rate

TYPICAL_CALLS = (60, 600)
"""Seconds of the calls by which buying is compared with selling."""

Chance = Callable[[], float]
"""A number from 0 on and below 1, different each time."""


class Why(Enum):
    """Why a gateway that has a route is not tried."""

    OFF = "switched off"
    TRIED = "tried already"
    NOT_BOUGHT = "its carrier has no price for this number"
    DEARER = "bought dearer than sold"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Way:
    """A gateway, and the route by which a number comes to it."""

    gateway_id: int
    gateway: str
    is_on: bool
    calls_per_second: int | None
    calls_at_once: int | None
    caller_id_form: NumberForm
    country: str | None
    caller_id: str | None
    buying_plan_id: int | None
    may_lose: bool
    faults: int
    rests_until: datetime | None
    prefix: str | None
    """None where no route leads there."""
    priority: int
    weight: int

    def rests(self, now: datetime) -> bool:
        """Whether it is kept for when nothing else is left."""
        return self.rests_until is not None and now < self.rests_until


def in_order(ways: Iterable[Way], now: datetime, chance: Chance) -> list[Way]:
    """The ways to be tried, the first of them first."""
    usable = [each for each in ways if each.is_on and each.prefix is not None]
    longest = max((each.prefix or "" for each in usable), key=len, default="")
    return sorted(
        (each for each in usable if each.prefix == longest),
        key=lambda way: (way.rests(now), way.priority, _lot(way.weight, chance())),
    )


def _lot(weight: int, drawn: float) -> float:
    """A lot such that of several the lowest is as often one's as it weighs.

    Each is an exponential waiting time whose rate is the weight: who comes first is
    chosen by weight, and so is who comes first of the rest.
    """
    return -math.log(1 - drawn) / weight


def is_loss(bought: Rate, sold: Rate) -> bool:
    """Whether a typical call, short or long, costs us more than it brings.

    >>> is_loss(Rate(per_minute=50, setup=20), Rate(per_minute=60))
    True
    """
    return any(bought.cost(each) > sold.cost(each) for each in TYPICAL_CALLS)
