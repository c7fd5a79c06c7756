"""What a caller hears and keys, through every program, on the sandbox."""

import pytest
from sqlalchemy import update

from domain.calls.models import CallRequest, State
from domain.database import engine_for, transactions
from tests.people import ACCESS_NUMBER, ANNA, NOON, OFFICE, Town
from tests.system.programs import System, eventually, shown


@pytest.fixture
def engine(database):
    engine = engine_for(database)
    yield engine
    engine.dispose()


@pytest.fixture
def town(engine):
    return Town(transactions(engine))


@pytest.fixture
def system(database, town, tmp_path):
    with System(database, tmp_path) as running:
        yield running


def welcome(town, **settings):
    quiet = {
        "confirms_leg_a": False,
        "announces_balance": False,
        "announces_duration": False,
    }
    return town.welcome(**{**quiet, **settings})


def account_of(town, person):
    with town.transaction(write=False) as services:
        return services.accounts.get(person.id)


def session_of(town, person):
    with town.transaction(write=False) as services:
        return services.history.sessions(account_of(town, person), limit=1)[0]


def test_a_star_at_the_question_changes_the_language_for_good(system, town):
    person = welcome(town)
    anna = system.handset(ANNA)
    system.handset(OFFICE).behave("busy", after=0.1)

    anna.text(ACCESS_NUMBER, "D.48774417880")
    anna.answer()
    anna.hears("enter the number")
    anna.press("*")
    anna.hears("For English")
    anna.press("1")
    anna.hears("keep this language")
    anna.press("1")
    anna.hears("enter the number", times=2)
    anna.hang_up()

    eventually(lambda: town.holds() == 0)
    assert account_of(town, person).language == "en"
    assert session_of(town, person).language == "en"


def anna_hears(anna, words) -> bool:
    return any(words in each for each in anna.tell()["heard"])


def test_she_hears_what_her_money_buys_and_dials_the_last_number_again(system, town):
    welcome(town)
    anna, office = system.handset(ANNA), system.handset(OFFICE)
    office.behave("answers", after=0.1, talks=0.5)

    anna.text(ACCESS_NUMBER, "D.48774417880")
    anna.answer()
    anna.hears("enter the number")
    anna.press("111#")
    anna.hears("to the number you called last")
    anna.press("0#")
    eventually(lambda: len(shown(system, 1)["legs"]) == 3)
    anna.hang_up()

    eventually(lambda: town.holds() == 0)
    assert {leg["number"] for leg in shown(system, 1)["legs"][1:]} == {OFFICE}


def test_a_minute_before_the_end_she_alone_is_told_and_they_talk_on(system, town):
    welcome(town, funds="0.16")  # some 74 seconds of both legs
    anna, office = system.handset(ANNA), system.handset(OFFICE)
    office.behave("answers", after=0.1)

    anna.text(ACCESS_NUMBER, "D.48774417880")
    anna.answer()
    eventually(lambda: anna_hears(anna, "One minute left"), patience=40)
    assert (anna.state, office.state) == ("talking", "talking")
    assert office.tell()["heard"] == []
    anna.hang_up()

    eventually(lambda: town.holds() == 0)


def test_keys_pass_to_b_and_either_combination_drops_b_alone(system, town):
    welcome(town)
    anna, office = system.handset(ANNA), system.handset(OFFICE)
    office.behave("answers", after=0.1)

    anna.text(ACCESS_NUMBER, "D.48774417880")
    anna.answer()
    eventually(lambda: office.state == "talking")
    anna.press("42#1#")
    eventually(lambda: office.state == "idle")
    anna.hears("enter the number")
    anna.press("0#")
    eventually(lambda: office.state == "talking")
    anna.press("##")
    eventually(lambda: office.state == "idle")
    anna.hang_up()

    eventually(lambda: town.holds() == 0)
    assert [leg["cause"] for leg in shown(system, 1)["legs"][1:]] == [
        "NORMAL_CLEARING"
    ] * 2


def test_three_silences_in_a_row_are_a_goodbye(system, town):
    welcome(town)
    anna = system.handset(ANNA)
    system.handset(OFFICE).behave("answers", after=0.1, talks=0.2)

    anna.text(ACCESS_NUMBER, "D.48774417880")
    anna.answer()
    anna.hears("Goodbye")

    eventually(lambda: anna.state == "idle")
    eventually(lambda: town.holds() == 0)


def test_who_was_busy_is_rung_again_when_it_is_time(system, town, engine):
    person = welcome(town)
    anna = system.handset(ANNA)
    anna.behave("busy", after=0.1)

    anna.text(ACCESS_NUMBER, "D.48774417880")
    eventually(lambda: has_called(town, person))
    eventually(lambda: waits_for_another_attempt(request_of(town, person)))
    anna.behave("manual")
    let_it_be_time(engine)
    anna.answer()
    anna.hang_up()

    eventually(lambda: town.holds() == 0)
    first, second = shown(system, 1)["legs"][:2]
    assert (first["cause"], second["number"]) == ("USER_BUSY", ANNA)


def has_called(town, person) -> bool:
    with town.transaction(write=False) as services:
        return bool(services.history.sessions(account_of(town, person), limit=1))


def request_of(town, person) -> CallRequest:
    with town.transaction(write=False) as services:
        return services.requests.for_session(session_of(town, person).id)


def waits_for_another_attempt(request) -> bool:
    return (request.state, request.attempts) == (State.QUEUED, 1)


def let_it_be_time(engine) -> None:
    with engine.begin() as connection:
        connection.execute(update(CallRequest).values(due_at=NOON))
