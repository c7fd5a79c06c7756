"""Events come faster than we work: no call is added, whoever wants one."""

import gevent
import pytest

from domain.accounts.models import Service
from esl_service.switch.switch import Switch
from sandbox.handset import State
from tests.people import ACCESS_NUMBER, ANNA
from tests.switch.scripted import wait_until


@pytest.fixture
def anna(town):
    return town.welcome(confirms_leg_a=False)


@pytest.fixture
def strained(exchange, monkeypatch):
    monkeypatch.setattr(Switch, "strained", True)


def requests_of(town, person):
    with town.transaction(write=False) as services:
        return services.history.requests(services.accounts.get(person.id))


@pytest.mark.usefixtures("strained")
@pytest.mark.parametrize("service", [Service.CALLING_CARD, Service.ANI_CALLBACK])
def test_whoever_rings_us_hears_congestion_and_nothing_is_charged(
    exchange, town, anna, service
):
    with town.transaction() as services:
        services.accounts.access_number(ACCESS_NUMBER).service = service
    telephone = exchange.person(ANNA)

    with exchange.network.subscribe() as happens:
        exchange.network.ring(telephone, ACCESS_NUMBER)
        ended = [happens.get(timeout=5) for _ in range(2)][-1]

    assert (ended["event"], ended["cause"]) == ("hung_up", "SWITCH_CONGESTION")
    assert exchange.legs() == []
    assert requests_of(town, anna) == []
    assert (town.holds(), town.balance(anna)) == (0, "10.00")


def test_a_request_waits_until_the_strain_is_over(exchange, town, anna, monkeypatch):
    telephone = exchange.person(ANNA)
    with monkeypatch.context() as strain:
        strain.setattr(Switch, "strained", True)
        exchange.ask(anna)
        gevent.sleep(0.3)
        assert exchange.legs() == []

    wait_until(lambda: telephone.state is State.TALKING)
