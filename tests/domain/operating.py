"""Operators who move money, sell vouchers and change prices while calls go on."""

from contextlib import suppress
from datetime import timedelta
from functools import wraps

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from domain.errors import Refusal
from domain.ledger.cashier import Occasion
from domain.tariffs.rating import Rate
from domain.tariffs.sheet import Line
from domain.vouchers.service import Redeemed
from tests.domain.exchange import PowerCut
from tests.people import after

PEOPLE = 3
VOUCHERS = 4

rates = st.builds(
    Rate,
    per_minute=st.integers(0, 300_000),
    setup=st.sampled_from([0, 0, 7_001]),
    first_block=st.sampled_from([0, 1, 30, 60]),
    step=st.sampled_from([1, 6, 60]),
    free_seconds=st.sampled_from([0, 0, 20]),
    minimum_charge=st.sampled_from([0, 0, 50_000]),
    minimum_seconds=st.sampled_from([0, 0, 3]),
)
funds = st.integers(50_000, 1_500_000)
which = st.integers(0, 30)
people = st.integers(0, PEOPLE - 1)
often = st.sampled_from([True, True, True, False])


def one(candidates, n):
    """The one that a number stands for."""
    return candidates[n % len(candidates)]


def survived(what):
    """Whatever was being done when the power failed, the programs start again."""

    @wraps(what)
    def tried(self, *which, **circumstances):
        with suppress(PowerCut):
            what(self, *which, **circumstances)

    return tried


class Operators(RuleBasedStateMachine):
    """The part of the machine that moves money by hand."""

    @rule(a=rates, b=rates)
    @survived
    def prices_change(self, a, b):
        with self.transaction() as services:
            plan = services.tariffs.by_name("basic")
            self.asked += 1
            now = after(self.now) + timedelta(microseconds=self.asked)
            services.tariffs.replace(plan, [Line("4860", a), Line("4877", b)], now)

    @rule(person=people, amount=st.integers(-200_000, 200_000).filter(bool))
    @survived
    def an_operator_adjusts(self, person, amount):
        self.moves(
            lambda cashier, accounts, why: cashier.adjust(accounts[person], amount, why)
        )

    @rule(giver=people, taker=people, amount=st.integers(1, 500_000))
    @survived
    def money_is_carried_over(self, giver, taker, amount):
        if giver != taker:
            self.moves(
                lambda cashier, accounts, why: cashier.transfer(
                    accounts[giver], accounts[taker], amount, why
                )
            )

    @rule(n=which, share=st.none() | st.integers(1, 100_000))
    @survived
    def something_is_refunded(self, n, share):
        with self.transaction(write=False) as services:
            accounts = services.accounts.all()
            ids = [e.id for a in accounts for e in services.ledger.entries(a, 1000)]
        entry = one(sorted(ids), n)
        self.moves(lambda cashier, _, why: cashier.refund(entry, share, why))

    @rule(n=st.integers(0, VOUCHERS - 1), person=people)
    @survived
    def a_voucher_is_redeemed(self, n, person):
        with self.transaction() as services:
            account = services.accounts.all()[person]
            pin = self.pins[n]
            outcome = services.vouchers.redeem(account.id, pin, after(self.now))
        if isinstance(outcome, Redeemed):
            self.redeemed[n] += 1
            assert self.redeemed[n] == 1

    def moves(self, what):
        self.asked += 1
        why = Occasion(f"r{self.asked}", "because", after(self.now), "olga")
        with suppress(Refusal), self.transaction() as services:
            what(services.cashier, services.accounts.all(), why)
