"""Missed calls told by a carrier: registered callers are rung back, nobody else."""

import pytest

from domain.accounts.models import Service
from domain.messages.sms import MissedCall
from portal.carriers.door import keep
from portal.carriers.sealing import Seal
from tests.carriers.everyone import everyone, post_of
from tests.carriers.posts import portal_of, stored
from tests.databases import on_both
from tests.people import ACCESS_NUMBER, ANNA, NOON, OFFICE, after

SEAL = Seal("s" * 40)


@pytest.fixture(autouse=True)
def _calls_back(transaction, town):
    """The access number calls back whoever rings it."""
    with transaction() as services:
        access = services.accounts.access_number(ACCESS_NUMBER)
        access.service = Service.ANI_CALLBACK


def rings(transaction, caller=ANNA, called=ACCESS_NUMBER, event="1", now=NOON):
    keep(transaction, [MissedCall("httpsms", event, caller, called)], now, SEAL)


@on_both
def test_a_registered_caller_is_rung_back_once(transaction, town, database):
    town.welcome("anna")

    for _ in range(3):
        rings(transaction)

    (request,) = stored(database, "call_requests")
    assert (request["leg_a"], request["leg_b"]) == (ANNA, None)
    assert (request["source"], request["state"]) == ("missed_call", "queued")
    with transaction(write=False) as services:
        assert not services.requests.anything_due(after(4))
        assert services.requests.anything_due(after(5))
    (message,) = stored(database, "inbound_sms")
    assert message["outcome"] == "missed_call"
    assert town.holds() == 1


@pytest.mark.parametrize(
    ("caller", "called", "outcome"),
    [
        (OFFICE, ACCESS_NUMBER, "unknown_sender"),
        (ANNA, OFFICE, "unknown_access_number"),
        ("7777", ACCESS_NUMBER, "not_answerable"),
        (ACCESS_NUMBER, ACCESS_NUMBER, "not_answerable"),
    ],
)
def test_nobody_else_is_rung_or_answered(
    transaction, town, database, caller, called, outcome
):
    town.welcome("anna")

    rings(transaction, caller, called)

    assert stored(database, "call_requests") == []
    assert stored(database, "outbound_sms") == []
    (message,) = stored(database, "inbound_sms")
    assert message["outcome"] == outcome


def test_somebody_who_is_being_rung_already_is_not_rung_twice(
    transaction, town, database
):
    town.welcome("anna")

    rings(transaction, event="1")
    rings(transaction, event="2")

    states = [row["state"] for row in stored(database, "call_requests")]
    assert states == ["queued", "refused"]


def test_a_number_that_does_not_call_back_rings_nobody(transaction, town, database):
    town.welcome("anna")
    with transaction() as services:
        services.accounts.access_number(ACCESS_NUMBER).service = Service.NONE

    rings(transaction)

    assert stored(database, "call_requests") == []
    (message,) = stored(database, "inbound_sms")
    assert message["outcome"] == "not_answerable"


@pytest.mark.parametrize(
    ("name", "caller", "owner"),
    [
        ("httpsms/missed-call", "+18005550100", "+18005550199"),
        ("modem/several", ANNA, ACCESS_NUMBER),
    ],
)
def test_telephones_and_forwarders_tell_of_missed_calls(
    transaction, database, name, caller, owner
):
    portal = portal_of(transaction, everyone())
    post = post_of(name)

    portal.post(post.target, post.body, headers=post.headers)

    calls = [row for row in stored(database, "inbound_sms") if not row["text"]]
    assert [(row["sender"], row["recipient"]) for row in calls] == [(caller, owner)]
