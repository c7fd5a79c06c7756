"""Between the wish and the ring: what was true may be true no more."""

import pytest

from domain.calls.models import State
from domain.calls.sessions import Ending
from domain.tariffs.rating import Rate
from domain.tariffs.sheet import Line
from tests.databases import on_both
from tests.domain.calling import a_up, ask, request_of, take, wish
from tests.people import ACCESS_NUMBER, EXITS, HOTEL, NOON, after, new_uuid

pytestmark = on_both


def reprice(town, *lines):
    with town.transaction() as services:
        plan = services.tariffs.plan(town.plan_id)
        services.tariffs.replace(plan, list(lines), after(1))


def change(town, person, **settings):
    with town.transaction() as services:
        account = services.accounts.get(person.id)
        for name, value in settings.items():
            setattr(account, name, value)


def block(town, person):
    change(town, person, status="blocked")


def take_prices_away(town, _person):
    reprice(town, Line("44", Rate(1)))


def take_b_s_price_away(town, _person):
    reprice(town, Line("4812", Rate(1)))


def make_it_dear(town, _person):
    reprice(town, Line("48", Rate(600_000_000)))


def take_the_money(town, person):
    change(town, person, balance=0)


@pytest.mark.parametrize(
    ("happens", "cause"),
    [
        (block, "account_blocked"),
        (take_prices_away, "no_rate"),
        (take_b_s_price_away, "no_rate"),
        (make_it_dear, "insufficient_funds"),
        (take_the_money, "insufficient_funds"),
    ],
)
def test_what_may_not_be_rung_any_more_is_given_up_and_others_are_rung(
    town, happens, cause
):
    anna = town.welcome()
    _, session_id = ask(town, anna)
    happens(town, anna)
    reprice_for_bob = Line("49", Rate(1))
    with town.transaction() as services:
        plan = services.tariffs.create("other", "USD")
        services.tariffs.replace(plan, [reprice_for_bob], NOON)
        plan_id = plan.id
    bob = town.welcome("bob", number="+4915112345678", plan_id=plan_id)
    ask(town, bob, leg_a=bob.number, leg_b="+4915112345679", sender="bob")

    taken = take(town, after(2))

    assert [due.number for due in taken] == [bob.number]
    assert request_of(town, session_id) == (State.DONE, cause)
    assert town.holds() == 1
    assert take(town, after(3)) == []


@pytest.mark.parametrize("late", [False, True])
def test_who_asked_by_sms_is_told_when_a_call_is_given_up(town, late):
    anna = town.welcome()
    with town.transaction() as services:
        account = services.accounts.get(anna.id)
        access = services.accounts.access_number(ACCESS_NUMBER)
        services.requests.ask(account, wish(access_number=access), NOON)
    if not late:
        take_prices_away(town, anna)

    take(town, after(700 if late else 2))

    with town.transaction() as services:
        (message,) = services.messages.due(after(700))
        assert (message.recipient, message.sender) == (anna.number, ACCESS_NUMBER)
        assert str(HOTEL) in message.text


def test_a_dearer_leg_a_is_held_for_when_it_is_rung_again(town):
    anna = town.welcome()
    ask(town, anna)
    (due,) = take(town)
    busy = Ending("USER_BUSY", 0, None, NOON)
    with town.transaction() as services:
        services.sessions.settle(due.uuid, busy, NOON)
    reprice(town, Line("48", Rate(600_000)))

    held_while_waiting = town.available(anna)
    take(town, after(60))

    assert held_while_waiting == "9.935"
    assert town.available(anna) == "9.35"


def test_an_account_blocked_on_the_line_rings_nobody_more(town):
    anna = town.welcome()
    due = a_up(town, anna)
    block(town, anna)

    with (
        pytest.raises(Exception, match="account_blocked"),
        town.transaction() as services,
    ):
        services.sessions.admit(
            due.session_id, HOTEL, uuid=new_uuid(), exits=EXITS, now=NOON
        )
