"""Numbers that are rung, and cards, at the terminal."""

import re

from domain.database import engine_for, transactions
from domain.errors import WrongLogin
from tests.people import HOTEL, NOON

OURS = "+48221000000"
CARD = re.compile(r"card ([1-9][0-9]{7}) PIN ([0-9]{6})\n")


def issued(operator, word="issue"):
    """The card and the PIN that a command prints."""
    return CARD.fullmatch(operator.reads("accounts", "card", word, "callback")).groups()


def account_by(operator, database, card, pin):
    """Whom card and PIN let onto the line."""
    engine = engine_for(database)
    try:
        with transactions(engine)(write=False) as services:
            proved = services.cards.prove(card, pin, caller=HOTEL, now=NOON)
            return proved.login
    except WrongLogin:
        return None
    finally:
        engine.dispose()


def test_a_number_rejects_everybody_until_it_is_told_what_to_do(seeded):
    add = ("access", "add", "+33123456789", "--country", "FR")
    seeded.reads(*add)

    french, _ = seeded.learns("access", "list")

    assert (french["service"], french["carrier"]) == ("none", None)


def test_a_number_is_taken_into_service_for_calls(seeded):
    seeded.reads(
        *("access", "add", "+33123456789", "--carrier", "generic"),
        *("--service", "calling-card", "--asks-pin"),
    )

    french, _ = seeded.learns("access", "list")

    assert (french["service"], french["asks_pin"]) == ("calling-card", True)


def test_what_ringing_a_number_does_is_changed_and_told(seeded):
    told = seeded.reads("access", "set", OURS, "--service", "ani-callback")
    assert told.endswith("when it is rung, it calls registered callers back\n")

    told = seeded.reads(
        *("access", "set", OURS, "--service", "calling-card", "--asks-pin")
    )
    assert told.endswith(
        "when it is rung, it answers, and lets callers dial, and asks everybody "
        "for a PIN\n"
    )

    told = seeded.reads("access", "set", OURS, "--trusts-callers")
    assert told.endswith("when it is rung, it answers, and lets callers dial\n")


def test_a_card_is_issued_and_its_pin_printed_once(seeded, database):
    card, pin = issued(seeded)

    assert account_by(seeded, database, card, pin) == "callback"
    shown = seeded.reads("accounts", "card", "show", "callback")
    assert card in shown
    assert pin not in shown


def test_a_renewed_card_has_another_pin(seeded, database):
    card, old = issued(seeded)

    again, new = issued(seeded, "renew")

    assert again == card
    assert account_by(seeded, database, card, old) is None
    assert account_by(seeded, database, card, new) == "callback"


def test_a_card_that_is_withdrawn_opens_nothing(seeded, database):
    card, pin = issued(seeded)

    told = seeded.reads("accounts", "card", "withdraw", "callback")

    assert told == f"card {card} of callback is withdrawn\n"
    assert account_by(seeded, database, card, pin) is None


def test_nobody_has_two_cards_and_nothing_is_done_with_none(seeded):
    for word in ("renew", "withdraw", "show"):
        told = seeded.is_told("accounts", "card", word, "callback")
        assert told == "callback has no card: issue one"
    issued(seeded)

    told = seeded.is_told("accounts", "card", "issue", "callback")

    assert told == "callback has a card already: renew its PIN, or withdraw it"
