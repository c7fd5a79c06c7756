"""Amounts and prices: exact, whatever the numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import money
from domain.money import NotAnAmount
from domain.tariffs.rating import NOTHING, Rate, longest_run, two_legs, whole_seconds

amounts = st.integers(-money.LARGEST, money.LARGEST)
rates = st.builds(
    Rate,
    per_minute=st.integers(0, 5_000_000),
    setup=st.integers(0, 1_000_000),
    first_block=st.integers(0, 120),
    step=st.integers(1, 120),
    free_seconds=st.integers(0, 90),
    minimum_charge=st.integers(0, 1_000_000),
    minimum_seconds=st.integers(0, 30),
)


@given(amounts)
def test_an_amount_survives_being_written_and_read(amount):
    assert money.parse(money.plain(amount)) == amount


@pytest.mark.parametrize(
    "text", ["", "1,000.00", "1e3", "0.0000001", "abc", "1.2.3", "-", "９", "9" * 40]
)
def test_what_is_no_exact_amount_is_refused(text):
    with pytest.raises(NotAnAmount):
        money.parse(text)


@pytest.mark.parametrize(
    ("amount", "currency", "language", "spelled"),
    [
        (12_300_000, "USD", "en", "$12.30"),
        (-999_999, "USD", "en", "-$0.99"),
        (1_234_567_000_000, "USD", "en", "$1,234,567.00"),
        (12_300_000, "EUR", "fr", "12,30\xa0€"),
        (50_000_000_000, "VND", "vi", "50.000\xa0₫"),
        (12_300_000, "PLN", "xx", "PLN12.30"),
    ],
)
def test_an_amount_is_spelled_as_people_read_it(amount, currency, language, spelled):
    assert money.spelled(amount, currency, language) == spelled


@pytest.mark.parametrize(
    ("rate", "seconds", "billed", "cost"),
    [
        (Rate(600_000), 0, 0, 0),
        (Rate(600_000), 1, 1, 10_000),
        (Rate(600_000, first_block=60, step=60), 1, 60, 600_000),
        (Rate(600_000, first_block=60, step=60), 61, 120, 1_200_000),
        (Rate(600_000, first_block=20, step=60), 21, 80, 800_000),
        (Rate(600_000, first_block=30, step=6), 31, 36, 360_000),
        (Rate(600_000, setup=50_000), 6, 6, 110_000),
        (Rate(600_000, free_seconds=10), 10, 0, 0),
        (Rate(600_000, setup=5, free_seconds=10), 10, 0, 5),
        (Rate(600_000, minimum_charge=100_000), 1, 1, 100_000),
        (Rate(600_000, minimum_seconds=6), 5, 5, 0),
        (Rate(1), 1, 1, 1),
        (NOTHING, 3600, 3600, 0),
    ],
)
def test_a_leg_costs_what_its_terms_say(rate, seconds, billed, cost):
    assert (rate.billed(seconds), rate.cost(seconds)) == (billed, cost)


def test_answered_time_is_rounded_up_to_whole_seconds():
    assert [whole_seconds(us) for us in (0, 1, 1_000_000, 1_000_001)] == [0, 1, 1, 2]


def test_terms_that_could_not_work_are_refused():
    with pytest.raises(ValueError, match="step"):
        Rate(1, step=0)
    with pytest.raises(ValueError, match="setup"):
        Rate(1, setup=-1)


@given(rates, st.integers(0, 4000))
def test_a_longer_call_is_never_cheaper(rate, seconds):
    assert rate.cost(seconds) <= rate.cost(seconds + 1)


@given(
    rates,
    rates,
    st.integers(0, 20_000_000),
    st.integers(0, 300),
    st.integers(0, 10),
    st.integers(0, 900),
)
def test_the_limit_is_the_largest_that_can_be_paid(a, b, funds, elapsed, tail, cap):
    def fits(talk):
        return a.cost(elapsed + talk + tail) + b.cost(talk) <= funds

    legs = two_legs(a, b, elapsed=elapsed, tail=tail)
    found = longest_run(funds, legs, cap)

    assert found == max((t for t in range(1, cap + 1) if fits(t)), default=0)
