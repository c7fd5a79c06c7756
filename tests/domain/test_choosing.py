"""Which rate holds, and which numbers a plan lets be rung."""

from datetime import UTC, timedelta

import pytest

from domain.numbers import E164, is_costly
from domain.tariffs.choosing import Candidate, choose, may_ring
from domain.tariffs.rating import Rate
from tests.people import NOON, OFFICE, after

MOBILE = E164("+48600316058")
PREMIUM = E164("+48700123456")
SATELLITE = E164("+881612345678")


def row(prefix, price, **when):
    return Candidate(prefix, "", Rate(price), **when)


def chosen(*rows, at=NOON):
    found = choose(rows, at, UTC)
    return found.rate.per_minute if found else None


def test_the_longest_prefix_wins_not_the_cheapest():
    # ASTPP #273 took the cheapest of the prefixes that matched.
    assert chosen(row("48", 1), row("4877", 30), row("487", 2)) == 30


def test_only_rows_that_are_valid_count_however_long_their_prefix():
    ended = row("4877", 1, valid_to=NOON)
    to_come = row("48774", 2, valid_from=after(1))
    of_the_night = row("487744", 3, band="22:00-06:00")

    assert chosen(ended, to_come, of_the_night, row("48", 4)) == 4
    assert chosen(ended, to_come, of_the_night) is None


def test_of_one_prefix_a_banded_row_comes_first_and_then_the_later():
    plain, later = row("48", 1), row("48", 2, valid_from=NOON)
    by_day = row("48", 3, band="mon-fri 08:00-18:00")
    by_day_later = row("48", 4, band="mon-fri 08:00-19:00", valid_from=NOON)

    assert chosen(plain, later) == 2
    assert chosen(plain, by_day, later) == 3
    assert chosen(by_day_later, plain, by_day, later) == 4
    assert chosen(plain, by_day, later, at=NOON + timedelta(hours=8)) == 2


def test_a_row_begins_with_its_first_moment_and_ends_before_its_last():
    today = row("48", 1, valid_from=NOON, valid_to=after(60))

    held = [chosen(today, at=after(seconds)) for seconds in (-1, 0, 59, 60)]

    assert held == [None, 1, 1, None]


@pytest.mark.parametrize(
    ("rules", "number", "allowed"),
    [
        ({}, OFFICE, True),
        ({}, PREMIUM, False),
        ({"": False}, OFFICE, False),
        ({"": False, "48": True}, OFFICE, True),
        ({"": False, "48": True}, E164("+442071234567"), False),
        ({"4877": False}, OFFICE, False),
        ({"4877": False, "48774": True}, OFFICE, True),
        ({"4877": False}, MOBILE, True),
        # A country is let in without its premium numbers; a range that is named, with.
        ({"48": True}, PREMIUM, False),
        ({"": True}, PREMIUM, False),
        ({"4870": True}, PREMIUM, True),
        ({"4870": True}, SATELLITE, False),
        ({"881": True}, SATELLITE, True),
        ({"4870": True, "48700": False}, PREMIUM, False),
    ],
)
def test_the_longest_rule_decides_what_may_be_rung(rules, number, allowed):
    assert may_ring(number, rules, allows_costly=False) is allowed


def test_a_plan_may_allow_all_that_is_costly_and_still_forbid_some():
    rules = {"48": True, "4870": False}

    assert may_ring(SATELLITE, rules, allows_costly=True)
    assert not may_ring(PREMIUM, rules, allows_costly=True)


@pytest.mark.parametrize(
    ("number", "costly"),
    [
        ("+48774417880", False),
        ("+48600316058", False),
        ("+48700123456", True),  # premium
        ("+48801123456", True),  # shared cost
        ("+19005551234", True),
        ("+12125551234", False),
        ("+881612345678", True),  # satellite
        ("+870773123456", True),
        ("+97912345678", True),
        ("+80812345678", True),
        ("+80012345678", False),  # free of charge
        # Exchanges ignore what is dialled beyond a number's end.
        ("+487001234567", True),
        ("+4870012345678", True),
        ("+487744178801", False),
    ],
)
def test_premium_shared_cost_and_satellite_numbers_are_known(number, costly):
    assert is_costly(E164(number)) is costly
