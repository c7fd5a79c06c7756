"""What becomes of a call when something fails: nobody hangs, and it is paid for."""

import logging

import pytest

from esl_service.channel import Goodbye, HungUp, LinkLost, NotReached
from tests.broken import Flaky
from tests.doubles import CalledParty
from tests.people import HOTEL, after


def broken(*_arguments):
    raise KeyError("a bug")


def test_a_bug_ends_the_call_with_an_apology_and_leg_a_is_settled(
    service, town, monkeypatch
):
    anna = town.welcome(confirms_leg_a=False)
    channel = service.channel(keys=["111"])
    monkeypatch.setattr(service.desk, "status", broken)

    (leg_a,) = service.call(anna, channel, leg_b=None)

    assert channel.told[-1] == "sorry"
    assert leg_a.ended_at is not None
    assert town.holds() == 0


def test_a_bug_is_logged_even_if_she_leaves_during_the_apology(
    service, town, monkeypatch, caplog
):
    anna = town.welcome(confirms_leg_a=False)
    channel = service.channel(keys=["111"])

    def leave_and_fail(*_):
        channel.hang_up()
        raise KeyError("a bug")

    monkeypatch.setattr(service.desk, "status", leave_and_fail)

    (leg_a,) = service.call(anna, channel, leg_b=None)

    assert "KeyError: 'a bug'" in caplog.text
    assert leg_a.ended_at is not None


def test_what_cannot_be_played_is_left_out_and_the_call_goes_on(service, town, caplog):
    anna = town.welcome(confirms_leg_a=False)
    channel = service.channel(
        unplayable={"max-duration"}, parties=[CalledParty(talks=5)]
    )

    _, leg_b = service.call(anna, channel)

    assert channel.heard == ["which-number"]
    assert "max-duration" in caplog.text
    assert leg_b.billed_seconds == 5


def test_a_question_that_cannot_be_played_is_asked_with_a_tone(service, town, caplog):
    anna = town.welcome(confirms_leg_a=False)
    channel = service.channel(
        unplayable={"which-number"}, keys=["0"], parties=[CalledParty(talks=5)] * 2
    )

    service.call(anna, channel)

    assert "which-number" in caplog.text
    assert channel.heard[1:3:2] == ["tone"]
    assert len(channel.dialled) == 2


def test_where_the_reason_cannot_be_played_the_question_is_asked_alone(service, town):
    anna = town.welcome(confirms_leg_a=False)
    channel = service.channel(unplayable={"busy"})

    service.call(anna, channel)

    assert channel.heard[-1] == "which-number"


def test_without_any_sound_she_is_let_go_and_her_leg_settled(service, town):
    anna = town.welcome()
    channel = service.channel(unplayable={"confirm", "tone", "sorry"})

    (leg_a,) = service.call(anna, channel)

    assert channel.heard == []
    assert leg_a.cause == "NORMAL_CLEARING"
    assert town.holds() == 0


def test_a_script_that_fails_when_they_answer_ends_both_legs(
    service, town, monkeypatch
):
    anna = town.welcome(confirms_leg_a=False)
    channel = service.channel(parties=[CalledParty(talks=5)])
    monkeypatch.setattr(service.desk, "answered", broken)

    leg_a, leg_b = service.call(anna, channel)

    assert channel.told[-1] == "sorry"
    assert leg_a.ended_at
    assert leg_b.ended_at
    assert town.holds() == 0


def test_who_answers_and_leaves_at_once_pays_and_is_not_rung_again(service, town):
    anna = town.welcome()
    service.ask(anna)
    (due,) = service.desk.take_due()
    goodbye = Goodbye(due.uuid, "NORMAL_CLEARING", 400_000, after(3), after(3.4))

    legs = service.serve(due, failure=NotReached("NORMAL_CLEARING", goodbye))

    assert legs[0].billed_seconds == 1
    assert service.desk.take_due() == []
    assert town.holds() == 0


def test_a_number_the_switch_would_misread_is_not_rung_and_paid_by_nobody(
    service, town, caplog
):
    anna = town.welcome()

    (leg_a,) = service.call(
        anna, service.channel(), failure=ValueError("'x' is no gateway")
    )

    assert "'x' is no gateway" in caplog.text
    assert (leg_a.cause, leg_a.price) == ("INVALID_NUMBER_FORMAT", 0)
    assert town.holds() == 0


def test_when_the_link_breaks_while_she_is_rung_her_leg_stays_to_be_looked_for(
    service, town
):
    anna = town.welcome()

    (leg_a,) = service.call(anna, service.channel(), failure=LinkLost())

    assert leg_a.ended_at is None
    assert [leg.uuid for leg in service.desk.till.open_legs()] == [leg_a.uuid]


