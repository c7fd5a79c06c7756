"""`sms-callback ledger`, and the commands of `accounts` that move money."""

import getpass
import json
import os

import pytest
from sqlalchemy import text

from domain.database import engine_for
from tests.databases import on_both

WHY = ("--note", "as agreed", "--operator", "olga")


@pytest.fixture
def two(seeded):
    """The demo's account, and Anna's with nothing on it."""
    words = ("accounts", "create", "anna", "--plan", "demo", "--password-stdin")
    seeded.reads(*words, stdin="secret\n")
    return seeded


def entries(operator, login):
    return operator.learns("ledger", "list", login)


def test_an_adjustment_stands_in_the_ledger_with_its_reason_and_its_operator(seeded):
    told = seeded.reads("accounts", "adjust", "callback", "-0.30", *WHY)

    assert told == "callback has 9.70 USD\n"
    newest, _ = entries(seeded, "callback")
    assert (newest["kind"], newest["amount"]) == ("adjustment", "-0.30")
    assert (newest["note"], newest["operator"]) == ("as agreed", "olga")


@pytest.mark.parametrize("trouble", [KeyError, OSError])
def test_whoever_has_no_login_answers_for_it_by_their_number(
    seeded, monkeypatch, trouble
):
    def nameless():
        raise trouble

    monkeypatch.setattr(getpass, "getuser", nameless)
    seeded.environ["SMS_CALLBACK_OPERATOR"] = None

    seeded.reads("accounts", "adjust", "callback", "1", "--note", "as agreed")

    assert entries(seeded, "callback")[0]["operator"] == f"user {os.getuid()}"


def test_money_is_carried_from_one_to_another(two):
    told = two.reads("accounts", "transfer", "callback", "anna", "4", *WHY)

    assert told == "callback has 6.00 USD\nanna has 4.00 USD\n"
    assert two.is_told("accounts", "transfer", "callback", "anna", "6.01", *WHY) == (
        "Not enough money: $6.00 left."
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("callback", "callback", "1"),
            "a transfer carries money from one to another",
        ),
        (("callback", "nobody", "1"), "no account has the login 'nobody'"),
        (("callback", "anna", "0"), "an amount of 0 moves nothing"),
    ],
)
def test_a_transfer_that_cannot_be_is_refused(two, words, sentence):
    assert two.is_told("accounts", "transfer", *words, *WHY) == sentence


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        (("--note", " ", "--operator", "olga"), "--note is empty: say why"),
        (("--note", "x", "--operator", ""), "--operator is empty: say who you are"),
    ],
)
def test_money_nobody_answers_for_is_not_moved(seeded, option, sentence):
    assert seeded.is_told("accounts", "adjust", "callback", "1", *option) == sentence


def test_a_payment_is_refunded_once(seeded):
    (payment,) = entries(seeded, "callback")

    seeded.reads("ledger", "refund", str(payment["id"]), "--amount", "4", *WHY)
    told = seeded.reads("ledger", "refund", str(payment["id"]), *WHY)

    assert told == "callback has 0.00 USD\n"
    newest = entries(seeded, "callback")[0]
    assert (newest["amount"], newest["refunds"]) == ("-6.00", payment["id"])
    assert seeded.is_told("ledger", "refund", str(payment["id"]), *WHY) == (
        "Of that, $0.00 can still be refunded."
    )


def test_what_can_still_be_refunded_is_told_to_the_micro_unit(seeded):
    seeded.reads("accounts", "adjust", "callback", "-0.0024", *WHY)
    entry = entries(seeded, "callback")[0]["id"]

    assert seeded.is_told("ledger", "refund", str(entry), "--amount", "1", *WHY) == (
        "Of that, $0.0024 can still be refunded."
    )


def test_a_transfer_told_twice_is_named_as_it_was_given(two):
    words = ("accounts", "transfer", "callback", "anna", "1", "--reference", "t1")
    two.reads(*words, *WHY)

    assert two.is_told(*words, *WHY) == "t1 was written into the ledger before."


def test_an_entry_that_is_not_there_cannot_be_refunded(seeded):
    assert seeded.is_told("ledger", "refund", "999", *WHY) == "there is no entry 999"


@on_both
def test_numbers_that_no_row_can_have_are_a_wrong_use(seeded):
    most = str(2**63 - 1)
    for words in (
        ("ledger", "refund", f"{most}0", *WHY),
        ("ledger", "list", "callback", "--limit", f"{most}0"),
        ("calls", "show", f"{most}0"),
        ("calls", "list", "--limit", f"{most}0"),
    ):
        result = seeded.gives(*words)
        assert result.exit_code == 2
        assert "is not in the range" in result.stderr

    told = seeded.is_told("ledger", "refund", most, *WHY)
    assert told == f"there is no entry {most}"
    assert seeded.is_told("calls", "show", most) == f"there is no session {most}"
    assert len(seeded.learns("ledger", "list", "callback", "--limit", most)) == 1


def test_right_books_are_told_in_a_line_each(seeded):
    told = seeded.reads("ledger", "audit")

    assert "ok      every balance is the sum of its entries" in told
    assert "BROKEN" not in told


def test_wrong_books_end_with_status_1_and_name_the_account(seeded, database):
    engine = engine_for(database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE accounts SET balance = 1"))
    engine.dispose()

    result = seeded.gives("ledger", "audit")
    as_json = seeded.gives("ledger", "audit", "--json")

    assert (result.exit_code, as_json.exit_code) == (1, 1)
    fault = "callback has 0.000001, but entries of 10.00"
    law = "every balance is the sum of its entries"
    assert f"BROKEN  {law}\n          {fault}\n" in result.output
    assert json.loads(as_json.output)[law] == [fault]
