"""Callers whose number nobody told us: on a calling card the card says who they are."""

from datetime import timedelta

import pytest

from domain.calls.models import Source, State
from esl_service.channel import Arrival, HungUp
from esl_service.porter import TOGETHER
from tests.doubles import CalledParty
from tests.flows.lodge import was_rejected
from tests.people import ACCESS_NUMBER, HOTEL, OFFICE, STRANGER, new_uuid

WITHHELD = ""
BY_HAND = ["not-registered", "card-number", "card-pin", "which-number"]


@pytest.fixture
def anna(town):
    return town.welcome(announces_balance=False, calls_at_once=3)


@pytest.fixture
def hers(card, anna):
    return card.card_of(anna)


@pytest.mark.parametrize("caller", [WITHHELD, "112", "0", "9" * 20])
def test_with_her_card_she_dials_though_nobody_tells_her_number(
    card, hers, town, anna, caller
):
    keys = [hers.login, hers.pin, "0048774417880"]
    phone = card.service.channel(keys=keys, parties=[CalledParty(talks=5)])

    channel = card.rung(caller, channel=phone)

    assert channel.told[:4] == BY_HAND
    leg_a, leg_b = card.service.legs()
    assert (leg_a.number, leg_a.destination) == (ACCESS_NUMBER, "Poland")
    assert leg_a.price == leg_a.billed_seconds * 1_000 > 0
    assert (leg_b.number, leg_b.price) == (OFFICE, 5_000)
    assert phone.dialled[0].caller_id == ACCESS_NUMBER.strip("+")
    assert card.requests(anna) == [(Source.CARD, State.DONE, "NORMAL_CLEARING", 0)]
    assert town.holds() == 0


def test_whoever_bears_a_number_of_ours_is_not_even_asked(card, hers):
    assert was_rejected(card.rung(ACCESS_NUMBER))


@pytest.mark.parametrize("caller", [WITHHELD, STRANGER])
def test_nobody_is_answered_for_whose_leg_nobody_could_pay(card, hers, town, caller):
    with town.transaction() as services:
        free = services.tariffs.create("freephone", "USD")
        services.accounts.access_number(ACCESS_NUMBER).leg_a_plan_id = free.id

    assert was_rejected(card.rung(caller))


def test_whoever_withholds_it_and_has_no_card_is_let_go_after_three_tries(card, anna):
    phone = card.service.channel(keys=["12345678", "111111"] * 3)

    channel = card.rung(WITHHELD, channel=phone)

    assert channel.told[-2:] == ["wrong-pin", "goodbye"]
    assert card.requests(anna) == []


def test_five_wrong_pins_lock_the_card_whoever_keys_it(card, hers):
    wrong = [hers.login, "000000"]
    card.rung(WITHHELD, channel=card.service.channel(keys=wrong * 3))
    card.rung(HOTEL, channel=card.service.channel(keys=wrong * 2))

    phone = card.service.channel(keys=[hers.login, hers.pin])
    locked = card.rung(WITHHELD, channel=phone)

    assert locked.told[-2:] == ["try-later", "goodbye"]


def test_ten_wrong_cards_shut_the_number_to_whoever_withholds_theirs_alone(card, hers):
    for number in range(4):
        keys = [f"1000000{number}", "000000"] * 3
        card.rung(WITHHELD, channel=card.service.channel(keys=keys))

    assert was_rejected(card.rung(WITHHELD))
    assert not was_rejected(card.rung(HOTEL))
    card.service.clock.pass_by(16 * 60)
    assert not was_rejected(card.rung(WITHHELD))


def test_several_are_on_the_line_at_once_as_they_may_be_anybody(card, hers, town):
    keys = [hers.login, hers.pin]
    first = card.service.channel(keys=list(keys))
    read, others = first.read, []

    def another_rings(*arguments, **rest):
        if not first.keys and not others:
            others.append(card.service.channel(keys=list(keys), uuid=new_uuid()))
            card.porter.serve(Arrival(others[0].uuid, ACCESS_NUMBER, ""), others[0])
        return read(*arguments, **rest)

    first.read = another_rings

    card.rung(WITHHELD, channel=first)

    assert others[0].told == first.told == BY_HAND
    assert town.holds() == 0


def test_no_more_than_a_few_are_asked_at_once_who_they_are(card):
    asked = []

    def rings(*_, **__):
        phone = card.service.channel(uuid=new_uuid())
        phone.read = rings
        asked.append(phone)
        card.porter.serve(Arrival(phone.uuid, ACCESS_NUMBER, ""), phone)
        raise HungUp

    phone = card.service.channel()
    phone.read = rings

    card.rung(WITHHELD, channel=phone)

    assert [was_rejected(each) for each in asked] == [False] * (TOGETHER - 1) + [True]


def test_her_requests_are_counted_by_her_login(card, hers, anna):
    for _ in range(4):
        phone = card.service.channel(keys=[hers.login, hers.pin])
        last = card.rung(WITHHELD, channel=phone)
        card.service.clock.pass_by(1)

    assert last.told[-2:] == ["try-later", "goodbye"]
    assert len(card.service.desk.till.open_legs()) == 0


def test_she_is_served_on_when_the_service_comes_back(card, hers, town):
    phone = card.service.channel(keys=[hers.login, hers.pin])
    read = phone.read

    def cut(*arguments, **rest):
        phone.lost = not phone.keys
        return read(*arguments, **rest)

    phone.read = cut
    card.rung(WITHHELD, channel=phone)
    answered_at = card.service.clock.now - timedelta(seconds=30)
    back = card.service.channel(
        keys=["0048774417880"], parties=[CalledParty(talks=2)], answered_at=answered_at
    )

    leg_a, leg_b = card.service.resume(back)

    assert (leg_a.number, leg_b.price) == (ACCESS_NUMBER, 2_000)
    assert town.holds() == 0
