"""The way of each leg: chosen, bought, failed, chosen again."""

import pytest
from sqlalchemy import select

from domain.calls.models import State
from domain.errors import NoRoute
from domain.routes.exits import Exits, NoRoom, Trunk
from domain.routes.models import NumberForm, Purchase
from domain.tariffs.models import LegACharge
from domain.tariffs.rating import Rate
from domain.tariffs.sheet import Line
from tests.databases import on_both
from tests.domain.calling import a_up, admit, ask, ended, request_of, settle, take
from tests.people import (
    ACCESS_NUMBER,
    ANNA,
    EXITS,
    HOTEL,
    NOON,
    OFFICE,
    POLAND,
    after,
    new_uuid,
)

pytestmark = on_both

FAULT = "NORMAL_TEMPORARY_FAILURE"


class Full:
    """Gateways of these names have no room."""

    def __init__(self, *names):
        self.names = names

    def take(self, way, _uuid):
        return way.gateway not in self.names


def admitted(town, session_id, *, exits=EXITS, tried=(), number=OFFICE):
    with town.transaction() as services:
        return services.sessions.admit(
            session_id, number, uuid=new_uuid(), exits=exits, now=NOON, tried=tried
        )


def buys(town, name, rate, prefix="48"):
    """A plan by whose prices a carrier sells to us."""
    with town.transaction() as services:
        plan = services.tariffs.create(name, "USD")
        services.tariffs.replace(plan, [Line(prefix, rate, "Poland")], NOON)
        return plan.id


def test_without_a_gateway_of_ours_the_settings_take_every_call(town):
    due = a_up(town, town.welcome())

    assert due.gateway == "carrier"
    assert admitted(town, due.session_id).gateway == "carrier"


def test_once_a_gateway_is_kept_the_settings_have_no_say(town):
    town.gateway("poland", "48")
    due = a_up(town, town.welcome())

    assert due.gateway == "poland"
    with pytest.raises(NoRoute):
        admitted(town, due.session_id, number="+442071234567")


def test_a_number_that_no_gateway_may_ring_is_given_up_as_leg_a(town):
    town.gateway("britain", "44")
    anna = town.welcome()
    _, session_id = ask(town, anna)

    assert take(town) == []
    assert request_of(town, session_id) == (State.DONE, "no_route")
    assert town.holds() == 0


def test_a_leg_a_that_finds_no_room_waits_and_is_no_attempt(town):
    town.gateway("poland", "48")
    anna = town.welcome()
    _, session_id = ask(town, anna)
    full = Exits(EXITS.own, Full("poland"))
    with town.transaction() as services:
        taken = services.requests.take_due(NOON, exits=full, new_uuid=new_uuid)
        request = services.requests.for_session(session_id)
        waiting = (request.state, request.attempts, request.due_at)

    assert (taken, waiting) == ([], (State.QUEUED, 0, after(1)))
    assert [due.gateway for due in take(town, after(1))] == ["poland"]


def test_a_leg_b_takes_the_next_gateway_where_the_first_is_full(town):
    town.gateway("first")
    town.gateway("second", priority=2)
    due = a_up(town, town.welcome())

    assert admitted(town, due.session_id, exits=Exits(EXITS.own, Full("first"))).gateway
    with pytest.raises(NoRoom):
        admitted(town, due.session_id, exits=Exits(EXITS.own, Full("first", "second")))
    with pytest.raises(NoRoute):
        admitted(town, due.session_id, tried=("first", "second"))


def test_a_leg_a_whose_carrier_fails_leaves_by_the_next_at_once(town):
    town.gateway("first")
    town.gateway("second", priority=2)
    anna = town.welcome()
    _, session_id = ask(town, anna)
    (first,) = take(town)

    settle(town, first.uuid, ended(FAULT))
    (second,) = take(town)
    settle(town, second.uuid, ended("USER_BUSY"))
    (again,) = take(town, after(60))

    assert [first.gateway, second.gateway, again.gateway] == [
        "first",
        "second",
        "first",
    ]
    assert len({first.uuid, second.uuid, again.uuid}) == 3
    with town.transaction(write=False) as services:
        assert services.requests.for_session(session_id).attempts == 2
    assert town.balance(anna) == "10.00"


def test_when_every_gateway_has_failed_leg_a_is_given_up_and_told(town):
    town.gateway("first")
    town.gateway("second", priority=2)
    anna = town.welcome()
    _, session_id = ask(town, anna)

    for cause in (FAULT, "GATEWAY_DOWN"):
        (due,) = take(town)
        settle(town, due.uuid, ended(cause))

    assert take(town) == []
    assert request_of(town, session_id) == (State.DONE, "GATEWAY_DOWN")
    assert (town.holds(), town.available(anna)) == (0, "10.00")


@pytest.mark.parametrize("cause", ["CALL_REJECTED", "UNALLOCATED_NUMBER"])
def test_who_was_refused_is_not_tried_by_another_gateway(town, cause):
    town.gateway("first")
    town.gateway("second", priority=2)
    _, session_id = ask(town, town.welcome())
    (due,) = take(town)

    settle(town, due.uuid, ended(cause))

    assert take(town) == []
    assert request_of(town, session_id) == (State.DONE, cause)


