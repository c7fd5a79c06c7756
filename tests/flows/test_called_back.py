"""Registered callers ring us, are rejected, and called back."""

import pytest

from domain.accounts.models import Service, Status
from domain.calls.models import Source, State
from esl_service.porter import LATER
from tests.broken import Flaky
from tests.doubles import CalledParty
from tests.flows.lodge import Lodge, was_rejected
from tests.people import ACCESS_NUMBER, ANNA, OFFICE, STRANGER


@pytest.fixture
def callback(lodge) -> Lodge:
    lodge.serves(Service.ANI_CALLBACK)
    return lodge


def test_she_is_not_answered_and_called_back_after_five_seconds(callback, town):
    anna = town.welcome(confirms_leg_a=False, announces_balance=False)

    channel = callback.rung(ANNA)

    assert was_rejected(channel)
    assert callback.requests(anna) == [(Source.MISSED_CALL, State.QUEUED, None, 5)]
    assert callback.service.desk.take_due() == []
    callback.service.clock.pass_by(5)
    (due,) = callback.service.desk.take_due()
    assert due.number == ANNA
    phone = callback.service.channel(
        keys=["0048774417880"], parties=[CalledParty(talks=7)]
    )
    leg_a, leg_b = callback.service.serve(due, phone)
    assert phone.told[0] == "which-number"
    assert (leg_a.number, leg_b.number) == (ANNA, OFFICE)
    assert leg_b.price == 7_000


def test_whoever_is_unknown_is_rejected_alike_and_never_called_back(callback, town):
    anna = town.welcome()

    channel = callback.rung(STRANGER)

    assert was_rejected(channel)
    callback.service.clock.pass_by(60)
    assert callback.service.desk.take_due() == []
    assert callback.requests(anna) == []
    assert callback.texts() == []


@pytest.mark.parametrize("caller", ["", "112", "0", "9" * 20, ACCESS_NUMBER])
def test_a_number_that_is_withheld_short_ours_or_none_is_rejected(
    callback, town, caller
):
    anna = town.welcome()

    assert was_rejected(callback.rung(caller))

    assert callback.requests(anna) == []


def test_she_rings_again_before_we_have_called_and_is_called_once(callback, town):
    anna = town.welcome()

    callback.rung(ANNA)
    callback.service.clock.pass_by(2)
    channel = callback.rung(ANNA)

    assert was_rejected(channel)
    assert [state for _, state, _, _ in callback.requests(anna)] == [
        State.REFUSED,
        State.QUEUED,
    ]
    assert callback.texts() == []


def test_without_money_she_is_told_by_sms_and_not_twice_a_minute(callback, town):
    town.welcome(funds="0.000001")

    for _ in range(2):
        assert was_rejected(callback.rung(ANNA))
        callback.service.clock.pass_by(20)
    assert [number for number, _ in callback.texts()] == [ANNA]
    assert "Not enough money" in callback.texts()[0][1]

    callback.service.clock.pass_by(60)
    callback.rung(ANNA)
    assert len(callback.texts()) == 2


def test_a_number_that_sends_no_messages_says_nothing(callback, town):
    town.welcome(funds="0.000001")
    callback.serves(Service.ANI_CALLBACK, carrier="")

    assert was_rejected(callback.rung(ANNA))

    assert callback.texts() == []


def test_she_rings_too_often_and_is_called_back_no_more(callback, town):
    anna = town.welcome()

    for _ in range(4):
        callback.rung(ANNA)
        callback.service.clock.pass_by(5)
        for due in callback.service.desk.take_due():
            callback.service.serve(due, callback.service.channel())

    newest, *_ = callback.requests(anna)
    assert newest[1:3] == (State.REFUSED, "too_many_requests")


def test_one_whose_account_is_blocked_is_not_called_back(callback, town):
    town.welcome(status=Status.BLOCKED)

    assert was_rejected(callback.rung(ANNA))

    callback.service.clock.pass_by(5)
    assert callback.service.desk.take_due() == []


def test_a_number_without_a_service_rejects_everybody(lodge, town):
    anna = town.welcome()

    assert was_rejected(lodge.rung(ANNA))
    assert was_rejected(lodge.rung(ANNA, called=OFFICE))
    assert was_rejected(lodge.rung(ANNA, called=""))

    assert lodge.requests(anna) == []


def test_without_a_database_nobody_is_told_that_we_are_busy(callback, monkeypatch):
    flaky = Flaky(callback.town.transaction)
    flaky.away = True
    monkeypatch.setattr(callback.front, "_transaction", flaky)

    assert was_rejected(callback.rung(ANNA), LATER)
