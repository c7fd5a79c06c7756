"""Who rings us, judged by the rules of every call, on both databases."""

from datetime import timedelta

import pytest

from domain import money
from domain.accounts.models import Service
from domain.calls.models import State
from domain.errors import LockedOut, Refusal, WrongLogin
from domain.numbers import E164
from domain.tariffs.lists import Origin, Owner
from domain.tariffs.models import LegACharge
from domain.tariffs.rating import Rate
from domain.tariffs.sheet import Line
from tests.databases import on_both
from tests.domain.calling import at_once, ended, settle
from tests.people import (
    ACCESS_NUMBER,
    ANNA,
    EXITS,
    HOTEL,
    NOON,
    OFFICE,
    STRANGER,
    after,
    new_uuid,
)

pytestmark = on_both

OURS = ACCESS_NUMBER.strip("+")


@pytest.fixture
def open_town(town):
    with town.transaction() as services:
        access = services.accounts.access_number(ACCESS_NUMBER)
        access.service = Service.CALLING_CARD
    return town


def came_in(town, person, uuid, now=NOON, caller=ANNA):
    """Anna's call, which waits to be answered; what may stop it."""
    with town.transaction() as services:
        ring = services.arrivals.ring(OURS, caller)
        account = services.accounts.get(person.id)
        return services.arrivals.come_in(account, ring, uuid, now)


def is_sound(town) -> bool:
    with town.transaction(write=False) as services:
        return not any(services.audit.faults().values())


def charge_leg_a(town, when):
    with town.transaction() as services:
        services.tariffs.by_name("basic").leg_a_charge = when


@pytest.mark.parametrize(
    ("when", "b_answers", "price"),
    [
        (LegACharge.ALWAYS, False, 20_000),
        (LegACharge.NEVER, True, 0),
        (LegACharge.IF_ANSWERED, False, 0),
        (LegACharge.IF_ANSWERED, True, 20_000),
    ],
)
def test_leg_a_is_paid_as_the_plan_says(open_town, when, b_answers, price):
    town, anna = open_town, open_town.welcome()
    charge_leg_a(town, when)
    due = came_in(town, anna, new_uuid())
    with town.transaction() as services:
        services.sessions.a_answered(due.session_id, due.uuid, NOON)
        b = new_uuid()
        services.sessions.admit(
            due.session_id, OFFICE, uuid=b, exits=EXITS, now=after(3)
        )
    up = {"answered": 10, "lasted": 5} if b_answers else {"answered": None}
    settle(town, b, ended("NORMAL_CLEARING" if b_answers else "USER_BUSY", **up))
    settle(town, due.uuid, ended(answered=0, lasted=20))

    with town.transaction(write=False) as services:
        assert services.sessions.leg(due.uuid).price == price
    assert town.holds() == 0
    assert is_sound(town)


def test_an_access_number_s_own_plan_prices_those_who_ring_it(open_town):
    town, anna = open_town, open_town.welcome()
    with town.transaction() as services:
        free = services.tariffs.create("free", "USD")
        lines = [Line("48", Rate(per_minute=0), "Poland")]
        services.tariffs.replace(free, lines, NOON - timedelta(days=1))
        services.accounts.access_number(ACCESS_NUMBER).leg_a_plan_id = free.id

    due = came_in(town, anna, new_uuid())
    settle(town, due.uuid, ended(answered=0, lasted=60))

    assert town.balance(anna) == "10.00"
    assert is_sound(town)


def test_though_leg_a_is_free_nobody_comes_in_without_a_cent(open_town):
    town = open_town
    charge_leg_a(town, LegACharge.NEVER)
    ben = town.welcome("ben", number=HOTEL, funds="0")

    with pytest.raises(Refusal):
        came_in(town, ben, new_uuid(), caller=HOTEL)


def test_what_proving_who_she_is_has_cost_is_held_at_once(open_town):
    town = open_town
    anna = town.welcome(funds="0.20", calls_at_once=2)

    with town.transaction() as services:
        ring = services.arrivals.ring(OURS, HOTEL)
        account = services.accounts.get(anna.id)
        due = services.arrivals.come_in_later(
            account, ring, new_uuid(), NOON, after(85)
        )

    assert due.stop_seconds == 200 - 85
    # 85 seconds that are over, the window ahead, and the tail
    assert town.available(anna) == "0.05"