def test_when_the_link_breaks_in_a_call_nobody_is_hung_up(service, town, monkeypatch):
    anna = town.welcome(confirms_leg_a=False)
    channel = service.channel()

    def lose_the_link(dial, **_):
        channel.lost = True
        raise LinkLost

    monkeypatch.setattr(channel, "bridge", lose_the_link)

    leg_a, leg_b = service.call(anna, channel)

    assert channel.gone is None
    assert (leg_a.ended_at, leg_b.ended_at) == (None, None)


def test_what_she_left_unsaid_is_settled_when_the_link_breaks_as_she_leaves(
    service, town, monkeypatch
):
    anna = town.welcome(confirms_leg_a=False)
    channel = service.channel()

    def leave_and_lose_the_link(_sounds):
        with pytest.raises(HungUp):
            channel._leave()
        raise LinkLost

    monkeypatch.setattr(channel, "play", leave_and_lose_the_link)

    leg_a, leg_b = service.call(anna, channel)

    assert leg_a.ended_at is not None
    assert (leg_b.cause, leg_b.price) == ("ORIGINATOR_CANCEL", 0)


# The database is away for a moment.


@pytest.fixture
def flaky(service, monkeypatch):
    """A database that can be made to fail under a running service."""
    flaky = Flaky(service.town.transaction)
    monkeypatch.setattr(service.desk, "_transaction", flaky)
    monkeypatch.setattr(service.desk.till, "_transaction", flaky)
    return flaky


def test_without_a_database_she_hears_an_apology_and_is_settled_later(
    service, town, flaky
):
    anna = town.welcome()
    channel = service.channel()
    service.ask(anna)
    (due,) = service.desk.take_due()
    flaky.away = True

    (leg_a,) = service.serve(due, channel)
    assert leg_a.ended_at is None
    flaky.away = False
    service.desk.till.settle_kept()

    assert channel.told == ["sorry"]
    (leg_a,) = service.legs()
    assert leg_a.price == leg_a.billed_seconds * 1_000 > 0
    assert town.holds() == 0


def test_who_is_talking_talks_on_while_the_database_is_away(service, town, flaky):
    anna = town.welcome(confirms_leg_a=False)
    channel = service.channel(parties=[CalledParty(talks=20)])
    bridge = channel.bridge

    def bridge_without_a_database(dial, **rest):
        flaky.away = True
        goodbye = bridge(dial, **rest)
        flaky.away = False
        return goodbye

    channel.bridge = bridge_without_a_database

    _, leg_b = service.call(anna, channel)

    assert channel.limits == [channel.dialled[0].stop_seconds]
    assert leg_b.billed_seconds == 20
    assert town.holds() == 0


def test_a_called_party_who_leaves_while_the_database_is_away_is_paid_for_later(
    service, town, flaky
):
    anna = town.welcome(confirms_leg_a=False)
    channel = service.channel(parties=[CalledParty(talks=20)])
    bridge = channel.bridge

    def bridge_until_the_database_is_away(dial, **rest):
        goodbye = bridge(dial, **rest)
        flaky.away = True
        return goodbye

    channel.bridge = bridge_until_the_database_is_away

    _, leg_b = service.call(anna, channel)
    assert leg_b.ended_at is None
    flaky.away = False
    service.desk.till.settle_kept()

    assert channel.told[-1] == "sorry"
    _, leg_b = service.legs()
    assert leg_b.billed_seconds == 20
    assert town.holds() == 0


def test_a_goodbye_is_kept_until_the_database_is_back(service, town, flaky, caplog):
    caplog.set_level(logging.INFO)
    anna = town.welcome()
    service.ask(anna)
    (due,) = service.desk.take_due()
    goodbye = Goodbye(due.uuid, "NORMAL_CLEARING", 5_000_000, after(3), after(8))

    flaky.away = True
    service.desk.settle(goodbye)
    with pytest.raises(flaky.error):
        service.desk.till.settle_kept()
    flaky.away = False
    service.desk.till.settle_kept()
    service.desk.till.settle_kept()

    (leg_a,) = service.legs()
    assert (leg_a.number, leg_a.billed_seconds) == (HOTEL, 5)
    assert town.balance(anna) == "9.995"
    assert "INSERT" not in caplog.text


def test_the_end_of_a_leg_that_is_none_of_ours_is_no_fault(service, town):
    service.desk.settle(Goodbye("somebody-else", "NORMAL_CLEARING", 0, None, after(1)))
