"""Legs end in any order, are told twice, or not at all: each is paid once."""

import pytest

from domain.calls.legs import NobodyThere
from domain.calls.models import State
from domain.errors import InsufficientFunds, SessionTooLong, SpendLimit
from domain.numbers import E164
from domain.tariffs.models import LegACharge
from domain.tariffs.rating import Rate
from domain.tariffs.sheet import Line
from tests.databases import on_both
from tests.domain.calling import (
    a_up,
    admit,
    ask,
    b_up,
    ended,
    extend,
    request_of,
    settle,
    take,
)
from tests.people import NOON, OFFICE, POLAND, after, entries_add_up, new_uuid

pytestmark = on_both

LONDON = E164("+442071234567")


def charge_leg_a(town, charge):
    with town.transaction() as services:
        services.tariffs.plan(town.plan_id).leg_a_charge = charge


def legs(town, session_id):
    with town.transaction(write=False) as services:
        return [
            (leg.price, leg.billed_seconds)
            for leg in services.history.session(session_id).legs
        ]


def entries(town, person):
    with town.transaction(write=False) as services:
        account = services.accounts.get(person.id)
        assert entries_add_up(services, person)
        return [each.amount for each in services.ledger.entries(account)][:-1]


@pytest.mark.parametrize(
    ("charge", "price"),
    [
        (LegACharge.ALWAYS, 20_000),
        (LegACharge.NEVER, 0),
        (LegACharge.IF_ANSWERED, 20_000),
    ],
)
def test_leg_a_is_paid_as_the_plan_says_when_b_answered(town, charge, price):
    charge_leg_a(town, charge)
    anna = town.welcome()
    due = a_up(town, anna)
    b, _ = admit(town, due.session_id)
    b_up(town, due.session_id, b, after(5))

    settle(town, b, ended(answered=5, lasted=10))
    settle(town, due.uuid, ended(answered=0, lasted=20))

    assert legs(town, due.session_id) == [(price, 20 if price else 0), (10_000, 10)]
    assert town.holds() == 0


def test_leg_a_that_is_paid_if_b_answers_costs_nothing_when_none_did(town):
    charge_leg_a(town, LegACharge.IF_ANSWERED)
    anna = town.welcome()
    due = a_up(town, anna)
    b, _ = admit(town, due.session_id)

    settle(town, b, ended("USER_BUSY"))
    settle(town, due.uuid, ended(answered=0, lasted=20))

    assert legs(town, due.session_id) == [(0, 0), (0, 0)]
    assert entries(town, anna) == [0, 0]


@pytest.mark.parametrize(("answered", "price"), [(5, 20_000), (None, 0)])
def test_leg_a_that_leaves_first_waits_for_what_becomes_of_b(town, answered, price):
    charge_leg_a(town, LegACharge.IF_ANSWERED)
    anna = town.welcome()
    due = a_up(town, anna)
    b, _ = admit(town, due.session_id)

    extend(town, due.session_id, after(18))
    settle(town, due.uuid, ended(answered=0, lasted=20))
    undecided = entries(town, anna)
    left = town.available(anna)
    extend(town, due.session_id, after(20))
    still_left = town.available(anna)
    settle(town, b, ended(answered=answered, lasted=10 if answered else 0))

    assert undecided == []
    # B's next 60 s, and leg A's 20 s, which may have to be paid yet.
    assert left == still_left == "9.92"
    assert legs(town, due.session_id)[0] == (price, 20 if price else 0)
    assert len(entries(town, anna)) == 2
    assert town.holds() == 0


def test_a_session_ends_with_its_last_leg_and_by_the_cause_of_leg_a(town):
    anna = town.welcome()
    due = a_up(town, anna)
    b, _ = admit(town, due.session_id)

    settle(town, due.uuid, ended("NORMAL_CLEARING", answered=0, lasted=8))
    while_b_is_open = request_of(town, due.session_id), town.holds()
    settle(town, b, ended("ORIGINATOR_CANCEL"))

    assert while_b_is_open == ((State.A_UP, None), 1)
    assert request_of(town, due.session_id) == (State.DONE, "NORMAL_CLEARING")
    assert town.holds() == 0


