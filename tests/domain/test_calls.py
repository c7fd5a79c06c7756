"""A call's business, from the wish to the last micro-unit."""

from datetime import timedelta, timezone

import pytest
from sqlalchemy import select

from domain.calls.models import Leg, State
from domain.calls.sessions import Ending
from domain.database import engine_for
from domain.errors import (
    AlreadyCalling,
    Forbidden,
    InsufficientFunds,
    NoRate,
    OwnNumber,
    SameNumber,
    TooManyCalls,
)
from domain.numbers import E164
from tests.databases import on_both
from tests.domain.calling import a_up, admit, ask, b_up, ended, extend, settle, take
from tests.people import (
    ACCESS_NUMBER,
    ANNA,
    EXITS,
    NOON,
    OFFICE,
    after,
    entries_add_up,
    new_uuid,
)

pytestmark = on_both


def talk(town, person, *, rings=10, talks=7.2):
    """A whole call: A up at 5 s, B up at `rings`, B talks, A leaves 2 s later."""
    _, session_id = ask(town, person)
    (due,) = take(town)
    b = new_uuid()
    with town.transaction() as services:
        services.sessions.a_answered(due.session_id, due.uuid, after(5))
        services.sessions.admit(session_id, OFFICE, uuid=b, exits=EXITS, now=after(6))
        services.sessions.b_answered(session_id, b, after(rings))
    settle(town, b, ended(answered=rings, lasted=talks))
    settle(town, due.uuid, ended(answered=5, lasted=rings - 5 + talks + 2))
    return session_id


def test_both_legs_are_paid_exactly_and_nothing_stays_held(town):
    anna = town.welcome()

    session_id = talk(town, anna, rings=10, talks=7.2)

    with town.transaction(write=False) as services:
        leg_a, leg_b = services.history.session(session_id).legs
        assert (leg_b.answered_us, leg_b.billed_seconds) == (7_200_000, 8)
        assert (leg_a.answered_us, leg_a.billed_seconds) == (14_200_000, 15)
        assert (leg_b.price, leg_a.price) == (8_000, 15_000)
        assert entries_add_up(services, anna)
        request = services.requests.for_session(session_id)
        assert (request.state, request.cause) == (State.DONE, "NORMAL_CLEARING")
    assert town.balance(anna) == "9.977"
    assert town.holds() == 0


def test_settling_a_leg_again_changes_nothing(town):
    anna = town.welcome()
    ask(town, anna)
    (due,) = take(town)
    ending = ended(answered=5, lasted=3)

    first = settle(town, due.uuid, ending)
    second = settle(town, due.uuid, ending)

    assert (first, second) == (True, False)
    assert town.balance(anna) == "9.997"


def test_an_accepted_call_holds_the_first_block_of_a_and_ten_seconds_of_b(town):
    anna = town.welcome()

    ask(town, anna)

    assert town.available(anna) == "9.98"
    assert town.balance(anna) == "10.00"


def test_a_talking_session_holds_the_next_window(town):
    anna = town.welcome()
    session_id = a_up(town, anna).session_id
    b, _ = admit(town, session_id, now=after(10))

    b_up(town, session_id, b, after(20))

    # A: 20 s so far, 60 ahead, 5 of tail; B: 60 ahead; a tenth of a cent a second.
    assert town.available(anna) == "9.855"


def test_b_is_limited_to_what_pays_for_both_legs(town):
    anna = town.welcome(funds="0.10")
    session_id = a_up(town, anna).session_id
    b, _ = admit(town, session_id, now=after(1))

    limit = b_up(town, session_id, b, after(15))

    # 100 seconds of one leg in all: A has 15 and its tail 5, so 40 for each.
    assert limit == 40


def test_b_ends_no_later_when_the_answer_took_long_to_be_noted(town):
    anna = town.welcome(funds="0.10")
    session_id = a_up(town, anna).session_id
    b, _ = admit(town, session_id, now=after(1))

    limit = b_up(town, session_id, b, after(18.5), at=after(15))

    with town.transaction() as services:
        ends = {
            end.uuid: end.at for end in services.sessions.renew(session_id, after(30))
        }
    assert limit == 40
    assert ends[b] == after(15 + 40)


def test_never_more_is_promised_than_given(town):
    anna = town.welcome(funds="0.20")
    session_id = a_up(town, anna).session_id
    b, promised = admit(town, session_id, now=after(1))

    given = b_up(town, session_id, b, after(45))

    assert promised <= given


