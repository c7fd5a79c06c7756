"""What would it cost, and how long would the money last?"""

from dataclasses import dataclass
from datetime import datetime

from domain.accounts.models import Account
from domain.calls.requests import Requests
from domain.calls.rules import CallRules
from domain.ledger.service import Ledger
from domain.money import Micros
from domain.numbers import E164
from domain.tariffs.models import LegACharge
from domain.tariffs.rating import MINUTE, NOTHING, longest_talk
from domain.tariffs.service import Price, Tariffs


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

    def __init__(
        self, tariffs: Tariffs, ledger: Ledger, requests: Requests, rules: CallRules
    ) -> None:
        self._tariffs = tariffs
        self._ledger = ledger
        self._requests = requests
        self._rules = rules

    def quote(self, account: Account, leg_a: E164, leg_b: E164, now: datetime) -> Quote:
        """Both prices and the longest call. Raises Forbidden, NoRate."""
        price_a, charge = self._requests.price_of_leg_a(account, leg_a, None, now)
        price_b = self._tariffs.price(self._tariffs.plan(account.plan_id), leg_b, now)
        rate_a = NOTHING if charge is LegACharge.NEVER else price_a.rate
        return Quote(
            leg_a=price_a,
            leg_b=price_b,
            first_minute=rate_a.cost(MINUTE) + price_b.rate.cost(MINUTE),
            longest=longest_talk(
                self._ledger.available(account),
                rate_a,
                price_b.rate,
                elapsed=0,
                tail=self._rules.tail,
                cap=account.longest_call or self._rules.longest_call,
            ),
        )
