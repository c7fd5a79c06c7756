"""How long two legs may last: to the second, against a search that tries each."""

import random

import pytest

from domain.tariffs.rating import Rate, cost_of, longest_run, two_legs

CASES = 20_000
CAP = 240


def law(rate, seconds):
    """The price of a leg as product and peers write it down, term by term."""
    if seconds == 0 or seconds < rate.minimum_seconds:
        return 0
    billed = seconds - rate.free_seconds
    if billed <= 0:
        billed = 0
    elif billed <= rate.first_block:
        billed = rate.first_block
    else:
        begun = billed - rate.first_block + rate.step - 1
        billed = rate.first_block + begun - begun % rate.step
    talk, rest = divmod(billed * rate.per_minute, 60)
    return max(rate.minimum_charge, rate.setup + talk + (rest > 0))


def tried(funds, a, b, elapsed, tail, cap):
    """The limit, found by trying one second more until the money is not enough."""
    talk = 0
    while talk < cap and law(a, elapsed + talk + 1 + tail) + law(b, talk + 1) <= funds:
        talk += 1
    return talk


def some_rate(chance):
    return Rate(
        per_minute=chance.choice([0, 1, 59_999, chance.randrange(2_000_000)]),
        setup=chance.choice([0, 0, chance.randrange(300_000)]),
        first_block=chance.choice([0, 1, 6, 20, 30, 60]),
        step=chance.choice([1, 6, 10, 30, 60]),
        free_seconds=chance.choice([0, 0, 0, chance.randrange(60)]),
        minimum_charge=chance.choice([0, 0, chance.randrange(500_000)]),
        minimum_seconds=chance.choice([0, 0, chance.randrange(20)]),
    )


def test_the_limit_agrees_to_the_second_with_one_found_by_trying():
    chance = random.Random(20_000)
    limited = 0

    for _ in range(CASES):
        a, b = some_rate(chance), some_rate(chance)
        funds = chance.randrange(3_000_000)
        elapsed, tail = chance.randrange(90), chance.randrange(8)
        legs = two_legs(a, b, elapsed=elapsed, tail=tail)
        found = longest_run(funds, legs, CAP)

        assert found == tried(funds, a, b, elapsed, tail, CAP), (funds, a, b)
        assert found == 0 or cost_of(legs, found) <= funds
        assert found == CAP or cost_of(legs, found + 1) > funds
        limited += 0 < found < CAP

    assert limited > CASES / 4  # the money decided, not the cap


MINUTES = {"first_block": 60, "step": 60}


@pytest.mark.parametrize(
    ("funds", "a", "b", "elapsed", "limit"),
    [
        # A2Billing #22: 0.01 at 0.04 a minute in whole minutes bought 15 s.
        (10_000, Rate(0), Rate(40_000, **MINUTES), 0, 0),
        (40_000, Rate(0), Rate(40_000, **MINUTES), 0, 60),
        # A2Billing #90: half the money by B's rate alone gave 300 s and cost 2.30.
        (1_000_000, Rate(300_000, **MINUTES), Rate(100_000, **MINUTES), 40, 80),
    ],
)
def test_what_others_gave_away_is_not_sold(funds, a, b, elapsed, limit):
    found = longest_run(funds, two_legs(a, b, elapsed=elapsed, tail=0), 3600)

    assert found == limit
    assert a.cost(elapsed + found) + b.cost(found) <= funds or limit == 0


def test_what_a2billing_90_allowed_would_have_cost_more_than_there_was():
    a, b = Rate(300_000, **MINUTES), Rate(100_000, **MINUTES)

    assert a.cost(40 + 300) + b.cost(300) == 2_300_000


def test_steps_are_counted_from_the_end_of_the_first_block():
    # 20/60 at 21 s: A2Billing and MagnusBilling round 21 up to 60 instead.
    rate = Rate(600_000, first_block=20, step=60)

    assert [rate.billed(t) for t in (1, 20, 21, 80, 81)] == [20, 20, 80, 80, 140]
