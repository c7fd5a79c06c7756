"""An account as its calls need it, read as a plain value."""

from dataclasses import dataclass
from typing import TypeAlias

from domain.accounts.models import Account, Status
from domain.money import Micros


@dataclass(slots=True)
class Client:
    """Whoever pays for a call that is on the line; the row is locked meanwhile.

    Nothing that is changed here is written: whoever moves money says so to the
    ledger, and then here.
    """

    id: int
    status: Status
    language: str | None
    currency: str
    plan_id: int
    balance: Micros
    credit_limit: Micros
    longest_call: int | None
    daily_spend: Micros | None
    announces_balance: bool
    announces_duration: bool
    confirms_leg_a: bool | None


Payer: TypeAlias = Account | Client
"""Who has money, however it was read."""
