"""Registered callers ring a calling card's number, and are let in or sent away."""

import pytest

from domain.calls.models import Source, State
from esl_service.channel import Arrival, HungUp
from tests.doubles import CalledParty
from tests.flows.lodge import was_rejected
from tests.people import ACCESS_NUMBER, ANNA, OFFICE, new_uuid


def test_she_hears_her_balance_dials_and_pays_for_both_legs(card, town):
    anna = town.welcome()
    phone = card.service.channel(
        keys=["0048774417880"], parties=[CalledParty(talks=7.2)]
    )

    channel = card.rung(ANNA, channel=phone)

    assert channel.told[:2] == ["balance", "which-number"]
    leg_a, leg_b = card.service.legs()
    assert (leg_a.number, leg_a.gateway, leg_b.number) == (ANNA, "", OFFICE)
    assert leg_a.price == leg_a.billed_seconds * 1_000 > 0
    assert leg_b.price == 8_000
    paid = leg_a.price + leg_b.price
    assert town.balance(anna) == f"{(10_000_000 - paid) / 1e6:.6f}".rstrip("0")
    assert town.holds() == 0
    assert card.requests(anna) == [(Source.CARD, State.DONE, "NORMAL_CLEARING", 0)]


def test_her_leg_is_stored_and_held_for_before_she_is_answered(card, town, monkeypatch):
    anna = town.welcome()
    phone = card.service.channel()
    seen = []

    def look(self=phone):
        leg = card.service.legs()[0]
        seen.append((leg.uuid, leg.answered_at, town.available(anna), phone.stops))
        raise HungUp

    monkeypatch.setattr(phone, "answer", look)

    card.rung(ANNA, channel=phone)

    ((uuid, answered_at, available, stops),) = seen
    assert (uuid, answered_at) == (phone.uuid, None)
    assert available == "9.935"  # the first window and the tail of leg A
    assert stops == [10_000]


def test_the_switch_ends_her_where_her_money_does(card, town):
    town.welcome(funds="0.10")

    channel = card.rung(ANNA)

    assert channel.stops == [100]


def test_who_rings_and_leaves_unanswered_pays_nothing_and_is_told_nothing(
    card, town, monkeypatch
):
    anna = town.welcome()
    phone = card.service.channel()

    def leave():
        phone._go("ORIGINATOR_CANCEL")
        raise HungUp

    monkeypatch.setattr(phone, "answer", leave)

    card.rung(ANNA, channel=phone)

    (leg_a,) = card.service.legs()
    assert (leg_a.price, leg_a.cause) == (0, "ORIGINATOR_CANCEL")
    assert town.holds() == 0
    assert card.requests(anna)[0][1] is State.DONE
    assert card.texts() == []


def test_a_leg_that_ends_unheard_as_busy_is_not_rung_by_us(card, town, monkeypatch):
    anna = town.welcome()
    phone = card.service.channel()

    def leave():
        phone._go("USER_BUSY")
        raise HungUp

    monkeypatch.setattr(phone, "answer", leave)

    card.rung(ANNA, channel=phone)

    assert card.requests(anna)[0][1] is State.DONE


@pytest.mark.parametrize("funds", ["0.000001", "0.009"])
def test_who_cannot_pay_ten_seconds_is_not_answered_and_told_by_sms(card, town, funds):
    town.welcome(funds=funds)

    assert was_rejected(card.rung(ANNA))

    assert [number for number, _ in card.texts()] == [ANNA]


def test_she_is_on_the_line_and_a_second_call_from_her_number_is_rejected(card, town):
    anna = town.welcome(calls_at_once=2)
    second = []

    def ring_again(*_, **__):
        second.append(card.service.channel())
        second[0].uuid = new_uuid()
        arrival = Arrival(second[0].uuid, ACCESS_NUMBER, ANNA)
        card.porter.serve(arrival, second[0])
        raise HungUp

    phone = card.service.channel()
    phone.read = ring_again

    card.rung(ANNA, channel=phone)

    assert was_rejected(second[0])
    assert card.requests(anna)[0][2] == "already_calling"


def test_her_account_has_as_many_calls_as_it_may(card, town):
    anna = town.welcome()
    card.service.ask(anna)

    assert was_rejected(card.rung(ANNA))

    assert card.requests(anna)[0][2] == "too_many_calls"
