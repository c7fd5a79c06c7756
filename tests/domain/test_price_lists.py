"""Versions of price lists, and what a plan makes of them."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import Forbidden, NoRate, OtherCurrency
from domain.numbers import E164
from domain.tariffs.lists import Origin, Overtaken, Owner
from domain.tariffs.models import ListState
from domain.tariffs.rating import Rate
from domain.tariffs.sheet import Line
from tests.databases import on_both
from tests.domain.calling import a_up, admit, ask, b_up
from tests.people import ACCESS_NUMBER, ANNA, HOTEL, NOON, OFFICE, after

pytestmark = on_both

PREMIUM = E164("+48700123456")


def put(town, owner, *lines, at=NOON):
    with town.transaction() as services:
        lists = services.tariffs.lists
        draft = lists.begin(owner, Origin(NOON, "rates.csv", "eva"))
        lists.append(draft, lines)
        lists.complete(draft, at)
        return draft


def price(town, number=OFFICE, at=NOON, person=None):
    """What a minute to a number costs, and by which prefix."""
    with town.transaction(write=False) as services:
        plan = services.tariffs.plan(town.plan_id)
        found = services.tariffs.price(plan, number, at, person.id if person else None)
        return found.prefix, found.rate.per_minute


def change(town, **settings):
    with town.transaction() as services:
        plan = services.tariffs.plan(town.plan_id)
        for name, value in settings.items():
            setattr(plan, name, value)


def test_the_list_that_began_last_is_in_force_whole(town):
    put(town, Owner(town.plan_id), Line("4877", Rate(1)), at=after(10))
    put(town, Owner(town.plan_id), Line("487", Rate(2)), at=after(20))

    prices = [price(town, at=after(seconds)) for seconds in (9, 10, 19, 20, 99)]

    assert prices == [("48", 60_000), *2 * [("4877", 1)], *2 * [("487", 2)]]
    with pytest.raises(NoRate):
        price(town, E164("+442071234567"), after(20))


def test_of_two_lists_of_one_moment_the_later_made_is_in_force(town):
    put(town, Owner(town.plan_id), Line("48", Rate(1)))
    put(town, Owner(town.plan_id), Line("48", Rate(2)))

    assert price(town) == ("48", 2)


def test_a_rate_with_dates_of_its_own_holds_between_them(town):
    dated = Line("4877", Rate(1), valid_from=after(10), valid_to=after(20))
    put(town, Owner(town.plan_id), Line("48", Rate(2)), dated)

    prices = [price(town, at=after(seconds))[1] for seconds in (9, 10, 19, 20)]

    assert prices == [2, 1, 1, 2]


@pytest.mark.parametrize(
    ("zone", "moment", "expected"),
    [
        ("Europe/Warsaw", "2026-11-23T06:59:59Z", 2),
        ("Europe/Warsaw", "2026-11-23T07:00:00Z", 1),
        ("Europe/Warsaw", "2026-07-20T05:59:59Z", 2),
        ("Europe/Warsaw", "2026-07-20T06:00:00Z", 1),
        ("America/New_York", "2026-11-23T12:59:59Z", 2),
        ("America/New_York", "2026-11-23T13:00:00Z", 1),
        ("UTC", "2026-11-22T12:00:00Z", 2),
    ],
)
def test_a_band_goes_by_the_clocks_of_the_plan(town, zone, moment, expected):
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    banded = Line("48", Rate(1), band="mon-fri 08:00-18:00")
    with town.transaction() as services:  # a year with one list
        plan = services.tariffs.create("banded", "USD")
        plan.time_zone = zone
        plan_id = plan.id
    put(town, Owner(plan_id), banded, Line("48", Rate(2)), at=begin)

    with town.transaction(write=False) as services:
        at = datetime.fromisoformat(moment)
        found = services.tariffs.price(services.tariffs.plan(plan_id), OFFICE, at)

    assert found.rate.per_minute == expected


def test_an_account_s_own_price_wins_however_short_its_prefix(town):
    anna, ben = town.welcome(), town.welcome("ben", number=HOTEL)
    put(town, Owner(town.plan_id), Line("4877441", Rate(3)))
    put(town, Owner(account_id=anna.id), Line("48", Rate(1)), at=after(5))

    assert price(town, person=anna, at=after(4)) == ("4877441", 3)
    assert price(town, person=anna, at=after(5)) == ("48", 1)
    assert price(town, person=ben, at=after(5)) == ("4877441", 3)


def test_what_an_account_has_no_own_price_for_costs_what_the_plan_says(town):
    anna = town.welcome()
    by_night = Line("48", Rate(1), band="22:00-06:00")
    put(town, Owner(account_id=anna.id), by_night, Line("44", Rate(2)))

    assert price(town, person=anna) == ("48", 60_000)
    assert price(town, person=anna, at=NOON + timedelta(hours=11)) == ("48", 1)


def test_an_own_price_is_under_the_plan_s_rules_and_ceiling_too(town):
    anna = town.welcome()
    own = [Line("48", Rate(90_000)), Line("4870", Rate(1))]
    put(town, Owner(account_id=anna.id), *own)
    change(town, dearest_minute=80_000)

    for number in (OFFICE, PREMIUM):
        with pytest.raises(Forbidden):
            price(town, number, person=anna)


def test_an_empty_list_ends_an_account_s_own_prices(town):
    anna = town.welcome()
    put(town, Owner(account_id=anna.id), Line("48", Rate(1)))
    put(town, Owner(account_id=anna.id), at=after(10))

    assert price(town, person=anna, at=after(9))[1] == 1
    assert price(town, person=anna, at=after(10))[1] == 60_000


def test_both_legs_are_priced_for_the_account(town):
    anna = town.welcome()
    own = [Line("48600", Rate(600_000)), Line("4877", Rate(1_200_000))]
    put(town, Owner(account_id=anna.id), *own)

    with town.transaction(write=False) as services:
        account = services.accounts.get(anna.id)
        quote = services.quotes.quote(account, ANNA, OFFICE, NOON)

    assert (quote.leg_a.prefix, quote.leg_b.prefix) == ("48600", "4877")
    assert quote.first_minute == 1_800_000


def test_prefixes_are_forbidden_and_allowed_for_both_legs(town):
    anna = town.welcome()
    with town.transaction() as services:
        plan = services.tariffs.plan(town.plan_id)
        services.tariffs.set_rule(plan, "4877", allows=False)

    for legs in ({"leg_b": OFFICE}, {"leg_a": OFFICE, "leg_b": HOTEL}):
        with pytest.raises(Forbidden):
            ask(town, anna, **legs)
    with town.transaction() as services:
        plan = services.tariffs.plan(town.plan_id)
        services.tariffs.set_rule(plan, "48774", allows=True)
        assert services.tariffs.rules(plan) == {"4877": False, "48774": True}
    assert ask(town, anna, leg_a=OFFICE, leg_b=HOTEL)


def test_a_range_that_is_named_is_switched_on_and_no_other(town):
    with town.transaction() as services:
        plan = services.tariffs.plan(town.plan_id)
        services.tariffs.set_rule(plan, "4870", allows=True)

    assert price(town, PREMIUM) == ("48", 60_000)
    with pytest.raises(Forbidden):
        price(town, E164("+48801123456"))


def test_a_rule_is_changed_and_forgotten(town):
    with town.transaction() as services:
        plan = services.tariffs.plan(town.plan_id)
        for allows in (False, True, False, None):
            services.tariffs.set_rule(plan, "48", allows=allows)

        assert services.tariffs.rules(plan) == {}


@pytest.mark.parametrize(
    ("plan_s", "account_s", "limit"),
    [(None, None, 7200), (600, None, 600), (600, 300, 300), (300, 600, 300)],
)
def test_the_longest_call_is_the_least_of_three(town, plan_s, account_s, limit):
    anna = town.welcome(funds="1000.00", longest_call=account_s)
    change(town, longest_call=plan_s)
    due = a_up(town, anna)

    b, promised = admit(town, due.session_id)

    assert promised == limit
    assert b_up(town, due.session_id, b, NOON) == limit
    with town.transaction(write=False) as services:
        account = services.accounts.get(anna.id)
        assert services.quotes.quote(account, ANNA, OFFICE, NOON).longest == limit


def test_a_leg_priced_in_another_currency_is_refused_not_converted(town):
    anna = town.welcome()
    with town.transaction() as services:
        euros = services.tariffs.create("euros", "EUR")
        services.tariffs.replace(euros, [Line("48", Rate(1))], NOON)
        access = services.accounts.access_number(ACCESS_NUMBER)
        access.leg_a_plan_id = euros.id

    with town.transaction(write=False) as services:
        access = services.accounts.access_number(ACCESS_NUMBER)
    with pytest.raises(OtherCurrency):
        ask(town, anna, access_number=access)

    assert town.holds() == 0


def test_leg_a_goes_by_the_access_number_s_plan_in_the_same_currency(town):
    anna = town.welcome()
    with town.transaction() as services:
        cheap = services.tariffs.create("to the SIM", "USD")
        services.tariffs.replace(cheap, [Line("48", Rate(6))], NOON)
        access = services.accounts.access_number(ACCESS_NUMBER)
        access.leg_a_plan_id = cheap.id

    with town.transaction(write=False) as services:
        account = services.accounts.get(anna.id)
        access_id = services.accounts.access_number(ACCESS_NUMBER).id
        quote = services.quotes.quote(account, ANNA, OFFICE, NOON, access_id)

    assert (quote.leg_a.rate.per_minute, quote.leg_b.rate.per_minute) == (6, 60_000)


# --- written piece by piece ----------------------------------------------------


def test_a_draft_is_not_in_force_and_the_next_import_clears_it(town):
    owner = Owner(town.plan_id)
    with town.transaction() as services:
        draft = services.tariffs.lists.begin(owner, Origin(NOON))
        lines = [Line(f"48{number}", Rate(1)) for number in range(5)]
        services.tariffs.lists.append(draft, lines)

    assert price(town) == ("48", 60_000)

    pieces = 0
    with town.transaction() as services:
        services.tariffs.lists.drop_drafts(owner)
        while services.tariffs.lists.clear_dropped(owner, at_most=2):
            pieces += 1
        dropped, in_force = services.tariffs.lists.of(owner)
        assert list(services.tariffs.lists.lines(dropped)) == []
    assert pieces == 3
    assert dropped.state is ListState.DROPPED
    assert in_force.state is ListState.COMPLETE


def test_an_import_overtaken_by_another_is_never_in_force(town):
    owner = Owner(town.plan_id)
    with town.transaction() as services:
        slow = services.tariffs.lists.begin(owner, Origin(NOON))
    with town.transaction() as services:
        services.tariffs.lists.drop_drafts(owner)

    with pytest.raises(Overtaken), town.transaction() as services:
        services.tariffs.lists.append(slow, [Line("48", Rate(1))])
    with pytest.raises(Overtaken), town.transaction() as services:
        services.tariffs.lists.complete(slow, NOON)

    assert price(town) == ("48", 60_000)


def test_a_list_that_is_in_force_cannot_be_written_to(town):
    in_force = put(town, Owner(town.plan_id), Line("48", Rate(1)))

    with pytest.raises(Overtaken), town.transaction() as services:
        services.tariffs.lists.append(in_force, [Line("49", Rate(1))])


def test_a_list_is_read_back_as_it_was_written_in_order(town):
    owner = Owner(town.plan_id)
    lines = [
        Line("4877", Rate(1, 2, 3, 4, 5, 6, 7), "Opole"),
        Line("44", Rate(1), "Britain", valid_from=NOON, valid_to=after(1)),
        Line("48", Rate(2), "Poland", band="sat-sun"),
        Line("48", Rate(1), "Poland"),
    ]
    put(town, owner, *lines)

    with town.transaction(write=False) as services:
        lists = services.tariffs.lists
        found = lists.in_force(owner, NOON)
        read = list(lists.lines(found))
        assert (found.source, found.operator, found.rows) == ("rates.csv", "eva", 4)
        assert services.tariffs.compare(owner, iter(read), NOON).same == 4

    assert read == [lines[1], lines[3], lines[2], lines[0]]