def test_what_was_paid_is_not_held_a_second_time(town):
    anna = town.welcome(funds="0.10")
    due = a_up(town, anna)
    b, _ = admit(town, due.session_id)
    b_up(town, due.session_id, b, after(5))
    extend(town, due.session_id, after(30))  # everything is held now

    settle(town, b, ended(answered=5, lasted=40))

    assert town.available(anna) == "0.00"


def test_what_was_promised_is_held_until_b_answers(town):
    with town.transaction() as services:
        plan = services.tariffs.plan(town.plan_id)
        dear = Rate(60_000, first_block=10, step=60)
        lines = [Line("4812", POLAND), Line("4877", dear)]
        services.tariffs.replace(plan, lines, NOON)
    anna = town.welcome(funds="0.08")
    due = a_up(town, anna)
    admit(town, due.session_id)

    extend(town, due.session_id, after(1))

    # 60 s of leg A, if B rings to the last, and ten of B: an eleventh costs a minute.
    assert town.available(anna) == "0.01"


def test_the_money_a_ringing_leg_a_counts_on_is_held(town):
    anna = town.welcome(funds="0.08", calls_at_once=2)
    ask(town, anna)

    (due,) = take(town)

    assert due.stop_seconds == 80
    with pytest.raises(InsufficientFunds):
        ask(town, anna, leg_a=E164("+48221234567"))


def test_nobody_revives_a_session_that_has_ended(town):
    anna = town.welcome()
    due = a_up(town, anna)
    b, _ = admit(town, due.session_id)
    settle(town, b, ended("USER_BUSY"))
    settle(town, due.uuid, ended(answered=0, lasted=8))

    stop = extend(town, due.session_id, after(9))
    seconds = b_up(town, due.session_id, b, after(9))
    with pytest.raises(NobodyThere):
        admit(town, due.session_id, now=after(9))
    with pytest.raises(NobodyThere), town.transaction() as services:
        services.sessions.a_answered(due.session_id, due.uuid, after(9))

    assert (stop, seconds) == (None, 0)
    assert town.holds() == 0
    assert request_of(town, due.session_id)[0] is State.DONE


def test_an_answer_of_the_last_attempt_does_not_answer_this_one(town):
    anna = town.welcome()
    ask(town, anna)
    (first,) = take(town)
    settle(town, first.uuid, ended("USER_BUSY"))
    (second,) = take(town, after(60))

    with pytest.raises(NobodyThere), town.transaction() as services:
        services.sessions.a_answered(first.session_id, first.uuid, after(61))

    assert second.uuid != first.uuid
    assert request_of(town, first.session_id)[0] is State.DIALLING_A


def test_an_answer_told_twice_counts_from_the_first(town):
    anna = town.welcome(funds="0.20")
    due = a_up(town, anna)
    b, _ = admit(town, due.session_id)

    first = b_up(town, due.session_id, b, after(10))
    again = b_up(town, due.session_id, b, after(20))

    assert first - again == 10


def test_b_that_answers_when_a_has_left_is_limited_all_the_same(town):
    anna = town.welcome(funds="0.10")
    due = a_up(town, anna)
    b, _ = admit(town, due.session_id)
    settle(town, due.uuid, ended(answered=0, lasted=10))

    assert b_up(town, due.session_id, b, after(11)) == 90


def test_a_leg_whose_end_was_not_heard_is_paid_to_when_it_last_was_held_for(town):
    anna = town.welcome()
    due = a_up(town, anna)
    extend(town, due.session_id, after(30))

    with town.transaction() as services:
        lost = services.sessions.settle_lost(due.uuid, after(500))
    with town.transaction() as services:
        again = services.sessions.settle_lost(due.uuid, after(600))
        unknown = services.sessions.settle_lost(new_uuid(), after(600))

    assert (lost, again, unknown) == (True, False, False)
    assert legs(town, due.session_id) == [(30_000, 30)]
    assert town.holds() == 0


def test_a_leg_whose_end_was_not_heard_is_not_paid_beyond_the_money(town):
    anna = town.welcome(funds="0.10")
    due = a_up(town, anna)
    for now in range(15, 300, 15):
        extend(town, due.session_id, after(now))

    with town.transaction() as services:
        services.sessions.settle_lost(due.uuid, after(300))

    # 0.10 lasts for 100 s of leg A, five of them its tail.
    assert legs(town, due.session_id) == [(90_000, 90)]


