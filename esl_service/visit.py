"""Who is on the line, and what they may be told. Plain and frozen."""

from dataclasses import dataclass

from domain.money import Micros
from domain.numbers import E164


@dataclass(frozen=True, slots=True)
class Balance:
    """Micro-units of a currency."""

    amount: Micros
    currency: str


@dataclass(frozen=True, slots=True)
class Status:
    """What is on an account, and how long it lasts to whom they called last."""

    balance: Balance
    seconds: int | None
    """None if they called nobody yet, or may call there no more."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A user on the line, as the script needs to know them."""

    session_id: int
    account_id: int
    uuid: str
    leg_a: E164
    language: str
    balance: Balance | None
    """To be announced; None if they do not want to hear it."""
    must_confirm: bool
    announces_duration: bool
    """Whether they want to hear how long they may talk."""
    wanted: E164 | None
    """Whom they asked for; None if they will key a number."""
