"""Somebody texts X: whatever their call is at, it ends and is paid for."""

from datetime import UTC, datetime

import pytest

from domain import money
from domain.calls.models import State as Progress
from esl_service import rounds
from sandbox.behaviour import Kind
from sandbox.handset import State
from tests.domain.texting import deliver, sms
from tests.people import ANNA, OFFICE
from tests.switch.scripted import wait_until


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(rounds, "LOOK_FOR_HANG_UPS", 0.05)


def texts_x(town):
    return deliver(town, sms("X", number="x"), datetime.now(UTC))


def test_two_who_talk_are_parted_and_both_legs_are_paid(exchange, town):
    anna = town.welcome(confirms_leg_a=False)
    telephone, office = exchange.person(ANNA), exchange.person(OFFICE)
    exchange.ask(anna)
    wait_until(lambda: office.state is State.TALKING)

    replies = texts_x(town)
    wait_until(lambda: town.holds() == 0, seconds=5)

    assert replies == ["Calls that are ended now: 1."]
    assert (telephone.state, office.state) == (State.IDLE, State.IDLE)
    paid = sum(leg.price for leg in exchange.legs())
    assert paid > 0
    assert money.parse(town.balance(anna)) == money.parse("10.00") - paid


@pytest.mark.parametrize("who", [ANNA, OFFICE])
def test_whoever_is_still_rung_is_rung_no_more(exchange, town, who):
    anna = town.welcome(confirms_leg_a=False)
    people = {
        number: exchange.person(number, *([Kind.MANUAL] if number == who else []))
        for number in (ANNA, OFFICE)
    }
    exchange.ask(anna)
    wait_until(lambda: people[who].state is State.RINGING, seconds=5)

    texts_x(town)
    wait_until(lambda: town.holds() == 0, seconds=5)

    assert {person.state for person in people.values()} == {State.IDLE}
    assert told_of_failure(town) == []


def told_of_failure(town):
    with town.transaction(write=False) as services:
        account = services.accounts.by_login("anna")
        (request,) = services.history.requests(account)
        assert request.state is Progress.DONE
        waiting = services.messages.due(datetime.now(UTC))
        return [each.text for each in waiting if "could not reach" in each.text]


def test_who_keys_numbers_is_let_go(exchange, town):
    anna = town.welcome(confirms_leg_a=False)
    telephone = exchange.person(ANNA)
    exchange.person(OFFICE, Kind.BUSY)
    exchange.ask(anna)
    wait_until(lambda: telephone.state is State.TALKING)

    texts_x(town)
    wait_until(lambda: telephone.state is State.IDLE, seconds=5)
    wait_until(lambda: town.holds() == 0, seconds=5)

    assert not exchange.running.ready()
