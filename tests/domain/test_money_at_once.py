"""Money when many want it at once: threads on one database, as programs would be.

`pytest --races 200` runs each of these so many times.
"""

import random
from collections import Counter

import pytest

from domain.calls.models import Source
from domain.calls.requests import Wish
from domain.calls.sessions import Ending
from domain.errors import Refusal
from domain.ledger.cashier import Occasion
from domain.ledger.models import Kind
from domain.numbers import E164
from domain.vouchers.pins import drawn as draw_pin
from tests.databases import on_both
from tests.domain.calling import a_up, admit, at_once, b_up, ended, extend, settle
from tests.domain.selling import activate, make, redeem, sell, void, voucher_entries
from tests.people import (
    EXITS,
    NOON,
    OFFICE,
    STRANGER,
    after,
    entries_add_up,
    new_uuid,
)

pytestmark = [on_both, pytest.mark.races]


def test_of_many_calls_asked_at_once_only_those_paid_for_are_accepted(town):
    anna = town.welcome(funds="0.10", calls_at_once=100)

    outcomes = at_once(lambda n: asked(town, anna, n), range(20))

    # Each holds 0.02, ten seconds of both legs, and is worth making from 0.07.
    assert outcomes.count("accepted") == 2
    assert outcomes.count("insufficient_funds") == 18
    assert town.available(anna) == "0.06"


def test_of_thirty_sessions_asked_at_once_the_money_for_one_admits_one(town):
    anna = town.welcome(funds="0.07", calls_at_once=100)  # one is worth making at 0.07

    outcomes = at_once(lambda n: asked(town, anna, n), range(30))

    assert Counter(outcomes) == {"accepted": 1, "insufficient_funds": 29}
    assert town.available(anna) == "0.05"
    assert town.holds() == 1


def test_money_carried_over_and_called_away_at_once_is_spent_once(town):
    anna = town.welcome(funds="0.10", calls_at_once=100)
    bob = town.welcome("bob", number=STRANGER, funds="0.10", calls_at_once=100)

    def spend(n):
        giver, taker = (anna, bob) if n % 3 else (bob, anna)
        if n % 2:
            return asked(town, giver, n)
        try:
            with town.transaction() as services:
                both = services.accounts.get(giver.id), services.accounts.get(taker.id)
                services.cashier.transfer(*both, 50_000, Occasion(f"t{n}", "x", NOON))
        except Refusal as refusal:
            return refusal.code
        return "carried"

    at_once(spend, range(24))

    with town.transaction(write=False) as services:
        assert not any(services.audit.faults().values())
        accounts = [services.accounts.get(each.id) for each in (anna, bob)]
        assert all(services.ledger.available(each) >= 0 for each in accounts)
        assert sum(each.balance for each in accounts) == 200_000


def asked(town, person, n):
    """What comes of one more call of this person."""
    wish = Wish(E164(f"+4860000{n:04}"), OFFICE, Source.WEB, f"{person.login} {n}")
    try:
        with town.transaction() as services:
            services.requests.ask(services.accounts.get(person.id), wish, NOON)
    except Refusal as refusal:
        return refusal.code
    return "accepted"


def test_one_leg_settled_many_times_at_once_is_paid_once(town):
    anna = town.welcome()
    with town.transaction() as services:
        wish = Wish(anna.number, OFFICE, Source.WEB, "anna")
        services.requests.ask(services.accounts.get(anna.id), wish, NOON)
        (due,) = services.requests.take_due(NOON, exits=EXITS, new_uuid=new_uuid)
    ending = Ending("NORMAL_CLEARING", 10_000_000, NOON, after(10))

    def settle(_):
        with town.transaction() as services:
            return services.sessions.settle(due.uuid, ending, after(10))

    outcomes = at_once(settle, range(20))

    assert outcomes.count(True) == 1
    assert town.balance(anna) == "9.99"
    assert town.holds() == 0


def test_settling_extending_and_answering_at_once_leave_no_hold_behind(town):
    people = [town.welcome(f"p{n}", number=E164(f"+4860000{n:04}")) for n in range(4)]
    steps = []
    for person in people:
        due = a_up(town, person, leg_a=person.number, sender=person.login)
        b, _ = admit(town, due.session_id)
        steps += [
            (b_up, due.session_id, b, after(5)),
            (extend, due.session_id, after(9)),
            (settle, b, ended(answered=5, lasted=5)),
            (extend, due.session_id, after(10)),
            (settle, due.uuid, ended(answered=0, lasted=11)),
            (extend, due.session_id, after(12)),
        ]
    random.Random(7).shuffle(steps)

    at_once(lambda step: step[0](town, *step[1:]), steps)

    assert town.holds() == 0
    with town.transaction(write=False) as services:
        for person in people:
            assert entries_add_up(services, person)
            account = services.accounts.get(person.id)
            assert len(services.ledger.entries(account)) == 3


def test_money_put_on_twice_at_once_is_put_on_once(town):
    anna = town.welcome(funds="1.00")

    def top_up(_):
        with town.transaction() as services:
            return services.ledger.post(
                anna.id, Kind.TOP_UP, 5_000_000, reference="voucher 1", now=NOON
            )

    outcomes = at_once(top_up, range(8))

    assert outcomes.count(True) == 1
    assert town.balance(anna) == "6.00"


def fifty_people(town):
    return [
        town.welcome(f"p{n}", number=E164(f"+4860000{n:04}"), funds="1.00")
        for n in range(50)
    ]


def test_of_fifty_people_with_one_voucher_one_is_richer(town):
    people = fifty_people(town)
    (pin,) = sell(town)

    outcomes = at_once(lambda person: redeem(town, person, pin), people)

    assert Counter(outcomes) == {"5.00": 1, "wrong_pin": 49}
    entries = [entry for person in people for entry in voucher_entries(town, person)]
    assert len(entries) == 1
    balances = Counter(town.balance(person) for person in people)
    assert balances == {"6.00": 1, "1.00": 49}


def test_a_voucher_keyed_fifty_times_at_once_by_one_person_is_worth_its_value(town):
    anna = town.welcome()
    (pin,) = sell(town)

    outcomes = Counter(at_once(lambda _: redeem(town, anna, pin), range(50)))

    assert outcomes["5.00"] == 1
    assert outcomes["wrong_pin"] <= 5
    assert outcomes.total() == 50
    assert town.balance(anna) == "15.00"
    assert len(voucher_entries(town, anna)) == 1


def test_of_fifty_guesses_at_a_pin_sent_at_once_only_five_are_looked_at(town):
    anna = town.welcome()
    pins = sell(town, 10)
    guesses = [draw_pin(12, lambda _, n=n: n) for n in range(40)]

    outcomes = Counter(at_once(lambda pin: redeem(town, anna, pin), [*guesses, *pins]))
    late = Counter(at_once(lambda pin: redeem(town, anna, pin), pins))

    assert outcomes["wrong_pin"] == 5
    assert outcomes["pins_locked"] == 45 - outcomes["5.00"]
    assert late == {"pins_locked": 10}


def test_of_vouchers_voided_while_they_are_redeemed_each_is_one_or_the_other(town):
    people = fifty_people(town)[:12]
    made = make(town, 12)
    activate(town, made)

    def step(n):
        if n % 4 == 3:
            return void(town, made)
        return redeem(town, people[n], made[n].pin)

    outcomes = at_once(step, range(12))

    redeemed = outcomes.count("5.00")
    assert sum(each for each in outcomes if isinstance(each, int)) == 12 - redeemed
    assert sum(len(voucher_entries(town, each)) for each in people) == redeemed
