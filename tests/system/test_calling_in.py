"""Calls that come to us, through every program and a real socket; some die on the way.

Here the service looks more often for users whom nobody serves than outside of tests.
"""

import pytest

from domain import money
from domain.accounts.models import Service
from domain.calls.models import Source
from domain.database import engine_for, transactions
from tests.people import ACCESS_NUMBER, ANNA, HOTEL, OFFICE, STRANGER, Town
from tests.system.programs import System, eventually, shown


@pytest.fixture
def system(database, tmp_path):
    running = System(database, tmp_path)
    running.esl_module = "tests.system.crashing"
    with running:
        yield running


@pytest.fixture
def town(database):
    engine = engine_for(database)
    made = Town(transactions(engine))
    made.anna = made.welcome(confirms_leg_a=False, announces_balance=False)
    yield made
    engine.dispose()


@pytest.fixture
def hers(town):
    with town.transaction() as services:
        anna = services.accounts.get(town.anna.id)
        return services.cards.issue(anna, anna.made_at)


def serve(town, service):
    with town.transaction() as services:
        services.accounts.access_number(ACCESS_NUMBER).service = service


def requests_of(town):
    """The source and the end of each request, the first first."""
    with town.transaction(write=False) as services:
        anna = services.accounts.get(town.anna.id)
        asked = services.history.requests(anna)
        return [(each.source, each.cause) for each in reversed(asked)]


def dies_at(system, step):
    """The service is started anew, and will not survive this step."""
    system.esl.kill()
    system.esl.log.write_bytes(b"")
    system.esl.start(CRASH_AT=step)
    eventually(lambda: "linked to the switch" in system.esl.log.read_text())


def the_books_are_right(system, town):
    eventually(lambda: town.holds() == 0, what=system.esl.log.read_text)
    with town.transaction(write=False) as services:
        assert not any(services.audit.faults().values())
        sessions = services.history.sessions()
        assert all(session.ended_at for session in sessions)
        legs = [leg for session in sessions for leg in session.legs]
    spent = sum(leg.price for leg in legs)
    assert money.parse(town.balance(town.anna)) == money.parse("10.00") - spent
    return spent


def test_she_rings_hears_busy_and_is_called_back(system, town):
    serve(town, Service.ANI_CALLBACK)
    anna, office = system.handset(ANNA), system.handset(OFFICE)
    office.behave("answers", after=0.1, talks=1)

    anna.ring(ACCESS_NUMBER)
    eventually(lambda: anna.state == "idle")
    anna.answer()  # five seconds later
    anna.hears("enter the number")
    anna.press("0048774417880#")
    anna.hears("enter the number", times=2)
    anna.hang_up()

    assert the_books_are_right(system, town) > 0
    assert requests_of(town) == [(Source.MISSED_CALL, "NORMAL_CLEARING")]


@pytest.mark.parametrize("shown", ["", STRANGER, ACCESS_NUMBER])
def test_she_withholds_or_forges_her_number_and_nobody_is_called(system, town, shown):
    serve(town, Service.ANI_CALLBACK)
    anna = system.handset(ANNA)

    anna.ring(ACCESS_NUMBER, shown=shown)

    eventually(lambda: anna.state == "idle")
    assert requests_of(town) == []


@pytest.mark.parametrize("told", [{}, {"shown": ""}])
def test_she_dials_from_the_hotel_with_card_and_pin(system, town, hers, told):
    serve(town, Service.CALLING_CARD)
    hotel, office = system.handset(HOTEL), system.handset(OFFICE)
    office.behave("answers", after=0.1, talks=1)

    prove(hotel, hers, **told)
    hotel.hears("enter the number")
    hotel.press("0048774417880#")
    hotel.hears("enter the number", times=2)
    hotel.hang_up()

    spent = the_books_are_right(system, town)
    assert spent == sum(money.parse(leg["price"]) for leg in shown(system, 1)["legs"])
    assert hers.pin not in system.esl.log.read_text()
    for record in system.records.glob("**/*.cdr.json"):
        assert hers.pin not in record.read_text()


def prove(telephone, card, **told):
    """Ring us, and prove who one is."""
    telephone.ring(ACCESS_NUMBER, **told)
    telephone.hears("card number")
    telephone.press(f"{card.login}#")
    telephone.hears("your PIN")
    telephone.press(f"{card.pin}#")


# The service dies, and is started again at once.


@pytest.mark.parametrize("step", ["take is written", "take is kept"])
def test_a_service_that_dies_calls_her_back_once(system, town, step):
    serve(town, Service.ANI_CALLBACK)
    anna = system.handset(ANNA)
    dies_at(system, step)

    anna.ring(ACCESS_NUMBER)
    system.esl.wait_dead()
    assert anna.state == "calling"
    system.esl.start()
    eventually(lambda: anna.state == "idle")
    anna.answer()
    anna.hears("enter the number")
    anna.hang_up()

    the_books_are_right(system, town)
    made = [cause for _, cause in requests_of(town) if cause != "already_calling"]
    assert made == ["NORMAL_CLEARING"]


def test_a_service_that_dies_before_it_answered_lets_her_ring_again(system, town):
    serve(town, Service.CALLING_CARD)
    anna = system.handset(ANNA)
    dies_at(system, "take is kept")

    anna.ring(ACCESS_NUMBER)
    system.esl.wait_dead()
    system.esl.start()
    eventually(lambda: anna.state == "idle")

    assert the_books_are_right(system, town) == 0
    anna.ring(ACCESS_NUMBER)
    anna.hears("enter the number")
    anna.hang_up()
    assert the_books_are_right(system, town) > 0


@pytest.mark.parametrize("step", ["welcome is written", "welcome is kept"])
def test_a_service_that_dies_goes_on_with_whom_it_answered(system, town, step):
    serve(town, Service.CALLING_CARD)
    anna = system.handset(ANNA)
    with town.transaction() as services:
        services.accounts.get(town.anna.id).confirms_leg_a = None
    dies_at(system, step)

    anna.ring(ACCESS_NUMBER)
    system.esl.wait_dead()
    system.esl.start()
    anna.hears("enter the number")
    anna.hang_up()

    assert the_books_are_right(system, town) > 0


@pytest.mark.parametrize("step", ["prove is kept", "take is written"])
def test_a_service_that_dies_lets_go_of_a_stranger_at_nobody_s_expense(
    system, town, hers, step
):
    serve(town, Service.CALLING_CARD)
    hotel = system.handset(HOTEL)
    dies_at(system, step)

    prove(hotel, hers)
    system.esl.wait_dead()
    system.esl.start()

    eventually(lambda: hotel.state == "idle")
    assert the_books_are_right(system, town) == 0


def test_a_service_that_dies_goes_on_with_one_who_has_proved_who_she_is(
    system, town, hers
):
    serve(town, Service.CALLING_CARD)
    hotel = system.handset(HOTEL)
    dies_at(system, "take is kept")

    prove(hotel, hers)
    system.esl.wait_dead()
    system.esl.start()
    hotel.hears("enter the number")
    hotel.hang_up()

    assert the_books_are_right(system, town) > 0


def test_a_service_that_stops_lets_go_of_whom_it_was_questioning(system, town):
    serve(town, Service.CALLING_CARD)
    hotel = system.handset(HOTEL)
    hotel.ring(ACCESS_NUMBER)
    hotel.hears("card number")

    system.esl.process.terminate()

    eventually(lambda: hotel.state == "idle")
    system.esl.wait_dead()
    assert requests_of(town) == []
    system.esl.start()
