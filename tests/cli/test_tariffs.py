"""Tariff plans at the terminal."""

import pytest

from tests.databases import on_both


def test_a_plan_has_a_name_of_its_own_and_a_real_currency(seeded):
    twice = seeded.is_told("plans", "create", "demo", "--currency", "USD")
    unreal = seeded.is_told("plans", "create", "gold", "--currency", "dollars")

    assert twice == "there is a plan called 'demo' already"
    assert unreal == "'dollars' is no currency such as USD"


def test_a_plan_is_looked_at_and_changed(seeded):
    seeded.reads(
        *("plans", "set", "demo", "--time-zone", "Europe/Warsaw", "--leg-a", "never"),
        *("--ceiling", "1.50", "--longest-call", "3600", "--costly"),
        *("--forbid", "*", "--allow", "48", "--allow", "+44", "--forbid", "4877"),
    )

    told = seeded.learns("plans", "show", "demo")

    assert told == {
        "name": "demo",
        "currency": "USD",
        "leg_a": "never",
        "rates": told["rates"],
        "time_zone": "Europe/Warsaw",
        "ceiling": "1.50",
        "longest_call": 3600,
        "costly": True,
        "allowed": ["44", "48"],
        "forbidden": ["*", "4877"],
    }
    assert told["rates"] > 0


def test_limits_and_rules_are_taken_away_again(seeded):
    before = seeded.learns("plans", "show", "demo")
    limits = ("--ceiling", "1", "--longest-call", "60", "--costly", "--allow", "48")
    seeded.reads("plans", "set", "demo", *limits)

    none = ("--ceiling", "none", "--longest-call", "none", "--no-costly")
    seeded.reads("plans", "set", "demo", *none, "--forget", "48")

    assert seeded.learns("plans", "show", "demo") == before
    assert "costly:        False" in seeded.reads("plans", "show", "demo")


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--time-zone", "Warsaw", "'Warsaw' is no time zone such as Europe/Warsaw"),
        ("--ceiling", "cheap", "'cheap' is not an amount such as 12.30"),
        (
            "--longest-call",
            "1h",
            "'1h' is not a whole number of seconds from 1 to 999999",
        ),
        (
            "--longest-call",
            "0",
            "'0' is not a whole number of seconds from 1 to 999999",
        ),
        (
            "--longest-call",
            "99999999999",
            "'99999999999' is not a whole number of seconds from 1 to 999999",
        ),
        ("--ceiling", "-1", "a ceiling of -1 is below 0"),
        ("--allow", "048", "'048' is no prefix such as 4870, or *"),
        ("--forbid", "Poland", "'Poland' is no prefix such as 4870, or *"),
    ],
)
def test_what_a_plan_cannot_be_is_refused(seeded, option, value, sentence):
    before = seeded.learns("plans", "show", "demo")

    assert seeded.is_told("plans", "set", "demo", option, value) == sentence
    assert seeded.learns("plans", "show", "demo") == before


@on_both
def test_the_longest_call_that_can_be_set_is_kept(seeded):
    seeded.reads("plans", "set", "demo", "--longest-call", "999999", "--ceiling", "0")

    told = seeded.learns("plans", "show", "demo")

    assert (told["longest_call"], told["ceiling"]) == (999_999, "0.00")
