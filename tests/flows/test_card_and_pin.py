"""Strangers ring a calling card's number and prove who they are: Anna, elsewhere."""

from datetime import timedelta

import pytest

from domain.accounts.models import Service
from esl_service.channel import Arrival, HungUp
from esl_service.porter import PROVING
from tests.doubles import CalledParty
from tests.flows.lodge import was_rejected
from tests.people import ACCESS_NUMBER, ANNA, HOTEL, OFFICE, new_uuid


@pytest.fixture
def anna(town):
    return town.welcome(announces_balance=False)


@pytest.fixture
def hers(card, anna):
    return card.card_of(anna)


def test_with_card_and_pin_she_dials_from_any_telephone(card, hers, town):
    keys = [hers.login, hers.pin, "0048774417880"]
    phone = card.service.channel(keys=keys, parties=[CalledParty(talks=5)])

    channel = card.rung(HOTEL, channel=phone)

    assert channel.told[:4] == [
        "not-registered",
        "card-number",
        "card-pin",
        "which-number",
    ]
    leg_a, leg_b = card.service.legs()
    assert (leg_a.number, leg_b.price) == (HOTEL, 5_000)
    lasted = leg_a.ended_at - leg_a.answered_at
    assert leg_a.answered_us == lasted // timedelta(microseconds=1)
    assert leg_a.billed_seconds > leg_b.billed_seconds + 6  # from the first prompt on
    assert channel.stops == [PROVING, 10_000 - 10]
    assert town.holds() == 0


@pytest.mark.parametrize(
    "keys",
    [
        ["12345678", "111111"] * 3,
        ["12345678", ""] * 3,
        [""] * 3,
        ["", "*", "1", "", ""],
    ],
)
def test_after_three_wrong_tries_or_silences_a_stranger_is_let_go(card, town, keys):
    anna = town.welcome()

    channel = card.rung(HOTEL, channel=card.service.channel(keys=keys))

    assert channel.told[-1] == "goodbye"
    assert channel.gone.answered
    assert card.requests(anna) == []
    assert town.balance(anna) == "10.00"


def test_a_wrong_pin_then_the_right_one_lets_her_in(card, hers):
    keys = [hers.login, "000000", hers.login, hers.pin]

    channel = card.rung(HOTEL, channel=card.service.channel(keys=keys))

    assert "wrong-pin" in channel.told
    assert channel.told[-1] == "which-number"


def test_an_unknown_card_and_a_wrong_pin_sound_alike(card, hers):
    unknown = card.rung(
        HOTEL, channel=card.service.channel(keys=["87654321", hers.pin])
    )
    wrong = card.rung(HOTEL, channel=card.service.channel(keys=[hers.login, "000000"]))

    assert unknown.told == wrong.told


def test_five_wrong_pins_lock_the_card_for_a_quarter_of_an_hour(card, hers):
    wrong = [hers.login, "000000"] * 3
    for _ in range(2):
        card.rung(HOTEL, channel=card.service.channel(keys=list(wrong)))
    right = [hers.login, hers.pin]

    locked = card.rung(HOTEL, channel=card.service.channel(keys=list(right)))
    card.service.clock.pass_by(16 * 60)
    again = card.rung(HOTEL, channel=card.service.channel(keys=list(right)))

    assert locked.told[-2:] == ["try-later", "goodbye"]
    assert again.told[-1] == "which-number"


def test_ten_wrong_cards_from_one_telephone_and_it_is_not_answered(card, hers):
    for number in range(4):
        keys = [f"1000000{number}", "000000"] * 3
        card.rung(HOTEL, channel=card.service.channel(keys=keys))

    assert was_rejected(card.rung(HOTEL))
    assert not was_rejected(card.rung(OFFICE, channel=card.service.channel()))


def test_who_hangs_up_while_the_pin_is_asked_leaves_nothing_behind(card, hers, town):
    channel = card.rung(HOTEL, channel=card.service.channel(keys=[hers.login]))

    assert channel.gone.answered
    assert town.holds() == 0
    with town.transaction(write=False) as services:
        assert services.history.sessions() == []


def test_she_has_proved_who_she_is_and_has_no_money(card, town):
    ben = town.welcome("ben", number=OFFICE, funds="0.000001")
    his = card.card_of(ben)

    channel = card.rung(HOTEL, channel=card.service.channel(keys=[his.login, his.pin]))

    assert channel.told[-2:] == ["not-enough-money", "goodbye"]
    assert town.holds() == 0
    assert town.balance(ben) == "0.000001"


def test_she_took_all_the_time_that_her_money_lasts_to_prove_who_she_is(card, town):
    ben = town.welcome("ben", number=OFFICE, funds="0.015")
    his = card.card_of(ben)

    channel = card.rung(HOTEL, channel=card.service.channel(keys=[his.login, his.pin]))

    assert channel.told[-2:] == ["not-enough-money", "goodbye"]
    assert town.holds() == 0
    with town.transaction(write=False) as services:
        assert services.history.sessions() == []


def test_one_telephone_is_questioned_once_at_a_time(card):
    second = []
    phone = card.service.channel()

    def ring_again(*_, **__):
        second.append(card.service.channel())
        card.porter.serve(Arrival(new_uuid(), ACCESS_NUMBER, HOTEL), second[0])
        raise HungUp

    phone.read = ring_again

    card.rung(HOTEL, channel=phone)

    assert was_rejected(second[0])


def test_where_a_pin_is_asked_a_registered_number_proves_nothing(card, hers, town):
    card.serves(Service.CALLING_CARD, asks_pin=True)

    wrong = card.rung(ANNA, channel=card.service.channel(keys=["000000"] * 3))
    right = card.rung(ANNA, channel=card.service.channel(keys=[hers.pin]))

    assert wrong.told == ["card-pin", *["wrong-pin", "card-pin"] * 2, *LET_GO]
    assert right.told == ["card-pin", "which-number"]


LET_GO = ["wrong-pin", "goodbye"]


def test_where_a_pin_is_asked_who_cannot_pay_is_not_even_answered(card, town):
    card.serves(Service.CALLING_CARD, asks_pin=True)
    town.welcome(funds="0.001")

    assert was_rejected(card.rung(ANNA))


@pytest.fixture
def spoken(card):
    """The language and prompt of every sentence."""
    spoken = []
    sounds = card.reception._voice.sounds
    card.reception._voice.sounds = lambda language, prompt, **slots: (
        spoken.append((language, prompt)) or sounds(language, prompt, **slots)
    )
    return spoken


def test_strangers_hear_the_language_of_the_number_and_she_her_own(
    card, hers, town, spoken
):
    card.serves(Service.CALLING_CARD, language="es")
    with town.transaction() as services:
        services.accounts.by_login("anna").language = "fr"

    card.rung(HOTEL, channel=card.service.channel(keys=[hers.login, hers.pin]))

    assert spoken[0] == ("es", "not-registered")
    assert spoken[-1] == ("fr", "which-number")


@pytest.mark.parametrize("at_the_pin", [False, True])
def test_what_she_chose_while_a_stranger_holds_for_her_call(
    card, hers, town, spoken, at_the_pin
):
    star = ["*", "2"]
    proof = (
        [hers.login, *star, hers.pin] if at_the_pin else [*star, hers.login, hers.pin]
    )
    with town.transaction() as services:
        services.accounts.by_login("anna").language = "fr"

    card.rung(HOTEL, channel=card.service.channel(keys=proof))

    assert spoken[-1] == ("es", "which-number")
    assert card.service.session().language == "es"
    with town.transaction() as services:
        assert services.accounts.by_login("anna").language == "fr"
