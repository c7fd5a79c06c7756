"""The service at a sandbox whose carriers fail, are full, or are not there."""

import pytest

from sandbox.handset import State
from sandbox.switch.trunks import Trunk, parse
from tests.people import ANNA, OFFICE
from tests.switch.scripted import wait_until

GATEWAYS = {
    "carrier": Trunk(),
    "second": Trunk(),
    "broken": Trunk(0),
    "small": Trunk(1),
}
POLISH_MOBILES, THE_OFFICE_S = "4860", "4877"


@pytest.fixture
def anna(exchange, town):
    exchange.sandbox.gateways = GATEWAYS
    exchange.person(ANNA, talks=3)
    exchange.person(OFFICE, talks=0.1)
    return town.welcome(confirms_leg_a=False, announces_balance=False)


def ways(exchange):
    return [(leg.gateway, leg.cause, leg.price > 0) for leg in exchange.legs()]


def call(exchange, town, anna, legs):
    exchange.ask(anna)
    wait_until(lambda: len(exchange.legs()) == legs and town.holds() == 0, seconds=15)
    paid = sum(leg.price for leg in exchange.legs())
    with town.transaction(write=False) as services:
        assert services.accounts.get(anna.id).balance == 10_000_000 - paid


@pytest.mark.parametrize(
    ("first", "cause"),
    [("broken", "NORMAL_TEMPORARY_FAILURE"), ("unheard-of", "INVALID_GATEWAY")],
)
def test_both_legs_leave_by_the_next_gateway(exchange, town, anna, first, cause):
    town.gateway(first)
    town.gateway("second", priority=2)

    call(exchange, town, anna, legs=4)

    assert ways(exchange) == [
        (first, cause, False),
        ("second", "NORMAL_CLEARING", True),
        (first, cause, False),
        ("second", "NORMAL_CLEARING", True),
    ]
    assert town.faults_of(first) == (2, False)


def test_a_carrier_that_is_full_says_so_and_the_next_is_tried(exchange, town, anna):
    town.gateway("small")
    town.gateway("second", priority=2)

    call(exchange, town, anna, legs=3)

    assert [way[0] for way in ways(exchange)] == ["small", "small", "second"]


def test_with_a_cap_of_ours_it_need_not_say_so(exchange, town, anna):
    town.gateway("small", calls_at_once=1)
    town.gateway("second", priority=2)

    call(exchange, town, anna, legs=2)

    assert [way[0] for way in ways(exchange)] == ["small", "second"]
    assert town.faults_of("small") == (0, False)


def test_a_called_party_whose_user_has_left_leaves_room_at_once(
    exchange, town, anna, monkeypatch
):
    monkeypatch.setattr(exchange.app._desk.trunks, "recount", lambda _legs: None)
    town.gateway("second", POLISH_MOBILES)
    town.gateway("carrier", THE_OFFICE_S, calls_at_once=1)
    telephone, office = exchange.person(ANNA), exchange.person(OFFICE)

    for _ in range(2):
        exchange.ask(anna)
        wait_until(lambda: office.state is State.TALKING)
        telephone.hang_up()
        wait_until(lambda: town.holds() == 0)

    assert [way[0] for way in ways(exchange)] == ["second", "carrier"]


def test_when_every_carrier_of_b_fails_nothing_is_paid_for_b(exchange, town, anna):
    town.gateway("carrier", POLISH_MOBILES)
    town.gateway("broken", THE_OFFICE_S)
    town.gateway("unheard-of", THE_OFFICE_S, priority=2)

    call(exchange, town, anna, legs=3)

    assert [way[2] for way in ways(exchange)] == [True, False, False]


def test_when_every_carrier_of_a_fails_nobody_pays(exchange, town, anna):
    town.gateway("broken")
    town.gateway("unheard-of", priority=2)

    call(exchange, town, anna, legs=2)

    assert [way[:2] for way in ways(exchange)] == [
        ("broken", "NORMAL_TEMPORARY_FAILURE"),
        ("unheard-of", "INVALID_GATEWAY"),
    ]


def test_what_is_no_gateway_of_the_sandbox_is_refused_in_words():
    with pytest.raises(ValueError, match="'a=b' is no gateway"):
        parse("carrier a=b")
