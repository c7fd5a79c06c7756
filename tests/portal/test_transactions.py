"""Pages are one transaction each; a carrier's post has short ones of its own."""

from dataclasses import replace

import pytest
from transaction import TransactionManager
from webtest import TestApp

from portal import application
from tests.carriers.posts import SECRET, carriers_of, stored
from tests.people import ACCESS_NUMBER, ANNA


@pytest.fixture
def begun(monkeypatch):
    """How many transactions of pages were begun."""
    count = []
    really = TransactionManager.begin

    def begin(manager):
        count.append(manager)
        return really(manager)

    monkeypatch.setattr(TransactionManager, "begin", begin)
    return count


@pytest.fixture
def door(settings, database, monkeypatch):
    """The whole portal, with a carrier, and nobody who works what waits."""
    monkeypatch.setattr("portal.worker.Worker.start", lambda _: None)
    served = replace(settings, carriers=carriers_of(), database_url=database)
    portal = application(served)
    yield TestApp(portal)
    portal.registry["engine"].dispose()


def test_a_post_is_kept_without_the_transaction_of_a_page(door, begun, database):
    told = {"id": "1", "from": ANNA, "to": ACCESS_NUMBER, "text": "I"}

    door.post_json("/sms/generic", told, headers={"X-Secret": SECRET}, status=200)

    assert begun == []
    assert len(stored(database, "inbound_sms")) == 1


def test_a_page_is_one_transaction(browser, begun):
    browser.app.get("/", status="*")

    assert len(begun) == 1


@pytest.mark.parametrize("path", ["/sms/generic/more", "/sms/", "/sms"])
def test_whoever_is_signed_in_and_loses_their_way_sees_a_page(annas, path):
    answer = annas.app.get(path, status="*")

    assert 400 <= answer.status_int < 500
    assert "<html" in answer.text


@pytest.mark.parametrize("path", ["/sms/nobody", "/sms/generic"])
def test_a_carrier_that_is_not_served_is_told_so_in_a_sentence(annas, path):
    assert annas.app.get(path, status=404).text == "There is no such carrier.\n"
