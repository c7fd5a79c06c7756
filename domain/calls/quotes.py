"""What would it cost, and how long would the money last?"""

from dataclasses import dataclass
from datetime import datetime

from domain.accounts.models import Account
from domain.calls.pricing import Prices
from domain.calls.rules import CallRules, longest_call
from domain.ledger.service import NEW_SESSION, Ledger
from domain.money import Micros
from domain.numbers import E164
from domain.tariffs.rating import MINUTE, longest_talk
from domain.tariffs.service import Price


@dataclass(frozen=True, slots=True)
class Quote:
    """The price of one two-leg call, as it stands."""

    leg_a: Price
    leg_b: Price
    first_minute: Micros
    """Both legs, for 60 seconds."""
    longest: int
    """Seconds that the available money pays for, if B picks up at once."""


class Quotes:
    """Answers before anybody is rung; changes nothing."""

    def __init__(self, prices: Prices, ledger: Ledger, rules: CallRules) -> None:
        self._prices = prices
        self._ledger = ledger
        self._rules = rules

    def quote(self, account: Account, leg_a: E164, leg_b: E164, now: datetime) -> Quote:
        """Both prices and the longest call. Raises Forbidden, NoRate."""
        a = self._prices.of_leg_a(account, leg_a, None, now)
        b = self._prices.of_leg_b(account, leg_b, now)
        return Quote(
            leg_a=a.price,
            leg_b=b.price,
            first_minute=a.held.cost(MINUTE) + b.held.cost(MINUTE),
            longest=longest_talk(
                self._ledger.funds(account, NEW_SESSION, now),
                a.held,
                b.held,
                elapsed=0,
                tail=self._rules.tail,
                cap=longest_call(account, self._rules),
            ),
        )