def test_of_many_calls_at_once_from_one_number_one_comes_in(open_town):
    town = open_town
    anna = town.welcome(calls_at_once=9)

    def ring(uuid):
        try:
            return came_in(town, anna, uuid)
        except Refusal as refusal:
            return refusal.code

    answers = at_once(ring, [new_uuid() for _ in range(4)])

    assert sum(not isinstance(each, str) for each in answers) == 1
    assert town.holds() == 1
    assert is_sound(town)


def test_whose_number_is_withheld_comes_in_beside_others_as_often_as_the_account_may(
    open_town,
):
    town = open_town
    anna = town.welcome(calls_at_once=2)

    def ring(uuid):
        try:
            return came_in(town, anna, uuid, caller="")
        except Refusal as refusal:
            return refusal.code

    answers = at_once(ring, [new_uuid() for _ in range(3)])

    assert [each for each in answers if isinstance(each, str)] == ["too_many_calls"]
    assert town.holds() == 2
    for due in answers:
        if not isinstance(due, str):
            settle(town, due.uuid, ended(answered=0, lasted=20))
    assert town.balance(anna) == "9.96"
    assert is_sound(town)


def test_leg_a_of_a_withheld_number_is_priced_as_the_number_that_was_rung(open_town):
    town, anna = open_town, open_town.welcome()

    due = came_in(town, anna, new_uuid(), caller="")

    with town.transaction(write=False) as services:
        request = services.requests.for_session(due.session_id)
        assert (request.leg_a, request.withheld) == (ACCESS_NUMBER, True)
        assert request.sender == anna.login
        assert services.sessions.leg(due.uuid).prefix == "48"


@pytest.mark.parametrize(("caller", "a_minute"), [(ANNA, "0.30"), ("", "0.40")])
def test_who_withholds_a_surcharged_number_pays_what_the_number_they_rang_costs(
    open_town, caller, a_minute
):
    town, anna = open_town, open_town.welcome()
    with town.transaction() as services:
        plan = services.tariffs.create("freephone", "USD")
        prices = {"48": 60_000, "4860": 300_000, OURS: 400_000}
        lines = [Line(prefix, Rate(price)) for prefix, price in prices.items()]
        services.tariffs.replace(plan, lines, NOON - timedelta(days=1))
        services.accounts.access_number(ACCESS_NUMBER).leg_a_plan_id = plan.id

    due = came_in(town, anna, new_uuid(), caller=caller)
    settle(town, due.uuid, ended(answered=0, lasted=60))

    with town.transaction(write=False) as services:
        price = services.sessions.leg(due.uuid).price
    assert money.plain(price) == a_minute


def could_pay(town, caller, called=OURS):
    with town.transaction(write=False) as services:
        return services.arrivals.may_be_paid(
            services.arrivals.ring(called, caller), NOON
        )


def price_leg_a(town, *prefixes):
    """A plan of the access number's own, with these prefixes alone."""
    with town.transaction() as services:
        plan = services.tariffs.create("incoming", "USD")
        lines = [Line(prefix, Rate(per_minute=1_000)) for prefix in prefixes]
        services.tariffs.replace(plan, lines, NOON - timedelta(days=1))
        services.accounts.access_number(ACCESS_NUMBER).leg_a_plan_id = plan.id


@pytest.mark.parametrize(
    ("caller", "is_priced"), [("", True), (HOTEL, True), (STRANGER, False)]
)
def test_somebody_could_pay_for_leg_a_where_some_plan_prices_it(
    open_town, caller, is_priced
):
    with open_town.transaction() as services:
        services.tariffs.create("a plan without prices", "USD")

    assert could_pay(open_town, caller) is is_priced


@pytest.mark.parametrize(("prefix", "is_priced"), [("4822", True), ("44", False)])
def test_an_access_number_s_own_plan_alone_says_whether_anybody_could_pay(
    open_town, prefix, is_priced
):
    price_leg_a(open_town, prefix)

    assert could_pay(open_town, "") is is_priced


def test_nobody_could_pay_where_every_plan_forbids_the_number(open_town):
    with open_town.transaction() as services:
        services.tariffs.set_rule(
            services.tariffs.by_name("basic"), "4822", allows=False
        )

    assert not could_pay(open_town, "")


