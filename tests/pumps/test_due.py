"""Calls are started when their time has come."""

from domain.calls.models import Source
from domain.calls.requests import Wish
from esl_service.pumps import due
from tests.people import ANNA, OFFICE


def test_a_call_is_started_once_and_its_leg_is_stored_before(house):
    anna = house.town.welcome()
    with house.town.transaction() as services:
        account = services.accounts.get(anna.id)
        wish = Wish(ANNA, OFFICE, Source.SMS, ANNA)
        services.requests.ask(account, wish, house.clock.now)
    started = []

    def start(call) -> None:
        started.append((call.uuid, house.desk.till.open_legs()[0].uuid))

    due.step(house.desk, start)
    due.step(house.desk, start)

    ((rung, stored),) = started
    assert rung == stored
