"""What an account may do and how its calls begin, set at the terminal."""

import pytest

NOTHING_CHOSEN = {
    "login": "callback",
    "status": "active",
    "language": "none",
    "confirm": "first",
    "announce balance": "yes",
    "announce duration": "yes",
    "numbers": "1",
    "calls at once": "1",
    "longest call": "none",
    "daily spend": "none",
}


def change(operator, *options):
    """Set something; what holds now."""
    lines = operator.reads("accounts", "set", "callback", *options).splitlines()
    return {name: value.strip() for name, value in (each.split(":") for each in lines)}


def test_what_is_not_named_stays_as_it_is(seeded):
    assert change(seeded, "--language", "none") == NOTHING_CHOSEN


@pytest.mark.parametrize(
    ("option", "value", "name", "told"),
    [
        ("--status", "blocked", "status", "blocked"),
        ("--language", "fr", "language", "fr"),
        ("--confirm", "always", "confirm", "always"),
        ("--confirm", "never", "confirm", "never"),
        ("--numbers", "3", "numbers", "3"),
        ("--calls-at-once", "2", "calls at once", "2"),
        ("--longest-call", "600", "longest call", "600"),
        ("--daily-spend", "5", "daily spend", "5.00"),
        ("--daily-spend", "0", "daily spend", "0.00"),
    ],
)
def test_an_operator_sets_it_and_takes_it_back(seeded, option, value, name, told):
    before = change(seeded)
    assert change(seeded, option, value) == {**before, name: told}
    assert change(seeded) == {**before, name: told}

    assert change(seeded, option, before[name]) == before


def test_announcements_are_switched_off_and_on(seeded):
    before = change(seeded)
    off = change(seeded, "--no-announce-balance", "--no-announce-duration")
    assert off == {**before, "announce balance": "no", "announce duration": "no"}

    assert change(seeded, "--announce-balance", "--announce-duration") == before


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--longest-call", "0"], "'0' is not a whole number of seconds from 1"),
        (["--longest-call", "an hour"], "'an hour' is not a whole number of seconds"),
        (["--daily-spend", "-1"], "--daily-spend is below 0"),
        (["--daily-spend", "much"], "'much' is not an amount"),
    ],
)
def test_what_cannot_be_set_is_told_in_a_sentence(seeded, options, sentence):
    assert sentence in seeded.is_told("accounts", "set", "callback", *options)
