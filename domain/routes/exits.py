"""What whoever dials brings along: a trunk of its own, dice, and room. Pure."""

import random
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final, Protocol

from domain.numbers import E164
from domain.routes.callerid import NumberForm, shown
from domain.routes.choosing import Chance, Way
from domain.tariffs.rating import Rate


class NoRoom(Exception):
    """Gateways may take the leg, but all of them are full just now."""


@dataclass(frozen=True, slots=True)
class Trunk:
    """The gateway of the settings, for a house that has no other."""

    gateway: str
    caller_id: E164
    """Shown where there is no better number."""


class Room(Protocol):
    """Keeps the caps of gateways, before the switch hears of a leg."""

    def take(self, way: Way, uuid: str) -> bool:
        """Count a leg on a gateway from now on; False if it has no room."""


class Unlimited:
    """Room without end."""

    def take(self, way: Way, uuid: str) -> bool:  # noqa: ARG002 - as Room says
        """There always is."""
        return True


@dataclass(frozen=True, slots=True)
class Exits:
    """The ways out of the house, as the program that dials knows them."""

    own: Trunk
    room: Room = field(default_factory=Unlimited)
    chance: Chance = random.random


@dataclass(frozen=True, slots=True)
class Asked:
    """A leg that needs a way out."""

    number: E164
    uuid: str
    sold: Rate | None
    """What it is sold for; None where that is not to be compared."""
    currency: str
    tried: Collection[str] = ()
    """Gateways that have failed already."""


@dataclass(frozen=True, slots=True)
class Exit:
    """The way that was chosen."""

    gateway: str
    form: NumberForm
    country: str | None
    caller_id: E164
    """Of the house, where there is no better number."""

    def shows(self, number: E164 | None) -> str:
        """A number as this gateway wants it; the house's where there is none."""
        return shown(number or self.caller_id, self.form, self.country)


CAME_IN: Final = Exit("", NumberForm.DIGITS, None, E164(""))
"""Of a leg that came to us: no gateway was chosen, and nothing is shown."""
