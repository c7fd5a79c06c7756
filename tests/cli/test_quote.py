"""A quote at the terminal."""

import pytest

OFFICE = "+48774417880"


def test_both_legs_the_first_minute_and_the_longest_call_are_told(seeded):
    told = seeded.reads("quote", "--account", "callback", "--to", OFFICE)

    leg_a, leg_b, minute, longest = told.splitlines()
    assert leg_a.startswith(
        "leg A, +48600316058:  Poland mobile (4860): 0.042 a minute"
    )
    assert leg_b.startswith("leg B, +48774417880:  Poland (48): 0.018 a minute")
    assert minute.split() == ["first", "minute:", "0.06", "USD"]
    assert longest.split() == ["longest", "call:", "120", "min", "0", "s"]


def test_a_quote_is_told_to_programs(seeded):
    hotel = "+4812345678"
    words = ("quote", "--account", "callback", "--to", OFFICE, "--from", hotel)

    told = seeded.learns(*words)

    assert (told["account"], told["from"], told["to"]) == ("callback", hotel, OFFICE)
    assert (told["currency"], told["first_minute"]) == ("USD", "0.036")
    assert told["longest"] == 7200
    assert told["leg_b"]["prefix"] == "48"
    assert told["leg_b"]["rate"]["per_minute"] == "0.018"


def test_an_access_number_s_own_plan_is_counted(seeded, tmp_path):
    file = tmp_path / "sim.csv"
    file.write_text("prefix,per_minute\n48,0.001\n")
    seeded.reads("plans", "create", "sim", "--currency", "USD")
    seeded.reads("rates", "import", str(file), "--plan", "sim")
    priced = seeded.reads("access", "set", "+48221000000", "--leg-a-plan", "sim")

    words = ("quote", "--account", "callback", "--to", OFFICE)
    told = seeded.learns(*words, "--via", "+48221000000")

    assert priced.startswith(
        "leg A of calls by +48221000000 is priced by the plan sim\n"
    )
    assert told["first_minute"] == "0.019"
    seeded.reads("access", "set", "+48221000000", "--leg-a-plan", "none")
    assert seeded.learns(*words, "--via", "+48221000000")["first_minute"] == "0.06"


def test_an_access_number_s_plan_in_another_currency_is_warned_of_and_refuses(seeded):
    seeded.reads("plans", "create", "euros", "--currency", "EUR")
    add = ("access", "add", "+33123456789", "--carrier", "generic")

    told = seeded.gives(*add, "--leg-a-plan", "euros")

    assert told.exit_code == 0
    assert "in EUR and nothing is converted" in told.stderr
    assert "refused to 1 accounts in other currencies (callback)" in told.stderr
    refused = seeded.is_told(
        *("quote", "--account", "callback", "--to", OFFICE, "--via", "+33123456789")
    )
    assert refused == (
        "+48600316058 is priced in another currency than your account's."
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--to", "+48700123456"), "Calls to +48700123456 are not allowed."),
        (("--to", "+99912345678"), '"+99912345678" is not a number we can dial.'),
        (("--to", OFFICE, "--via", OFFICE), f"{OFFICE} is no access number of ours"),
    ],
)
def test_why_there_is_no_quote_is_said(seeded, options, sentence):
    assert seeded.is_told("quote", "--account", "callback", *options).startswith(
        sentence
    )


def test_a_call_to_oneself_has_no_quote(seeded):
    words = ("quote", "--account", "callback", "--to", "+48600316058")

    assert seeded.is_told(*words) == "+48600316058 cannot be joined with itself."


def test_without_a_registered_number_it_must_be_said_which_phone_is_rung(seeded):
    words = ("accounts", "create", "eva", "--plan", "demo", "--password-stdin")
    seeded.reads(*words, stdin="secret\n")
    quote = ("quote", "--account", "eva", "--to", OFFICE)

    assert seeded.is_told(*quote) == "eva has no registered number: say --from"
    told = seeded.reads(*quote, "--from", "+48600316058")
    assert "none: the money is not enough" in told