def test_a_leg_that_rang_and_was_lost_costs_nothing(town):
    anna = town.welcome()
    _, session_id = ask(town, anna)
    (due,) = take(town)

    with town.transaction() as services:
        services.sessions.settle_lost(due.uuid, after(40))

    assert legs(town, session_id) == [(0, 0)]


def test_who_may_have_been_rung_unheard_is_rung_again_after_a_pause(town):
    anna = town.welcome()
    _, session_id = ask(town, anna)
    (due,) = take(town)

    with town.transaction() as services:
        services.sessions.settle_lost(due.uuid, after(40))

    assert request_of(town, session_id) == (State.QUEUED, "LOST")
    assert take(town, after(99)) == []
    (again,) = take(town, after(100))
    assert (again.session_id, again.number) == (session_id, due.number)
    assert again.uuid != due.uuid


def test_who_was_certainly_not_rung_is_rung_at_once_and_it_does_not_count(town):
    anna = town.welcome()
    _, session_id = ask(town, anna)
    for seconds in range(8):  # more than there are tries
        (due,) = take(town, after(seconds))
        with town.transaction() as services:
            services.sessions.settle_lost(due.uuid, after(seconds), unrung=True)

    (again,) = take(town, after(8))

    assert request_of(town, session_id)[0] is State.DIALLING_A
    assert again.session_id == session_id
    assert {cost for cost, _ in legs(town, session_id)} == {0}


def test_not_even_who_was_never_rung_is_rung_when_it_is_too_late(town):
    anna = town.welcome()
    _, session_id = ask(town, anna)
    (due,) = take(town)

    with town.transaction() as services:
        services.sessions.settle_lost(due.uuid, after(601), unrung=True)

    assert request_of(town, session_id) == (State.DONE, "NEVER_RUNG")
    assert town.holds() == 0


def test_a_b_that_was_never_settled_is_counted_when_the_next_is_promised(town):
    anna = town.welcome(funds="1.00")
    due = a_up(town, anna)
    b, alone = admit(town, due.session_id)
    b_up(town, due.session_id, b, NOON)

    _, beside = admit(town, due.session_id, OFFICE)

    # 1.00 pays 1000 s; A is up 45 s by then and has a tail of 5; the first B as well.
    assert (alone, beside) == ((1000 - 50) // 2, (1000 - 50 - 45) // 3)


def test_a_call_may_not_outlast_the_longest_session(town):
    anna = town.welcome(funds="1000.00")
    due = a_up(town, anna)
    four_hours = 4 * 3600

    _, limit = admit(town, due.session_id, now=after(four_hours - 100))

    assert limit == 100 - 45 - 5


def test_nobody_is_rung_just_before_the_longest_session_ends(town):
    anna = town.welcome(funds="1000.00")
    due = a_up(town, anna)

    with pytest.raises(SessionTooLong):
        admit(town, due.session_id, now=after(4 * 3600 - 20))


def test_a_customer_s_own_limit_may_be_shorter_than_the_shortest_call(town):
    anna = town.welcome(longest_call=5)
    due = a_up(town, anna)

    assert admit(town, due.session_id)[1] == 5


# --- the limit for a day ---------------------------------------------------------


def test_a_day_s_limit_ends_a_call_like_the_end_of_the_money(town):
    anna = town.welcome(daily_spend=100_000)
    due = a_up(town, anna)
    b, promised = admit(town, due.session_id)

    limit = b_up(town, due.session_id, b, after(15))

    # 0.10 is 100 s of one leg: A has had 15 and its tail is 5.
    assert limit == 40
    assert promised == (100 - 45 - 5) // 2


def test_a_day_s_limit_that_is_spent_or_held_refuses_the_next_call(town):
    anna = town.welcome(daily_spend=80_000, calls_at_once=2)
    ask(town, anna)

    with pytest.raises(SpendLimit):
        ask(town, anna, leg_a=E164("+48221234567"))

    (due,) = take(town)
    with town.transaction() as services:
        services.sessions.a_answered(due.session_id, due.uuid, NOON)
    with pytest.raises(SpendLimit):
        admit(town, due.session_id, LONDON)
    settle(town, due.uuid, ended(answered=0, lasted=25))
    with pytest.raises(SpendLimit):
        ask(town, anna, now=after(100))


def test_who_has_no_money_is_told_of_the_money_not_of_the_limit(town):
    anna = town.welcome(funds="0.01", daily_spend=1_000)

    with pytest.raises(InsufficientFunds):
        ask(town, anna)
