"""Accounts, their numbers and their money, at the terminal."""

import pytest


def open_account(operator, login, *options):
    return operator.reads(
        *("accounts", "create", login, "--plan", "demo", "--password-stdin"),
        *options,
        stdin="secret\n",
    )


def test_an_operator_opens_an_account_and_sees_it(seeded):
    open_account(seeded, "Anna", "--language", "fr", "--numbers", "2")

    assert seeded.learns("accounts", "show", "anna") == {
        "login": "anna",
        "status": "active",
        "plan": "demo",
        "currency": "USD",
        "balance": "0.00",
        "available": "0.00",
        "language": "fr",
        "numbers": [],
        "holds": [],
    }
    assert [each["login"] for each in seeded.learns("accounts", "list")] == [
        "anna",
        "callback",
    ]


def test_lists_are_columns_for_people(seeded):
    header, callback = seeded.reads("accounts", "list").splitlines()

    assert header.split()[:3] == ["login", "status", "plan"]
    assert callback.split()[-1] == "+48600316058"


def test_an_account_is_shown_in_lines_for_people(seeded):
    lines = seeded.reads("accounts", "show", "callback").splitlines()

    assert "balance:    10.00" in lines
    assert "numbers:    +48600316058" in lines
    assert "holds:      none" in lines


def test_before_there_are_accounts_a_sentence_says_so(operator):
    assert operator.reads("accounts", "list") == "there are no accounts yet\n"
    assert operator.learns("accounts", "list") == []


def test_the_password_may_come_from_the_environment_or_a_prompt(seeded):
    seeded.environ["SMS_CALLBACK_PASSWORD"] = "from-the-environment"
    seeded.reads("accounts", "create", "eva", "--plan", "demo")
    seeded.environ["SMS_CALLBACK_PASSWORD"] = None
    told = seeded.reads(
        *("accounts", "create", "ida", "--plan", "demo"), stdin="typed-in\ntyped-in\n"
    )

    assert "typed-in" not in told
    for login, password in (("eva", "from-the-environment"), ("ida", "typed-in")):
        text = f"U.{login} P.{password} I"
        reply = seeded.learns(
            *("sms", "receive", "--from", "+48600316058", "--to", "+48221000000", text)
        )
        assert "balance is $0.00" in reply[0]["text"]


@pytest.mark.parametrize(
    ("words", "password", "sentence"),
    [
        (["callback", "--plan", "demo"], "secret", "the login 'callback' is taken"),
        (
            ["anna", "--plan", "gold"],
            "secret",
            "no plan is called 'gold'; there are: demo",
        ),
        (
            ["anna", "--plan", "demo", "--currency", "EUR"],
            "secret",
            "the plan demo is in USD, not in EUR",
        ),
        (
            ["anna berg", "--plan", "demo"],
            "secret",
            "a login is one word, without commas",
        ),
        (
            ["anna", "--plan", "demo"],
            "abc",
            "a password is one word of 4 letters or more, without commas",
        ),
    ],
)
def test_an_account_that_cannot_be_is_refused(seeded, words, password, sentence):
    told = seeded.is_told(
        *("accounts", "create", *words, "--password-stdin"), stdin=f"{password}\n"
    )

    assert told == sentence


def test_money_is_credited_and_taken_back_to_the_micro_unit(seeded):
    credited = seeded.reads(
        *("accounts", "credit", "callback", "2.500001", "--note", "paid in cash")
    )
    seeded.reads("accounts", "credit", "callback", "-0.5", "--note", "a mistake")

    assert credited == "callback has 12.500001 USD\n"
    assert seeded.learns("accounts", "show", "callback")["balance"] == "12.000001"


def test_the_same_reference_is_credited_once(seeded):
    words = ("accounts", "credit", "callback", "5", "--note", "x", "--reference", "r7")
    seeded.reads(*words)

    assert seeded.is_told(*words) == ("r7 was written into the ledger before.")
    assert seeded.learns("accounts", "show", "callback")["balance"] == "15.00"


@pytest.mark.parametrize(
    ("login", "amount", "sentence"),
    [
        ("nobody", "5", "no account has the login 'nobody'"),
        ("callback", "five", "'five' is not an amount such as 12.30"),
        ("callback", "0.0000001", "'0.0000001' has more than six decimals"),
        ("callback", "0", "an amount of 0 moves nothing"),
        ("callback", "-10.01", "Not enough money: $10.00 left."),
    ],
)
def test_money_that_cannot_be_moved_is_not(seeded, login, amount, sentence):
    told = seeded.is_told("accounts", "credit", login, amount, "--note", "x")

    assert told == sentence
    assert seeded.learns("accounts", "show", "callback")["balance"] == "10.00"


def test_a_new_number_replaces_the_only_one(seeded):
    told = seeded.reads("numbers", "add", "callback", "0048 512 345 678")

    assert told == "+48512345678 now identifies callback\n"
    assert seeded.learns("accounts", "show", "callback")["numbers"] == ["+48512345678"]


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("nonsense", '"nonsense" is not a number we can dial. Nothing was done.'),
        ("+48600316058", "+48600316058 is registered by another account."),
        ("+48221000000", "+48221000000 is a number of this service."),
    ],
)
def test_a_number_that_cannot_be_registered_is_refused(seeded, number, sentence):
    open_account(seeded, "anna")

    assert seeded.is_told("numbers", "add", "anna", number) == sentence


def test_an_access_number_is_taken_into_service(seeded):
    words = ("access", "add", "+33123456789", "--carrier", "generic")
    seeded.reads(*words, "--country", "fr", "--language", "fr")

    french, _ = seeded.learns("access", "list")
    assert french == {
        "number": "+33123456789",
        "carrier": "generic",
        "country": "FR",
        "language": "fr",
        "service": "none",
        "asks_pin": False,
        "leg_a_plan": None,
    }
    assert seeded.is_told(*words) == "+33123456789 is an access number already"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ["+33123456789", "--carrier", "pigeon"],
            "no carrier is called 'pigeon'; the settings list: generic",
        ),
        (
            ["+33123456789", "--carrier", "generic", "--country", "France"],
            "'France' is no country such as PL",
        ),
        (
            ["+48600316058", "--carrier", "generic"],
            "+48600316058 is registered by an account",
        ),
    ],
)
def test_an_access_number_that_cannot_be_is_refused(seeded, words, sentence):
    assert seeded.is_told("access", "add", *words) == sentence


def test_more_numbers_than_a_database_counts_are_a_wrong_use(seeded):
    words = ("accounts", "create", "eve", "--plan", "demo", "--password-stdin")

    result = seeded.gives(*words, "--numbers", "99999999999", stdin="secret\n")

    assert result.exit_code == 2
    assert "is not in the range" in result.stderr
