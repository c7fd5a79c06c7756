"""Which gateways are tried, in which order; what each of them is shown."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.numbers import E164
from domain.routes.callerid import NumberForm, shown
from domain.routes.choosing import TYPICAL_CALLS, Way, in_order, is_loss
from domain.routes.health import HealthRules, rest
from domain.tariffs.rating import Rate
from tests.people import NOON, after

WAY = Way(
    gateway_id=1,
    gateway="one",
    is_on=True,
    calls_per_second=None,
    calls_at_once=None,
    caller_id_form=NumberForm.DIGITS,
    country=None,
    caller_id=None,
    buying_plan_id=None,
    may_lose=False,
    faults=0,
    rests_until=None,
    prefix="48",
    priority=1,
    weight=1,
)

ways = st.lists(
    st.builds(
        replace,
        st.just(WAY),
        gateway=st.sampled_from("abcdef"),
        is_on=st.booleans(),
        prefix=st.sampled_from([None, "", "48", "487"]),
        priority=st.integers(1, 3),
        weight=st.integers(1, 5),
        rests_until=st.sampled_from([None, after(-1), after(60)]),
    )
)


def way(name, **fields):
    return replace(WAY, gateway=name, **fields)


def names(ways, chance=lambda: 0.5):
    return [each.gateway for each in in_order(ways, NOON, chance)]


def test_the_longest_prefix_decides_alone():
    assert names([way("world", prefix=""), way("poland")]) == ["poland"]


def test_what_is_off_or_has_no_route_decides_nothing():
    off = way("poland", is_on=False)
    nowhere = way("nowhere", prefix=None)

    assert names([off, nowhere, way("world", prefix="")]) == ["world"]


def test_the_lower_priority_is_tried_first():
    assert names([way("second", priority=2), way("first")]) == ["first", "second"]


def test_a_gateway_that_rests_is_tried_when_nothing_else_is_left():
    tired = way("tired", rests_until=after(30))
    rested = way("rested", priority=8, rests_until=after(-1))

    assert names([tired, way("well", priority=9), rested]) == [
        "rested",
        "well",
        "tired",
    ]


def test_among_equals_chance_decides_by_weight():
    draws = [(n + 0.5) / 40 for n in range(40)]
    first = Counter(
        names([way("heavy", weight=3), way("light")], iter((a, b)).__next__)[0]
        for a in draws
        for b in draws
    )

    assert first["heavy"] / first.total() == pytest.approx(0.75, abs=0.02)


@given(ways, st.randoms(use_true_random=False))
def test_every_way_of_the_longest_prefix_is_tried_once(ways, dice):
    tried = in_order(ways, NOON, dice.random)

    usable = [each for each in ways if each.is_on and each.prefix is not None]
    longest = max((len(each.prefix) for each in usable), default=0)
    assert Counter(tried) == Counter(
        each for each in usable if len(each.prefix) == longest
    )
    ranks = [(each.rests(NOON), each.priority) for each in tried]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize(
    ("bought", "sold", "loses"),
    [
        (Rate(60), Rate(60), False),
        (Rate(61), Rate(60), True),
        # Cheap by the minute, but no short call pays for its beginning.
        (Rate(50, setup=20), Rate(60), True),
        # Sold by whole minutes of which we pay each second: never a loss.
        (Rate(60), Rate(60, first_block=60, step=60), False),
        # A long call that is free for us to sell is no bargain to buy.
        (Rate(1), Rate(60, free_seconds=600), True),
    ],
)
def test_a_typical_call_must_not_cost_more_than_it_brings(bought, sold, loses):
    assert TYPICAL_CALLS == (60, 600)
    assert is_loss(bought, sold) is loses


def test_each_rest_is_longer_and_none_too_long():
    rules = HealthRules()
    lengths = [rest(times, rules) for times in range(40)]

    assert lengths == sorted(lengths)
    assert (lengths[0], lengths[-1]) == (rules.first_rest, rules.longest_rest)


@pytest.mark.parametrize(
    ("form", "country", "display"),
    [
        (NumberForm.PLUS, None, "+442071234567"),
        (NumberForm.DIGITS, None, "442071234567"),
        (NumberForm.ZEROS, None, "00442071234567"),
        (NumberForm.NATIONAL, "GB", "02071234567"),
        (NumberForm.NATIONAL, "PL", "00442071234567"),
    ],
)
def test_a_number_is_shown_as_the_gateway_wants_it(form, country, display):
    assert shown(E164("+442071234567"), form, country) == display


@given(
    st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True),
    st.sampled_from(NumberForm),
    st.sampled_from(["PL", "GB", "US", "VN", "IT"]),
)
def test_whatever_is_shown_is_digits_and_perhaps_a_plus(number, form, country):
    display = shown(E164(number), form, country)

    assert display.removeprefix("+").isdecimal()
    assert display.isascii()
