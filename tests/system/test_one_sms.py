"""One SMS becomes one billed call, through every program and a real socket."""

import time

import pytest
import requests

from domain import money
from domain.database import engine_for, transactions
from tests.people import ACCESS_NUMBER, ANNA, HOTEL, OFFICE, STRANGER, Town
from tests.system.programs import System, eventually, shown

SEED = "U.anna P.anna-password D.48774417880 O.12345678"


@pytest.fixture
def town(database):
    engine = engine_for(database)
    yield Town(transactions(engine))
    engine.dispose()


@pytest.fixture
def system(database, town, tmp_path):
    with System(database, tmp_path) as running:
        yield running


def test_the_seeds_line_is_called_and_paid_to_the_micro_unit(system, town):
    anna = town.welcome()
    hotel, office = system.handset(HOTEL), system.handset(OFFICE)

    system.handset(ANNA).text(ACCESS_NUMBER, SEED)
    hotel.answer()
    hotel.hears("Press 1")
    hotel.press("1")
    hotel.hears("Your balance is ten dollars")
    hotel.hears("You can talk for up to")
    office.answer()
    time.sleep(2)
    hotel.press("##")
    eventually(lambda: office.state == "idle")
    hotel.hears("enter the number")
    hotel.hang_up()

    eventually(lambda: town.holds() == 0)
    leg_a, leg_b = shown(system, 1)["legs"]
    assert (leg_a["number"], leg_b["number"]) == (HOTEL, OFFICE)
    assert leg_b["billed_seconds"] in {2, 3}
    paid = money.parse(leg_a["price"]) + money.parse(leg_b["price"])
    assert paid == (leg_a["billed_seconds"] + leg_b["billed_seconds"]) * 1_000
    assert money.parse(town.balance(anna)) == money.parse("10.00") - paid
    eventually(lambda: len(system.handset(ANNA).replies) == 1)
    assert system.handset(ANNA).replies[0].startswith("Calling +4812345678 now")


def test_a_busy_party_is_said_and_the_next_number_is_dialled(system, town):
    town.welcome(confirms_leg_a=False)
    anna, london = system.handset(ANNA), system.handset("+442071234567")
    system.handset(OFFICE).behave("busy", after=0.1)
    london.behave("answers", after=0.1, talks=1)

    anna.text(ACCESS_NUMBER, "D.48774417880")
    anna.answer()
    anna.hears("busy")
    anna.hears("enter the number")
    anna.press("00442071234567#")
    anna.hears("enter the number", times=2)
    anna.hang_up()

    eventually(lambda: town.holds() == 0)
    _, busy, talked = shown(system, 1)["legs"]
    assert (busy["cause"], busy["price"]) == ("USER_BUSY", "0.00")
    assert (talked["cause"], talked["price"]) == ("NORMAL_CLEARING", "0.70")


def test_the_limit_drops_the_other_party_only(system, town):
    town.welcome(confirms_leg_a=False, announces_balance=False, longest_call=10)
    anna, office = system.handset(ANNA), system.handset(OFFICE)
    office.behave("answers", after=0.1)

    anna.text(ACCESS_NUMBER, "D.48774417880")
    anna.answer()
    eventually(lambda: office.state == "talking")
    eventually(lambda: office.state == "idle")

    anna.hears("longest time")
    assert anna.state == "talking"
    anna.hang_up()
    eventually(lambda: town.holds() == 0)
    assert shown(system, 1)["legs"][1]["billed_seconds"] in {9, 10, 11}


def test_one_more_sms_hangs_both_up_and_a_word_calls_again(system, town):
    town.welcome(confirms_leg_a=False, announces_balance=False)
    anna, office = system.handset(ANNA), system.handset(OFFICE)
    office.behave("answers", after=0.1)
    anna.text(ACCESS_NUMBER, "Llamar 77 441 78 80")
    anna.answer()
    eventually(lambda: office.state == "talking")

    anna.text(ACCESS_NUMBER, "x")
    eventually(lambda: (anna.state, office.state) == ("idle", "idle"))
    eventually(lambda: town.holds() == 0)
    anna.text(ACCESS_NUMBER, "REDIAL")
    eventually(lambda: len(anna.replies) == 3)
    eventually(lambda: anna.state == "ringing")

    assert anna.replies[1] == "Calls that are ended now: 1."
    assert len(shown(system, 1)["legs"]) == 2


def test_a_stranger_is_neither_called_nor_answered(system, town):
    town.welcome()

    system.handset(STRANGER).text(ACCESS_NUMBER, "D.48774417880")
    time.sleep(0.5)

    assert system.handset(STRANGER).state == "idle"
    assert system.handset(STRANGER).replies == []


def test_a_hostile_number_does_nothing(system, town, tmp_path):
    town.welcome(confirms_leg_a=False)
    touched = tmp_path / "touched"
    anna = system.handset(ANNA)

    anna.text(ACCESS_NUMBER, f"D.${{system(touch {touched})}}")
    eventually(lambda: len(anna.replies) == 1)

    assert "Nothing was done" in anna.replies[0]
    assert not touched.exists()
    assert anna.state == "idle"


def test_whoever_kills_the_service_charges_nobody_twice(system, town):
    anna = town.welcome(confirms_leg_a=False)
    telephone, office = system.handset(ANNA), system.handset(OFFICE)
    office.behave("answers", after=0.1)
    telephone.text(ACCESS_NUMBER, "D.48774417880")
    telephone.answer()
    eventually(lambda: office.state == "talking")

    system.esl.kill()
    time.sleep(0.5)
    assert (telephone.state, office.state) == ("talking", "talking")
    with system.esl:
        time.sleep(1.5)
        office.hang_up()
        telephone.hang_up()
        eventually(lambda: town.holds() == 0)

    legs = shown(system, 1)["legs"]
    assert len(legs) == 2
    spent = sum(money.parse(leg["price"]) for leg in legs)
    assert spent > 0
    assert money.parse(town.balance(anna)) == money.parse("10.00") - spent


def test_the_portal_says_that_it_lives(system):
    assert requests.get(f"{system.portal_url}/health", timeout=5).text.strip() == "ok"