def test_a_session_whose_money_ends_is_told_when(town):
    anna = town.welcome(funds="0.10")
    session_id = a_up(town, anna).session_id
    b, _ = admit(town, session_id, now=after(1))
    b_up(town, session_id, b, after(15))

    stop = extend(town, session_id, after(45))

    assert (stop.uuid, stop.seconds) == (b, 10)


def test_a_session_with_money_enough_goes_on(town):
    anna = town.welcome()
    _, session_id = ask(town, anna)
    (due,) = take(town)

    with town.transaction() as services:
        services.sessions.a_answered(due.session_id, due.uuid, NOON)
        stop = services.sessions.extend(session_id, after(30))

    assert stop is None
    assert town.available(anna) == "9.905"


def test_a_call_that_could_not_be_made_is_refused_before_anybody_pays(town):
    # A pays for the announcing (15 s), B's ringing (30), ten seconds of talk and 5
    # of tail, B for ten: 0.07. With less she would be rung only to be refused.
    anna = town.welcome(funds="0.069999")

    with pytest.raises(InsufficientFunds):
        ask(town, anna)

    assert town.holds() == 0
    bob = town.welcome("bob", number=OFFICE, funds="0.07")
    assert ask(town, bob, leg_b=ANNA)


@pytest.mark.parametrize(
    ("circumstances", "refusal"),
    [
        ({"leg_a": ACCESS_NUMBER}, OwnNumber),
        ({"leg_b": ACCESS_NUMBER}, OwnNumber),
        ({"leg_a": OFFICE, "leg_b": OFFICE}, SameNumber),
        ({"leg_b": E164("+48700123456")}, Forbidden),
        ({"leg_a": E164("+881612345678")}, Forbidden),
        ({"leg_b": E164("+33123456789")}, NoRate),
    ],
)
def test_what_may_not_be_rung_is_refused(town, circumstances, refusal):
    anna = town.welcome()

    with pytest.raises(refusal):
        ask(town, anna, **circumstances)


def test_an_answer_is_stored_in_utc_wherever_the_clock_stands(town, database):
    anna = town.welcome()
    ask(town, anna)
    (due,) = take(town)
    in_hanoi = after(5).astimezone(timezone(timedelta(hours=7)))

    with town.transaction() as services:
        services.sessions.a_answered(due.session_id, due.uuid, in_hanoi)

    engine = engine_for(database)
    with engine.connect() as connection:
        found = connection.scalars(select(Leg.uuid).where(Leg.answered_at == after(5)))
        assert found.all() == [due.uuid]
    engine.dispose()


def test_asked_twice_it_is_called_once(town):
    anna = town.welcome(calls_at_once=5)
    ask(town, anna)

    with pytest.raises(AlreadyCalling):
        ask(town, anna, now=after(30))


def test_asked_twice_without_a_number_it_is_called_once(town):
    anna = town.welcome()
    ask(town, anna, leg_b=None)

    with pytest.raises(AlreadyCalling):
        ask(town, anna, leg_b=None, now=after(30))


def test_two_accounts_never_ring_one_leg_a_at_once(town):
    anna = town.welcome()
    bob = town.welcome("bob", number=E164("+48600000002"))
    ask(town, anna)

    with pytest.raises(AlreadyCalling):
        ask(town, bob, leg_b=E164("+48221234567"), sender="bob")


def test_one_call_at_once_is_the_rule(town):
    anna = town.welcome()
    ask(town, anna)

    with pytest.raises(TooManyCalls):
        ask(town, anna, leg_a=E164("+48221234567"))


def test_a_busy_leg_a_is_rung_again_after_one_and_three_minutes(town):
    anna = town.welcome()
    ask(town, anna)
    rung_at = []

    for now in (0, 59, 60, 239, 240, 600):
        for due in take(town, after(now)):
            rung_at.append(now)
            with town.transaction() as services:
                busy = Ending("USER_BUSY", 0, None, after(now))
                services.sessions.settle(due.uuid, busy, after(now))

    assert rung_at == [0, 60, 240]
    assert town.holds() == 0
    assert town.balance(anna) == "10.00"


def test_a_rejected_leg_a_is_not_rung_again(town):
    anna = town.welcome()
    ask(town, anna)
    (due,) = take(town)

    settle(town, due.uuid, ended("CALL_REJECTED"))

    assert take(town, after(300)) == []
    assert town.holds() == 0


def test_a_request_is_taken_once(town):
    anna = town.welcome()
    ask(town, anna)

    first, second = take(town), take(town)

    assert (len(first), len(second)) == (1, 0)


def test_a_callback_that_comes_too_late_is_not_made(town):
    anna = town.welcome()
    ask(town, anna)

    taken = take(town, after(601))

    assert taken == []
    assert town.holds() == 0
