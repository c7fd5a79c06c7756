"""Several gateways on a real switch: carriers that fail, caps, numbers shown."""

import time

import pytest

from domain.routes.models import NumberForm
from tests.freeswitch.texting import person, text
from tests.people import ACCESS_NUMBER, ANNA, HOTEL, OFFICE
from tests.system.programs import eventually

BUSY = "+48225550001"
ANNA_S, THE_OFFICE_S = "4860", "4877"


@pytest.fixture
def anna(town):
    return town.welcome(confirms_leg_a=False, announces_balance=False)


def legs(town):
    """The legs of the last session: by which gateway each left, and why it ended."""
    with town.transaction(write=False) as services:
        (session,) = services.history.sessions(limit=1)
        return [(leg.side.value, leg.gateway, leg.cause) for leg in session.legs]


def balance_is_ledger(town, anna):
    """Whether what was paid is the legs' prices, and nothing is held any more."""
    with town.transaction(write=False) as services:
        (session,) = services.history.sessions(limit=1)
        paid = sum(leg.price for leg in session.legs)
        return services.accounts.get(anna.id).balance == 10_000_000 - paid


def rings(telephone, first=None):
    """Wait for the ringing; a carrier that answers 503 lets the network see its try."""
    if first == "failing":
        telephone.wait_ringing(20)
    return telephone.wait_ringing(20)


def call(programs, telephony, wanted=OFFICE, *, first=None):
    """Anna asks for somebody, and answers her own telephone."""
    telephone = person(telephony, ANNA)
    text(programs, f"D.{wanted}")
    rings(telephone, first)
    telephone.answer()
    return telephone


def both_talk_and_leave(telephone, office, town, *, first=None):
    rings(office, first)
    office.answer()
    time.sleep(1)
    telephone.hang_up()
    eventually(lambda: town.holds() == 0)


@pytest.mark.parametrize(
    ("first", "cause"),
    [
        ("failing", "NORMAL_TEMPORARY_FAILURE"),
        ("unheard-of", "INVALID_GATEWAY"),
        ("deaf", None),
    ],
)
def test_where_a_carrier_fails_b_is_rung_by_the_next(
    programs, telephony, town, anna, first, cause
):
    town.gateway("carrier", ANNA_S)
    town.gateway(first, THE_OFFICE_S)
    town.gateway("second", THE_OFFICE_S, priority=2)
    office = person(telephony, OFFICE)

    telephone = call(programs, telephony)
    both_talk_and_leave(telephone, office, town, first=first)

    _, failed, reached = legs(town)
    assert failed[:2] == ("b", first)
    assert cause in (None, failed[2])
    assert reached == ("b", "second", "NORMAL_CLEARING")
    assert town.faults_of(first) == (1, False)
    assert balance_is_ledger(town, anna)


@pytest.mark.parametrize("first", ["failing", "unheard-of"])
def test_where_a_carrier_fails_a_is_rung_by_the_next_at_once(
    programs, telephony, town, anna, first
):
    town.gateway(first, ANNA_S)
    town.gateway("second", ANNA_S, priority=2)
    town.gateway("carrier", THE_OFFICE_S)
    office = person(telephony, OFFICE)

    telephone = call(programs, telephony, first=first)
    both_talk_and_leave(telephone, office, town)

    failed, reached, other = legs(town)
    assert (failed[:2], reached[:2]) == (("a", first), ("a", "second"))
    assert other == ("b", "carrier", "NORMAL_CLEARING")
    assert balance_is_ledger(town, anna)


def test_a_busy_number_is_busy_by_whatever_gateway(programs, telephony, town, anna):
    town.gateway("carrier")
    town.gateway("second", "4822", priority=2)
    town.gateway("failing", "4822", priority=3)

    telephone = call(programs, telephony, BUSY)
    eventually(lambda: len(legs(town)) == 2 and legs(town)[1][2] is not None)
    time.sleep(1)
    telephone.hang_up()
    eventually(lambda: town.holds() == 0)

    assert legs(town)[1:] == [("b", "second", "USER_BUSY")]
    assert balance_is_ledger(town, anna)


def test_when_all_carriers_fail_she_is_asked_for_another_number(
    programs, telephony, town, anna, hearing
):
    town.gateway("carrier")
    town.gateway("failing", THE_OFFICE_S)
    town.gateway("unheard-of", THE_OFFICE_S, priority=2)
    hotel = person(telephony, HOTEL)

    telephone = call(programs, telephony)
    eventually(lambda: [leg[2] is None for leg in legs(town)] == [True, False, False])
    hearing(telephone.number).hears("which-number")
    telephone.press(f"00{HOTEL.removeprefix('+')}#")
    both_talk_and_leave(telephone, hotel, town)

    assert [leg[1] for leg in legs(town)] == [
        "carrier",
        "failing",
        "unheard-of",
        "carrier",
    ]
    assert balance_is_ledger(town, anna)


@pytest.mark.parametrize(
    ("form", "country", "display"),
    [
        (NumberForm.PLUS, None, "+48600316058"),
        (NumberForm.DIGITS, None, "48600316058"),
        (NumberForm.ZEROS, None, "0048600316058"),
        (NumberForm.NATIONAL, "PL", "600316058"),
    ],
)
def test_b_sees_the_user_s_number_as_the_gateway_wants_it(
    programs, telephony, town, anna, form, country, display
):
    town.gateway("carrier", ANNA_S)
    town.gateway("second", THE_OFFICE_S, caller_id_form=form, country=country)
    telephone, office = person(telephony, ANNA), person(telephony, OFFICE)

    text(programs, f"D.{OFFICE}")
    rung = rings(telephone)
    telephone.answer()
    called = rings(office)
    telephone.hang_up()
    eventually(lambda: town.holds() == 0)

    assert rung["Caller-Caller-ID-Number"] == ACCESS_NUMBER.removeprefix("+")
    assert called["Caller-Caller-ID-Number"] == display


def test_a_gateway_for_one_call_gets_one(programs, telephony, town, anna):
    town.gateway("carrier", calls_at_once=1)
    town.gateway("second", priority=2)
    office = person(telephony, OFFICE)

    telephone = call(programs, telephony)
    both_talk_and_leave(telephone, office, town)

    assert [leg[1] for leg in legs(town)] == ["carrier", "second"]
    assert balance_is_ledger(town, anna)