def test_late_and_double_ends_of_a_failed_attempt_charge_nothing(town):
    town.gateway("first")
    town.gateway("second", priority=2)
    anna = town.welcome()
    ask(town, anna)
    (first,) = take(town)
    settle(town, first.uuid, ended(FAULT))
    (second,) = take(town)

    assert settle(town, first.uuid, ended(FAULT)) is False
    assert settle(town, first.uuid, ended(answered=1, lasted=600)) is False
    settle(town, second.uuid, ended("CALL_REJECTED"))

    assert (town.holds(), town.balance(anna), town.available(anna)) == (
        0,
        "10.00",
        "10.00",
    )


# What is bought dearer than sold.


def test_a_gateway_is_not_used_where_it_would_lose_money(town):
    town.gateway("dear", buying_plan_id=buys(town, "dear", Rate(60_001)))
    town.gateway("fair", priority=2, buying_plan_id=buys(town, "fair", POLAND))
    due = a_up(town, town.welcome())

    assert due.gateway == "fair"
    assert admitted(town, due.session_id).gateway == "fair"


def test_a_gateway_that_may_lose_is_used_and_what_it_asks_is_kept(town):
    plan = buys(town, "dear", Rate(90_000, setup=7))
    town.gateway("dear", buying_plan_id=plan, may_lose=True)

    due = a_up(town, town.welcome())

    with town.transaction(write=False) as services:
        (bought,) = services.routing._session.scalars(select(Purchase))
        assert (bought.leg_uuid, bought.terms) == (due.uuid, Rate(90_000, setup=7))
        assert (bought.currency, bought.prefix) == ("USD", "48")


def test_a_carrier_that_has_no_price_for_a_number_is_not_asked(town):
    town.gateway("british", buying_plan_id=buys(town, "british", Rate(1), "44"))
    _, session_id = ask(town, town.welcome())

    assert take(town) == []
    assert request_of(town, session_id) == (State.DONE, "no_route")


def test_a_leg_a_that_the_plan_gives_away_is_bought_at_any_price(town):
    with town.transaction() as services:
        services.tariffs.plan(town.plan_id).leg_a_charge = LegACharge.NEVER
    town.gateway("dear", buying_plan_id=buys(town, "dear", Rate(90_000)))

    assert a_up(town, town.welcome()).gateway == "dear"


def test_what_is_bought_in_another_currency_is_not_compared(town):
    plan = buys(town, "dear", Rate(90_000))
    with town.transaction() as services:
        services.tariffs.plan(plan).currency = "VND"
    town.gateway("dear", buying_plan_id=plan)

    assert a_up(town, town.welcome()).gateway == "dear"


# Whose number is shown.


def test_b_sees_a_number_that_is_registered_and_no_other(town):
    town.gateway("plus", caller_id_form=NumberForm.PLUS)
    anna = town.welcome(calls_at_once=2)
    own = a_up(town, anna, leg_a=ANNA)
    assert admitted(town, own.session_id).caller_id == "+48600316058"
    assert own.caller_id == "+48221000000"

    hotel = a_up(town, anna, leg_a=HOTEL)
    assert admitted(town, hotel.session_id).caller_id == "+48221000000"


def test_a_gateway_may_have_a_number_of_its_own_to_show(town):
    town.gateway("british", caller_id="+442071234567")

    due = a_up(town, town.welcome())

    assert due.caller_id == "442071234567"


def test_the_number_that_was_texted_comes_before_the_gateways(town):
    town.gateway("british", caller_id="+442071234567")
    with town.transaction(write=False) as services:
        access = services.accounts.access_number(ACCESS_NUMBER)
    due = a_up(town, town.welcome(), access_number=access)

    assert due.caller_id == ACCESS_NUMBER.removeprefix("+")
    assert admitted(town, due.session_id).caller_id == due.caller_id


# How gateways do.


def failed(town, gateway, at, times=1):
    with town.transaction() as services:
        return [services.routing.failed(gateway, at) for _ in range(times)][-1]


def rests_until(town, gateway):
    with town.transaction(write=False) as services:
        return services.gateways.by_name(gateway).rests_until


def test_five_faults_in_a_row_are_a_rest_and_the_next_is_longer(town):
    town.gateway("tired")

    assert not failed(town, "tired", NOON, times=4)
    assert failed(town, "tired", NOON)
    assert rests_until(town, "tired") == after(30)

    # Legs that were on their way say nothing new; one after the rest does.
    assert not failed(town, "tired", after(1), times=20)
    assert failed(town, "tired", after(31))
    assert rests_until(town, "tired") == after(31 + 60)


def test_a_success_makes_the_count_begin_again(town):
    town.gateway("well")
    failed(town, "well", NOON, times=4)
    with town.transaction() as services:
        services.routing.did_well("well")

    assert not failed(town, "well", NOON, times=4)


def test_the_settings_gateway_has_no_health(town):
    assert not failed(town, "carrier", NOON, times=9)


def test_the_settings_gateway_is_not_tried_twice_for_a_b(town):
    due = a_up(town, town.welcome())
    own = Exits(Trunk("carrier", ACCESS_NUMBER))

    with pytest.raises(NoRoute):
        admitted(town, due.session_id, exits=own, tried={"carrier"})


def test_a_failed_attempt_at_b_costs_and_holds_nothing(town):
    town.gateway("first")
    anna = town.welcome()
    due = a_up(town, anna)
    before = town.available(anna)
    b, _ = admit(town, due.session_id)

    with town.transaction() as services:
        services.sessions.part(due.session_id, b, ended(FAULT), NOON)

    assert town.balance(anna) == "10.00"
    assert town.available(anna) == before