def test_nobody_could_pay_for_a_shared_cost_number_unless_a_plan_allows_it(open_town):
    shared_cost = "48801234567"
    with open_town.transaction() as services:
        access = services.accounts.open_access_number(
            E164(f"+{shared_cost}"), carrier="generic", country="PL", language="en"
        )
        access.service = Service.CALLING_CARD
    assert not could_pay(open_town, "", shared_cost)

    with open_town.transaction() as services:
        services.tariffs.by_name("basic").allows_costly = True

    assert could_pay(open_town, "", shared_cost)


def test_somebody_with_a_price_of_their_own_could_pay_where_no_plan_has_one(open_town):
    town, anna = open_town, open_town.welcome()
    price_leg_a(town, "44")
    with town.transaction() as services:
        lists = services.tariffs.lists
        hers = lists.begin(Owner(account_id=anna.id), Origin(NOON))
        lists.append(hers, [Line("4822", Rate(per_minute=1_000))])
        lists.complete(hers, NOON)

    assert could_pay(town, "")
    assert not could_pay(town, STRANGER)


@pytest.mark.parametrize("service", [Service.NONE, Service.ANI_CALLBACK])
def test_elsewhere_nobody_is_served_whose_number_is_withheld(town, service):
    with town.transaction() as services:
        services.accounts.access_number(ACCESS_NUMBER).service = service

        assert services.arrivals.ring(OURS, "") is None


def test_of_many_missed_calls_at_once_one_is_called_back(town):
    anna = town.welcome(calls_at_once=9)
    with town.transaction() as services:
        access = services.accounts.access_number(ACCESS_NUMBER)
        access.service = Service.ANI_CALLBACK

    def miss(_):
        with town.transaction() as services:
            ring = services.arrivals.ring(OURS, ANNA)
            try:
                services.arrivals.call_back(services.accounts.get(anna.id), ring, NOON)
            except Refusal as refusal:
                return refusal.code
        return "queued"

    assert sorted(at_once(miss, range(4))) == ["already_calling"] * 3 + ["queued"]


def test_a_call_that_came_in_and_is_lost_before_its_answer_costs_nothing(open_town):
    town, anna = open_town, open_town.welcome()
    due = came_in(town, anna, new_uuid())

    with town.transaction() as services:
        services.sessions.settle_lost(due.uuid, after(60))

    with town.transaction(write=False) as services:
        request = services.requests.for_session(due.session_id)
        assert (request.state, request.cause) == (State.DONE, "LOST")
        assert services.messages.due(after(60)) == []
    assert town.balance(anna) == "10.00"
    assert is_sound(town)


# Cards.


def issue(town, person, now=NOON):
    with town.transaction() as services:
        return services.cards.issue(services.accounts.get(person.id), now)


def test_of_many_guesses_at_once_no_more_than_five_are_looked_at(town):
    hers = issue(town, town.welcome())

    def guess(number):
        caller = f"+4822100{number:04}"
        with town.transaction() as services:
            try:
                services.cards.check_door(hers.login, caller=caller, now=NOON)
            except LockedOut:
                return False
            services.cards.remember_wrong_try(hers.login, caller=caller, now=NOON)
            return True

    assert sum(at_once(guess, range(8))) == 5


def test_a_card_is_known_by_its_digits_alone(town):
    anna = town.welcome()
    hers = issue(town, anna)

    with town.transaction(write=False) as services:
        card = services.cards.of(services.accounts.get(anna.id))
        assert (card.login, len(card.login)) == (hers.login, 8)
        assert hers.pin not in card.pin_hash
        assert hers.pin not in repr(hers)
        proved = services.cards.prove(hers.login, hers.pin, caller=HOTEL, now=NOON)
        assert proved.id == anna.id


@pytest.mark.parametrize(("login", "pin"), [("", ""), ("1" * 300, "2"), ("x", "*")])
def test_what_is_no_card_is_wrong(town, login, pin):
    issue(town, town.welcome())

    with town.transaction(write=False) as services, pytest.raises(WrongLogin):
        services.cards.prove(login, pin, caller=HOTEL, now=NOON)


def test_digits_that_are_taken_and_pins_that_all_guess_are_drawn_again(town):
    first = issue(town, town.welcome())
    ben = town.welcome("ben", number=HOTEL)
    chances = iter([int(first.login) - 10**7, 5, 111_111, 480_519])

    with town.transaction() as services:
        his = services.cards.issue(
            services.accounts.get(ben.id), NOON, below=lambda _: next(chances)
        )

    assert (his.login, his.pin) == ("10000005", "480519")
