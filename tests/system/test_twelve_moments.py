"""The ESL service is killed at twelve moments of a call, and started again.

Whatever the moment, and whether it is back at once or when the office has hung up:
Anna is rung once, the office is rung once and talks as long as it likes, Anna is asked
for the next number, both legs are paid once, and no telephone is left ringing.

`pytest -m crashes --crashes 20` dies so often at each.
"""

import time as clock
from collections import Counter

import pytest

from tests.cdrs import cdrs_in
from tests.people import ANNA, OFFICE
from tests.system.crashing.scene import (
    call,
    restart,
    rung,
    the_books_are_right,
)
from tests.system.programs import eventually

pytestmark = pytest.mark.crashes

THE_NEXT = "enter the number"
B_STAYS = 1.0

MOMENTS = {
    "before originate": "take_due is kept",
    "ringing A": "originate is sent",
    "A has answered": "welcome is written",
    "in a prompt": "playback is sent",
    "waiting for digits": None,
    "B admitted before dialling": "welcome is kept",
    "ringing B": "bridge is sent",
    "B has answered": "answered is written",
    "talking": None,
    "during settlement": "part is written",
    "after B's end": "part is kept",
    "A has hung up": "settle is written",
}


@pytest.fixture
def anna(system):
    anna = system.handset(ANNA)
    anna.behave("answers", after=0.1)
    yield anna
    if anna.state != "idle":  # one failure is not to be another's
        anna.hang_up()


@pytest.fixture
def office(system):
    office = system.handset(OFFICE)
    office.behave("answers", after=0.1, talks=B_STAYS)
    return office


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_call_goes_on_as_if_nothing_had_happened(
    system, town, anna, office, moment, time, tmp_path
):
    late = (list(MOMENTS).index(moment) + time) % 2
    before = rung(system)
    she_leaves = tmp_path / "she leaves"
    since = str(she_leaves) if moment == "A has hung up" else ""
    restart(system, CRASH_AT=MOMENTS[moment] or "", CRASH_SINCE=since)

    call(town, leg_b=None if moment == "waiting for digits" else OFFICE)
    let_it_die(system, anna, office, moment, she_leaves)
    clock.sleep(1.2 * late)
    system.esl.start()
    go_on(system, anna, office, moment, before)

    eventually(lambda: (anna.state, office.state) == ("idle", "idle"))
    the_books_are_right(system, town)
    assert rung(system) - before == Counter({ANNA: 1, OFFICE: 1})
    assert talked(system) > B_STAYS - 0.2  # their own watch began a moment earlier


def let_it_die(system, anna, office, moment, she_leaves):
    """Anna lives until the service dies, by itself or by our hand.

    The office's leg may be settled as hers is, by its record: so `she_leaves` tells the
    service when it is hers.
    """
    match moment:
        case "waiting for digits":
            eventually(lambda: anna.state == "talking")
            anna.hears(THE_NEXT)
            clock.sleep(0.3)
            system.esl.kill()
        case "talking":
            eventually(lambda: office.state == "talking")
            clock.sleep(0.2)
            system.esl.kill()
        case "A has hung up":
            eventually(lambda: office.state == "talking")
            anna.hears(THE_NEXT)
            she_leaves.touch()
            anna.hang_up()
    system.esl.wait_dead()


def go_on(system, anna, office, moment, before):
    """The office is talked to, and Anna asked for the next number: then she leaves."""
    if moment == "A has hung up":
        return
    if moment == "waiting for digits":
        anna.hears(THE_NEXT, times=2)
        anna.press(f"00{OFFICE[1:]}#")
    eventually(lambda: rung(system)[OFFICE] > before[OFFICE])  # and they have ended
    anna.hears(THE_NEXT, times=3 if moment == "waiting for digits" else 1)
    assert (anna.state, office.state) == ("talking", "idle")
    anna.hang_up()


def talked(system):
    """For how many seconds the office talked in the last call."""
    legs = cdrs_in(system.records)
    of_office = [leg for leg in legs if OFFICE[1:] in leg["sip_req_uri"]]
    return int(of_office[-1]["billusec"]) / 1e6
