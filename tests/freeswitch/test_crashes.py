"""The ESL service is killed in the middle of a call on a real switch, and comes back.

Whatever the moment: Anna is rung once, the office is rung once and talks as long as it
likes, Anna is asked for the next number, and both legs are paid once.
"""

import time
from collections import Counter

import pytest

from domain import money
from tests.cdrs import cdrs_in
from tests.freeswitch.event_socket import Unheard
from tests.freeswitch.texting import person, text
from tests.people import ANNA, OFFICE
from tests.system.crashing.scene import call
from tests.system.programs import eventually, shown

pytestmark = pytest.mark.parametrize(
    "programs", ["tests.system.crashing"], indirect=True
)


@pytest.fixture
def anna(telephony, town):
    town.anna = town.welcome(confirms_leg_a=False, announces_balance=False)
    return person(telephony, ANNA)


@pytest.fixture
def office(telephony):
    return person(telephony, OFFICE)


@pytest.fixture
def rung(telephony):
    """How often each number was rung since this test began."""
    before = count(telephony)
    return lambda: count(telephony) - before


def count(telephony):
    legs = cdrs_in(telephony.switch.cdr_folder)
    return Counter(each["sip_req_uri"].partition("@")[0] for each in legs)


def is_rung(person, programs):
    """Somebody is, by a service that may have to start first."""
    try:
        person.wait_ringing(20)
    except Unheard as silence:
        raise AssertionError(programs.esl.log.read_text()) from silence


def the_office_is_rung(programs, anna, office):
    """Anna has asked for it and has answered."""
    text(programs, "D.48774417880")
    anna.wait_ringing()
    anna.answer()
    is_rung(office, programs)


def dies(programs):
    """The service is killed, and starts again at once."""
    programs.esl.kill()
    programs.esl.start()


def is_asked_for_the_next_number(programs):
    """Anna is, once the office has ended: nobody would start this otherwise."""
    eventually(lambda: shown(programs, 1)["legs"][-1]["ended_at"])
    time.sleep(1.5)


def all_is_right(programs, town, rung, *, talked):
    eventually(lambda: town.holds() == 0)
    legs = shown(programs, 1)["legs"]
    paid = sum(money.parse(leg["price"]) for leg in legs)
    seconds = sum(leg["billed_seconds"] for leg in legs)
    assert paid == seconds * 1_000
    assert money.parse(town.balance(town.anna)) == money.parse("10.00") - paid
    assert legs[-1]["answered_us"] >= talked * 1e6
    assert rung() == {ANNA[1:]: 1, OFFICE[1:]: 1}
    with town.transaction(write=False) as services:
        assert not any(services.audit.faults().values())


def talk_and_leave(programs, town, anna, office, rung):
    """The office talks, Anna hears the next question, and both have gone."""
    office.answer()
    time.sleep(1.5)
    office.hang_up()
    is_asked_for_the_next_number(programs)
    assert anna.is_on_the_line
    anna.hang_up()
    all_is_right(programs, town, rung, talked=1.4)


def test_before_originate(programs, town, anna, office, rung):
    programs.esl.kill()
    programs.esl.start(CRASH_AT="take_due is kept")
    text(programs, "D.48774417880")
    programs.esl.wait_dead()

    programs.esl.start()
    is_rung(anna, programs)
    anna.answer()
    is_rung(office, programs)

    talk_and_leave(programs, town, anna, office, rung)


def test_while_anna_is_rung(programs, town, anna, office, rung):
    text(programs, "D.48774417880")
    anna.wait_ringing()

    dies(programs)
    time.sleep(2)
    anna.answer()
    is_rung(office, programs)

    talk_and_leave(programs, town, anna, office, rung)


def test_when_anna_has_answered_unheard(programs, town, anna, office, rung):
    text(programs, "D.48774417880")
    anna.wait_ringing()

    programs.esl.kill()
    anna.answer()
    time.sleep(1)
    programs.esl.start()
    is_rung(office, programs)

    talk_and_leave(programs, town, anna, office, rung)


def test_in_the_prompt_before_the_office_is_rung(programs, town, anna, office, rung):
    text(programs, "D.48774417880")
    anna.wait_ringing()
    anna.answer()
    eventually(lambda: len(shown(programs, 1)["legs"]) == 2)

    dies(programs)
    is_rung(office, programs)

    talk_and_leave(programs, town, anna, office, rung)


def test_while_she_is_asked_for_a_number(programs, town, anna, office, rung, hearing):
    is_told = hearing(anna.number)
    call(town, leg_b=None)
    anna.wait_ringing()
    anna.answer()
    is_told.hears("which-number")

    dies(programs)
    is_told.hears("which-number", times=2)
    anna.press("0048774417880#")
    is_rung(office, programs)

    talk_and_leave(programs, town, anna, office, rung)


def test_while_she_is_asked_for_a_number_and_again_and_again(
    programs, town, anna, office, rung, hearing
):
    is_told = hearing(anna.number)
    call(town, leg_b=None)
    anna.wait_ringing()
    anna.answer()
    is_told.hears("which-number")

    for death in (1, 2, 3):
        dies(programs)
        is_told.hears("which-number", times=1 + death)
    anna.press("0048774417880#")
    is_rung(office, programs)

    talk_and_leave(programs, town, anna, office, rung)


def test_while_the_office_rings(programs, town, anna, office, rung):
    the_office_is_rung(programs, anna, office)

    dies(programs)
    time.sleep(2)

    talk_and_leave(programs, town, anna, office, rung)


def test_while_they_talk_and_hash_hash_still_drops_the_office(
    programs, town, anna, office, rung
):
    the_office_is_rung(programs, anna, office)
    office.answer()
    time.sleep(1)

    dies(programs)
    eventually(lambda: "is served again" in programs.esl.log.read_text())
    time.sleep(1)
    assert office.is_on_the_line
    anna.press("##")
    office.wait_gone(2)
    is_asked_for_the_next_number(programs)
    anna.press("111#")  # the keys are the prompts' again
    time.sleep(1)
    assert anna.is_on_the_line
    anna.hang_up()

    all_is_right(programs, town, rung, talked=2)


def test_when_the_office_hung_up_while_nobody_listened(
    programs, town, anna, office, rung
):
    the_office_is_rung(programs, anna, office)
    office.answer()
    time.sleep(1)

    programs.esl.kill()
    office.hang_up()
    time.sleep(2)
    assert anna.is_on_the_line
    programs.esl.start()
    is_asked_for_the_next_number(programs)
    anna.hang_up()

    all_is_right(programs, town, rung, talked=0.9)
