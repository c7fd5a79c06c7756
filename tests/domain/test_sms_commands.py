"""Commands beyond the plain call: language, price, hang up, redial, help, a word."""

import pytest

from domain.calls.models import State
from domain.numbers import E164
from tests.databases import on_both
from tests.domain.calling import a_up, admit, b_up, ended, request_of, settle, take
from tests.domain.texting import deliver, outcomes_of, sms
from tests.people import ANNA, HOTEL, OFFICE, STRANGER, after

pytestmark = on_both

HOME = E164("+48221234567")


def wishes(town, person):
    with town.transaction(write=False) as services:
        account = services.accounts.get(person.id)
        return [
            (each.leg_a, each.leg_b, each.state)
            for each in services.history.requests(account)
        ]


@pytest.mark.parametrize("text", ["", "\u200b", "CALL", "Llamar", "gọi", "打"])
def test_an_empty_message_rings_the_sender_who_keys_a_number_then(town, text):
    anna = town.welcome()

    replies = deliver(town, sms(text))

    assert replies == [f"Calling {ANNA} now. Please pick up and key a number."]
    assert wishes(town, anna) == [(ANNA, None, State.QUEUED)]


def test_with_a_password_somebody_may_be_rung_anywhere_to_key_a_number(town):
    anna = town.welcome()

    text = f"U.anna P.anna-password CALL O.{HOTEL}"
    deliver(town, sms(text, sender=STRANGER))

    assert wishes(town, anna) == [(HOTEL, None, State.QUEUED)]


@pytest.mark.parametrize(
    ("code", "reply"),
    [
        ("fr", "Nous vous écrivons désormais dans cette langue."),
        ("es", "A partir de ahora le escribimos en español."),
        ("vi", "Từ nay chúng tôi nhắn tin cho quý khách bằng tiếng Việt."),
        ("zh", "今后我们将用中文给您发短信。"),
        ("en", "From now on we write to you in English."),
    ],
)
def test_a_language_is_set_and_the_reply_comes_in_it(town, code, reply):
    anna = town.welcome(language="zh")

    assert deliver(town, sms(f"L.{code}")) == [reply]
    with town.transaction(write=False) as services:
        assert services.accounts.get(anna.id).language == code


def test_a_language_we_do_not_speak_is_not_understood(town):
    anna = town.welcome(language="fr")

    deliver(town, sms("L.de"))

    assert outcomes_of(town) == ["not_understood"]
    with town.transaction(write=False) as services:
        assert services.accounts.get(anna.id).language == "fr"


@pytest.mark.parametrize(
    "text", ["Q.48774417880", "RATE 77 441 78 80", "资费48774417880"]
)
def test_the_price_of_a_minute_is_told_and_how_long_the_money_lasts(town, text):
    town.welcome()

    # Both legs cost 0.06 a minute; before B answers A may be up for 45 seconds.
    assert deliver(town, sms(text)) == [
        "A minute to +48774417880: $0.12. You can talk for 82 min."
    ]


def test_a_price_below_a_cent_is_told_exactly(town):
    town.welcome(funds="0.01")

    (reply,) = deliver(town, sms("Q.447911123456"))

    # 0.06 for leg A, and 0.60 and 0.10 for the connection for leg B.
    assert reply == "A minute to +447911123456: $0.76. You can talk for 0 min."


def test_the_last_destination_is_called_again(town):
    anna = town.welcome()
    called(town, anna)

    deliver(town, sms("REDIAL"), after(700))

    assert wishes(town, anna)[0] == (ANNA, OFFICE, State.QUEUED)


def called(town, person):
    """They talked to the office for a minute, by a call asked from the hotel."""
    due = a_up(town, person)
    b, _ = admit(town, due.session_id)
    b_up(town, due.session_id, b, after(5))
    settle(town, b, ended(answered=5, lasted=60))
    settle(town, due.uuid, ended(answered=0, lasted=70))


def test_who_has_called_nobody_cannot_redial(town):
    town.welcome()

    assert deliver(town, sms("REDIAL")) == ["You have not called anybody yet."]


@pytest.mark.parametrize("text", ["HELP", "?", "ayuda", "Aide!", "trợ giúp", "帮助"])
def test_help_names_the_keys(town, text):
    town.welcome()

    (reply,) = deliver(town, sms(text))

    assert "D.number" in reply
    assert "X" in reply


@pytest.mark.parametrize("text", ["HELP", "CALL", "", "X", "L.fr", "Q.48774417880"])
def test_a_stranger_gets_nothing_by_any_command(town, text):
    town.welcome()

    assert deliver(town, sms(text, sender=STRANGER)) == []
    assert outcomes_of(town) == ["unknown_sender"]


# --- X -------------------------------------------------------------------------


def test_a_call_that_rings_nobody_yet_is_taken_back_and_costs_nothing(town):
    anna = town.welcome()
    deliver(town, sms("D.48774417880"))

    replies = deliver(town, sms("X", number="2"), after(1))

    assert replies == ["Calls that are ended now: 1."]
    assert wishes(town, anna) == [(ANNA, OFFICE, State.DONE)]
    assert take(town, after(2)) == []
    assert (town.balance(anna), town.holds()) == ("10.00", 0)


def test_who_is_on_the_line_is_to_be_hung_up_and_pays_what_they_talked(town):
    anna = town.welcome()
    due = a_up(town, anna)
    b, _ = admit(town, due.session_id)
    b_up(town, due.session_id, b, after(0))

    replies = deliver(town, sms("X"), after(30))

    assert replies == ["Calls that are ended now: 1."]
    assert to_hang_up(town) == [due.uuid, b]
    settle(town, due.uuid, ended(answered=0, lasted=30))
    assert to_hang_up(town) == [b]
    settle(town, b, ended(answered=0, lasted=30))
    assert to_hang_up(town) == []
    assert (town.balance(anna), town.holds()) == ("9.94", 0)


def test_whose_phone_rings_is_not_rung_again_and_not_told_that_it_failed(town):
    anna = town.welcome()
    deliver(town, sms("D.48774417880"))
    (due,) = take(town)

    deliver(town, sms("X", number="2"), after(5))
    settle(town, due.uuid, ended("NO_ANSWER"))
    with town.transaction() as services:
        request = services.requests.for_session(due.session_id)
        services.messages.tell_failure(request, after(6))

    assert request_of(town, due.session_id) == (State.DONE, "NO_ANSWER")
    assert take(town, after(200)) == []
    with town.transaction(write=False) as services:
        assert services.messages.due(after(999)) == services.sms_log.answers_to(
            1
        ) + services.sms_log.answers_to(2)
    assert town.available(anna) == "10.00"


def test_nobody_else_is_hung_up(town):
    anna = town.welcome()
    boris = town.welcome("boris", number=HOME)
    a_up(town, boris)

    assert deliver(town, sms("X")) == ["You have no calls now."]
    assert to_hang_up(town) == []
    assert wishes(town, anna) == []


def to_hang_up(town):
    with town.transaction(write=False) as services:
        return list(services.hangups.legs())
