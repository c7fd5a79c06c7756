"""Machines that answer every message end by themselves, and nobody is flooded."""

from datetime import timedelta

import pytest

from domain.languages import LANGUAGES
from tests.databases import on_both
from tests.domain.texting import deliver, outcomes_of, sms
from tests.people import STRANGER, after

A_DAY = timedelta(days=1).total_seconds()


def talk_to(town, machine, *, every, begins_with="hello", most=400):
    """Answer each of our replies by the machine's; how many replies there were."""
    text, now = begins_with, 0.0
    for said in range(most):
        answers = deliver(town, sms(text, number=f"m{said}"), after(now))
        if not answers:
            return said
        text, now = machine(answers[0]), now + every
    raise AssertionError(f"they still talk after {now / A_DAY:.1f} days")


def on_holiday(_reply):
    return "I am on holiday until 1 December. Call me then!"


def echo(reply):
    return reply


def counting():
    number = iter(range(10_000))
    return lambda _reply: f"Ticket {next(number)} was opened for your request."


@on_both
@pytest.mark.parametrize("every", [1, 20, 61, 200, 3600, 6 * 3600])
def test_an_answering_machine_is_told_a_few_times_and_no_more(town, every):
    town.welcome()

    assert talk_to(town, on_holiday, every=every) <= 5


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("every", [1, 61, 3600])
def test_a_machine_that_echoes_us_ends_in_every_language(town, language, every):
    town.welcome(language=language)

    assert talk_to(town, echo, every=every, begins_with="I") <= 6


def test_a_machine_that_says_something_new_each_time_ends_too(town):
    town.welcome()

    assert talk_to(town, counting(), every=300) <= 5


def test_a_machine_that_says_nothing_is_rung_a_day_s_share_and_then_left_alone(town):
    town.welcome(funds="1000.00")

    # An empty message asks for a call: thirty a day, and five times that it is enough.
    assert talk_to(town, lambda _: "", every=400, begins_with="") <= 35


def test_who_is_understood_in_between_is_always_told_what_was_not(town):
    town.welcome()

    for number in range(40):
        text = "I" if number % 5 == 4 else "hello"
        message = sms(text, number=str(number))
        assert deliver(town, message, after(number * 400)) != []


def test_who_was_not_understood_too_often_is_heard_again_at_the_first_good_word(town):
    town.welcome()
    for number in range(7):
        deliver(town, sms("hello", number=str(number)), after(number * 400))

    good = deliver(town, sms("I", number="a"), after(8 * 400))
    again = deliver(town, sms("hello", number="b"), after(9 * 400))

    assert good == ["Your balance is $10.00."]
    assert [said.partition(". ")[0] for said in again] == ["Not understood"]


@on_both
def test_twenty_an_hour_and_three_a_minute_are_told_to_one_telephone(town):
    town.welcome()

    said = [
        len(deliver(town, sms("I", number=str(number)), after(number * 10)))
        for number in range(720)
    ]

    per_minute = [sum(said[at : at + 6]) for at in range(len(said) - 6)]
    per_hour = [sum(said[at : at + 360]) for at in range(len(said) - 360)]
    assert (max(per_minute), max(per_hour)) == (3, 20)


def test_the_ration_is_each_telephone_s_own(town):
    town.welcome()
    town.welcome("boris", number=STRANGER)
    for number in range(5):
        deliver(town, sms("I", number=str(number)), after(number))

    assert deliver(town, sms("I", sender=STRANGER, number="b"), after(6)) != []


@pytest.mark.parametrize(
    "sender", ["INFO", "Vodafone", "7123", "112", "+48221000000", "123456", ""]
)
def test_what_is_no_telephone_of_a_customer_s_is_never_answered(town, sender):
    town.welcome()

    for number, text in enumerate(("I", "", "HELP", "U.anna P.anna-password I")):
        assert deliver(town, sms(text, sender=sender, number=str(number))) == []


@pytest.mark.parametrize(
    "word",
    ["STOP", "start", "Stop.", "UNSUBSCRIBE", "ARRÊT", "cancel", "ＳＴＯＰ", "end"],
)
def test_the_carriers_words_are_never_answered(town, word):
    town.welcome()

    assert deliver(town, sms(word)) == []
    assert outcomes_of(town) == ["not_answerable"]


def test_ten_wrong_passwords_lock_a_sender_whatever_logins_they_try(town):
    town.welcome()
    for number in range(10):
        text = f"U.nobody{number} P.guess I"
        deliver(town, sms(text, number=f"w{number}"), after(number * 30))

    right = sms("U.anna P.anna-password I", number="a")
    elsewhere = sms("U.anna P.anna-password I", sender=STRANGER, number="b")
    locked = deliver(town, right, after(400))
    free = deliver(town, elsewhere, after(401))

    assert locked == ["Too many wrong passwords. Please wait 15 minutes."]
    assert free == ["Your balance is $10.00."]
