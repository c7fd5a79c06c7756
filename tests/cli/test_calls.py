"""Calls and messages at the terminal."""

from datetime import timedelta

import pytest

from domain.calls.sessions import Ending
from domain.tariffs.rating import Rate
from tests.people import EXITS, new_uuid

LINE = "U.callback P.pass D.48774417880 O.12345678"


@pytest.fixture
def called(seeded, transaction):
    """Somebody texted the demo's line and talked: A for 20.4 s, B for 7 s."""
    seeded.reads(
        "sms", "receive", "--from", "+48600316058", "--to", "+48221000000", LINE
    )
    with transaction() as services:
        account = services.accounts.by_login("callback")
        (request,) = services.history.requests(account)

        def after(seconds):
            return request.due_at + timedelta(seconds=seconds)

        (due,) = services.requests.take_due(
            request.due_at,
            exits=EXITS,
            new_uuid=new_uuid,
        )
        services.sessions.a_answered(due.session_id, due.uuid, after(0))
        leg_b = new_uuid()
        services.sessions.admit(
            due.session_id, "+48774417880", uuid=leg_b, exits=EXITS, now=after(5)
        )
        services.sessions.b_answered(due.session_id, leg_b, after(12))
        for uuid, answered, lasted in ((leg_b, 12, 7.0), (due.uuid, 0, 20.4)):
            ending = Ending(
                "NORMAL_CLEARING",
                int(lasted * 1_000_000),
                after(answered),
                after(answered + lasted),
            )
            services.sessions.settle(uuid, ending, after(answered + lasted))
    return seeded


def test_a_session_shows_why_each_leg_cost_what_it_cost(called):
    told = called.learns("calls", "show", "1")

    leg_a, leg_b = told["legs"]
    assert (leg_a["side"], leg_a["number"]) == ("a", "+4812345678")
    assert (leg_b["side"], leg_b["number"]) == ("b", "+48774417880")
    assert (leg_a["answered_us"], leg_a["answered_seconds"]) == (20_400_000, 21)
    assert (leg_a["billed_seconds"], leg_b["billed_seconds"]) == (21, 7)
    assert leg_b["rate"]["per_minute"] == "0.018"
    assert (leg_a["price"], leg_b["price"]) == ("0.0063", "0.0021")
    assert told["price"] == "0.0084"
    account = called.learns("accounts", "show", "callback")
    assert (account["balance"], account["holds"]) == ("9.9916", [])


def test_a_session_is_told_in_sentences_for_people(called):
    lines = called.reads("calls", "show", "1").splitlines()

    assert lines[1] == (
        "  Leg A to +4812345678 (Poland): 21 s answered, 21 s billed: "
        "21 s at $0.018 a minute = $0.0063. Hung up"
    )
    assert lines[-1] == "in all 0.0084 USD"


def test_every_term_that_made_the_price_is_told(called, transaction):
    terms = Rate(
        per_minute=600_000,
        setup=100_000,
        first_block=60,
        step=60,
        free_seconds=5,
        minimum_charge=200_000,
        minimum_seconds=3,
    )
    with transaction() as services:
        leg_a, leg_b = services.history.session(1).legs
        leg_a.terms = terms
        leg_b.ended_at = leg_b.cause = None
        leg_a.billed_seconds, leg_a.price = 60, 700_000

    told = called.reads("calls", "show", "1")

    assert (
        "21 s answered, 60 s billed: 60 s at $0.60 a minute + $0.10 for the connection "
        "= $0.70; billed in steps of 60 s; the first 5 s are free. Hung up"
    ) in told
    assert "Leg B to +48774417880 (Poland): not over yet\n" in told


def test_the_price_is_explained_in_the_account_s_language(called, transaction):
    with transaction() as services:
        services.accounts.by_login("callback").language = "fr"

    legs = called.learns("calls", "show", "1")["legs"]

    assert legs[0]["why"] == (
        "21 s de communication, 21 s facturées : "
        "21 s à 0,018 $US la minute = 0,0063 $US"
    )


def test_a_leg_that_nobody_answered_costs_nothing(called, transaction):
    with transaction() as services:
        leg_b = services.history.session(1).legs[1]
        leg_b.answered_at, leg_b.answered_us, leg_b.cause = None, 0, "USER_BUSY"

    told = called.reads("calls", "show", "1")

    assert "Leg B to +48774417880 (Poland): not answered, nothing to pay. Busy" in told


def test_calls_are_listed_by_account(called):
    (session,) = called.learns("calls", "list", "--account", "callback")

    assert session["numbers"] == ["+4812345678", "+48774417880"]
    assert session["price"] == "0.0084"
    assert "+4812345678 +48774417880" in called.reads("calls", "list")


def test_a_session_nobody_knows_is_named(seeded):
    assert seeded.is_told("calls", "show", "7") == "there is no session 7"
    assert seeded.reads("calls", "list") == "there were no calls yet\n"
    assert "no account has the login 'eve'" in seeded.is_told(
        "calls", "list", "--account", "eve"
    )


def test_a_message_is_received_as_if_a_carrier_had_posted_it(seeded):
    words = ("sms", "receive", "--from", "48600316058", "--to", "+48221000000")

    first = seeded.reads(*words, "--id", "7", "N2")
    again = seeded.reads(*words, "--id", "7", "N2")

    assert first == (
        "to +48600316058: "
        "Calling +48600316058 now, then +48221234567. Please pick up.\n"
    )
    assert again == "no reply\n"


def test_a_message_with_a_password_may_come_from_stdin(seeded):
    words = ("sms", "receive", "--from", "+15552345678", "--to", "+48221000000", "-")

    told = seeded.reads(*words, stdin=f"{LINE}\n")

    assert told.startswith("to +15552345678: Calling +4812345678 now")


def test_a_message_that_is_none_is_refused(seeded):
    told = seeded.is_told("sms", "receive", "--from", " ", "--to", "+48221000000", "I")

    assert told == "The message's sender is empty."
