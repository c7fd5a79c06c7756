"""What the telephone is told of a session: who is there, and how long legs may last."""

from dataclasses import dataclass
from datetime import datetime

from domain.accounts.client import Client
from domain.numbers import E164


@dataclass(frozen=True, slots=True)
class End:
    """When a leg must have ended, as its money stands now."""

    uuid: str
    at: datetime
    seconds: int
    """Whole seconds from now until then."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """A leg B that may be rung."""

    seconds: int
    """How long it may be promised to last."""
    gateway: str
    caller_id: str
    """What its display shall show, as the gateway wants it."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Who has just picked up leg A."""

    account: Client
    language: str
    """Of this session."""
    wanted: E164 | None
    """Whom they asked for; None if they will key a number."""
