"""Who is on the line, what they may be told, and whom they call. Plain and frozen."""

from dataclasses import dataclass

from domain.calls.models import THE_SWITCH
from domain.calls.rules import CallRules
from domain.money import Micros
from domain.numbers import E164
from esl_service.channel import Dial, Goodbye


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
class Line:
    """A leg B about to be dialled, and the seconds that may be promised."""

    dial: Dial
    seconds: int
    tried: frozenset[str] = frozenset()
    """Gateways that have failed to reach this party."""


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
    line: Line | None = None
    """To whom they asked for, if it was made as they picked up."""


@dataclass(frozen=True, slots=True)
class Parting:
    """How a called party's leg ended, and whether there is money to go on."""

    goodbye: Goodbye
    lasts: bool


@dataclass(frozen=True, slots=True)
class Site:
    """What the operator has chosen for every call."""

    gateway: str
    caller_id: str
    rules: CallRules
    switch: str = THE_SWITCH
    """What the switch of this service is called, among several."""
