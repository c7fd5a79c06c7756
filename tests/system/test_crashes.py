"""Portal and ESL service die at every step between admission and settlement.

Whatever the step, and whether it is started again at once or when everybody has left:
afterwards no money is held, each leg is paid once and none is free. What was talked is
known from the switch's own records.

Here the service looks ten times a second for users whom nobody serves, and twice for
legs that are gone; outside of tests every half second and every 5.
"""

from contextlib import suppress

import pytest
import requests

from tests.people import ACCESS_NUMBER, ANNA, OFFICE
from tests.system.crashing.scene import call, restart, the_books_are_right
from tests.system.programs import SECRET, eventually

A_STAYS = 1.6
B_STAYS = 0.5
STEPS = [
    f"{verb} is {how}"
    for verb in (
        "take_due",
        "welcome",  # leg A has answered, leg B is admitted
        "answered",
        "part",  # leg B is charged, and held for who stays
        "settle",  # leg A
    )
    for how in ("written", "kept")
]

DOOR_STEPS = [
    f"{verb} is {how}"
    for verb in ("write", "work")  # the message is stored and answered, then worked
    for how in ("written", "kept")
]


@pytest.mark.parametrize("late", [False, True], ids=["at once", "when all have left"])
@pytest.mark.parametrize("step", STEPS)
def test_a_service_that_dies_leaves_no_call_unpaid_and_no_hold_behind(
    system, town, step, late
):
    telephones = the_phones(system)
    restart(system, CRASH_AT=step)

    call(town)
    system.esl.wait_dead()
    if late:
        eventually(lambda: all(each.state == "idle" for each in telephones))
    system.esl.start()

    the_books_are_right(system, town)


@pytest.mark.parametrize("step", ["admit is written", "admit is kept"])
def test_a_service_that_dies_as_she_has_keyed_a_number_stays_with_her(
    system, town, step
):
    anna, _ = the_phones(system)
    anna.behave("answers", after=0.05)
    restart(system, CRASH_AT=step)

    call(town, leg_b=None)
    eventually(lambda: anna.state == "talking")
    anna.hears("enter the number")
    anna.press(f"00{OFFICE[1:]}#")
    system.esl.wait_dead()
    system.esl.start()
    anna.hears("enter the number", times=2)  # anew, or after the office has talked
    anna.hang_up()

    the_books_are_right(system, town)


@pytest.mark.parametrize("late", [False, True], ids=["at once", "when all have left"])
@pytest.mark.parametrize("who", ["anna rings", "the office rings", "they talk"])
def test_a_service_killed_while_somebody_waits_does_no_harm_either(
    system, town, who, late
):
    anna, office = the_phones(system, after=0.8)
    restart(system)

    call(town)
    telephone = anna if who == "anna rings" else office
    state = "talking" if who == "they talk" else "ringing"
    eventually(lambda: telephone.state == state)
    system.esl.kill()
    if late:
        eventually(lambda: (anna.state, office.state) == ("idle", "idle"))
    system.esl.start()

    the_books_are_right(system, town)


@pytest.mark.parametrize("step", DOOR_STEPS)
def test_a_portal_that_dies_makes_one_call_of_what_its_carrier_tells_again(
    system, town, step
):
    the_phones(system)
    restart(system)
    system.portal.kill()
    system.portal.start(CRASH_AT=step)
    eventually(lambda: serves(system))
    before = sessions(town)

    with suppress(requests.ConnectionError):  # who stores it dies unanswered
        post(system, step)
    system.portal.wait_dead()
    system.portal.start()
    eventually(lambda: serves(system))
    for _ in range(2):
        post(system, step)

    eventually(lambda: sessions(town) == before + 1)
    the_books_are_right(system, town)
    assert sessions(town) == before + 1


def post(system, message):
    """A carrier tells of Anna's SMS, each from a telephone of its own.

    One telephone may ask three times a minute only.
    """
    sender = f"+4860070000{DOOR_STEPS.index(message)}"
    text = f"U.anna P.anna-password D.{OFFICE} O.{ANNA}"
    body = {"id": message, "from": sender, "to": ACCESS_NUMBER, "text": text}
    requests.post(
        f"{system.portal_url}/sms/generic",
        json=body,
        headers={"X-Secret": SECRET},
        timeout=10,
    ).raise_for_status()


def serves(system):
    return requests.get(f"{system.portal_url}/health", timeout=5).ok


def sessions(town):
    with town.transaction(write=False) as services:
        return len(services.history.sessions(limit=1000))


def the_phones(system, after=0.05):
    anna, office = system.handset(ANNA), system.handset(OFFICE)
    anna.behave("answers", after=after, talks=A_STAYS)
    office.behave("answers", after=after, talks=B_STAYS)
    return anna, office
