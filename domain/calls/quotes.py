"""What would it cost, and how long would the money last?"""

from dataclasses import dataclass
from datetime import datetime

from domain.accounts.models import Account
from domain.calls.pricing import Prices
from domain.calls.rules import (
    CallRules,
    before_answer,
    longest_call,
    promised,
    talk_cap,
)
from domain.errors import NoRate, SameNumber
from domain.ledger.service import NEW_SESSION, Ledger
from domain.money import Micros
from domain.numbers import E164
from domain.tariffs.rating import MINUTE, two_legs
from domain.tariffs.service import Price


@dataclass(frozen=True, slots=True)
class Quote:
    """The price of one two-leg call, as it stands."""

    currency: str
    leg_a: Price
    leg_b: Price
    first_minute: Micros
    """Both legs, for 60 seconds."""
    longest: int
    """Seconds that the caller would be told before B is rung; 0 for a call that the
    money is not enough for."""


class Quotes:
    """Answers before anybody is rung; changes nothing."""

    def __init__(self, prices: Prices, ledger: Ledger, rules: CallRules) -> None:
        self._prices = prices
        self._ledger = ledger
        self._rules = rules

    def quote(
        self,
        account: Account,
        leg_a: E164,
        leg_b: E164,
        now: datetime,
        access_number_id: int | None = None,
        *,
        session_id: int = NEW_SESSION,
        up: int = 0,
    ) -> Quote:
        """Both prices and the longest call, asked for by an access number or not.

        Within a session whose leg A has been up for `up` seconds, it is the next call.
        Raises SameNumber, Forbidden, NoRate, OtherCurrency.
        """
        if leg_a == leg_b:
            raise SameNumber(number=leg_a)
        a, b = self._prices.of_both(account, leg_a, leg_b, access_number_id, now)
        if b is None:
            raise NoRate(number=leg_b)
        before, tail = up + before_answer(self._rules), self._rules.tail
        longest = longest_call(account, self._prices.plan_of(account), self._rules)
        return Quote(
            currency=account.currency,
            leg_a=a.price,
            leg_b=b.price,
            first_minute=a.held.cost(MINUTE) + b.held.cost(MINUTE),
            longest=promised(
                self._ledger.funds(account, session_id, now),
                two_legs(a.held, b.held, elapsed=before, tail=tail),
                talk_cap(longest, before, self._rules),
                self._rules,
            ),
        )
