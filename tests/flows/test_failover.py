"""Carriers that fail, gateways that are full: what the user hears of it, and pays."""

from itertools import count

import pytest

from domain import money
from esl_service.channel import Goodbye, NotReached
from tests.doubles import CalledParty
from tests.people import ANNA, NOON, OFFICE, after

FAULT = "NORMAL_TEMPORARY_FAILURE"
FAULTS = [
    FAULT,
    "NETWORK_OUT_OF_ORDER",
    "NORMAL_CIRCUIT_CONGESTION",
    "SWITCH_CONGESTION",
    "RECOVERY_ON_TIMER_EXPIRE",
    "INVALID_GATEWAY",
    "GATEWAY_DOWN",
]


@pytest.fixture
def gateways(town):
    """Two ways to everywhere; the first is tried first."""
    town.gateway("first")
    town.gateway("second", priority=2)


@pytest.fixture
def anna(town):
    return town.welcome(confirms_leg_a=False, announces_balance=False)


def left_by(channel):
    return [dial.gateway for dial in channel.dialled]


@pytest.mark.usefixtures("gateways")
@pytest.mark.parametrize("cause", FAULTS)
def test_where_a_carrier_fails_b_is_rung_by_the_next_gateway(
    service, town, anna, cause
):
    failing = CalledParty(cause=cause, rings=1)
    channel = service.channel(parties=[failing, CalledParty(talks=5)])

    leg_a, failed, reached = service.call(anna, channel)

    assert left_by(channel) == ["first", "second"]
    assert channel.told == ["max-duration", "connecting", "which-number"]
    assert (failed.gateway, failed.cause, failed.price) == ("first", cause, 0)
    assert (reached.gateway, reached.price) == ("second", 5_000)
    assert failed.uuid != reached.uuid
    paid = leg_a.price + reached.price
    assert money.parse(town.balance(anna)) == money.parse("10.00") - paid
    assert town.holds() == 0


@pytest.mark.usefixtures("gateways")
@pytest.mark.parametrize(
    ("cause", "prompt"),
    [
        ("USER_BUSY", "busy"),
        ("NO_ANSWER", "no-answer"),
        ("UNALLOCATED_NUMBER", "invalid"),
        ("CALL_REJECTED", "unavailable"),
        ("SUBSCRIBER_ABSENT", "unavailable"),
        ("DESTINATION_OUT_OF_ORDER", "unavailable"),
    ],
)
def test_what_is_no_fault_of_a_carrier_is_not_tried_again(service, anna, cause, prompt):
    channel = service.channel(parties=[CalledParty(cause=cause)])

    service.call(anna, channel)

    assert left_by(channel) == ["first"]
    assert channel.told[-2:] == [prompt, "which-number"]


@pytest.mark.usefixtures("gateways")
def test_when_all_gateways_fail_she_hears_so_and_is_asked_again(service, town, anna):
    fails = CalledParty(cause=FAULT, rings=1)
    channel = service.channel(
        keys=["0048774417881"], parties=[fails, fails, CalledParty(talks=3)]
    )

    legs = service.call(anna, channel)

    assert channel.told[2:4] == ["unavailable", "which-number"]
    assert left_by(channel) == ["first", "second", "first"]
    assert [leg.price for leg in legs[1:]] == [0, 0, 3_000]
    assert town.holds() == 0


@pytest.mark.usefixtures("gateways")
def test_all_gateways_together_ring_no_longer_than_one(service, anna):
    slow = CalledParty(cause=FAULT, rings=12)
    channel = service.channel(parties=[slow, CalledParty(talks=3)])
    service.call(anna, channel)
    assert [dial.ring_seconds for dial in channel.dialled] == [30, 18]

    service.clock.pass_by(100)
    slower = CalledParty(cause=FAULT, rings=27)
    channel = service.channel(parties=[slower])
    service.call(anna, channel)
    assert left_by(channel) == ["first"]


@pytest.mark.usefixtures("gateways")
@pytest.mark.parametrize("rang", [1, 12, 24])
def test_who_had_just_enough_for_the_first_gateway_has_enough_for_the_second(
    service, town, rang
):
    ben = town.welcome(
        "ben",
        number=OFFICE,
        funds="0.07",
        confirms_leg_a=False,
        announces_balance=False,
    )
    failing = CalledParty(cause=FAULT, rings=rang)
    channel = service.channel(parties=[failing, CalledParty(talks=60)])

    service.call(ben, channel, leg_a=OFFICE, leg_b=ANNA)

    assert channel.told[0] == "max-duration"
    assert left_by(channel) == ["first", "second"]
    assert channel.limits[0] >= 10
    assert money.parse(town.balance(ben)) >= 0


@pytest.mark.usefixtures("gateways")
def test_who_waits_for_room_at_the_second_gateway_waits_at_the_ring_s_expense(
    service, anna, monkeypatch
):
    take, looks = service.desk.trunks.take, count()

    def full_for_a_second(way, uuid):
        return (way.gateway == "first" or next(looks) >= 4) and take(way, uuid)

    monkeypatch.setattr(service.desk.trunks, "take", full_for_a_second)
    failing = CalledParty(cause=FAULT, rings=0)
    channel = service.channel(parties=[failing, CalledParty(talks=3)])

    service.call(anna, channel)

    assert [dial.ring_seconds for dial in channel.dialled] == [30, 29]


@pytest.mark.usefixtures("gateways")
def test_who_drops_b_while_a_second_gateway_rings_is_asked_again(service, anna):
    channel = service.channel(
        parties=[CalledParty(cause=FAULT), CalledParty(cause="NORMAL_CLEARING")]
    )

    service.call(anna, channel)

    assert channel.told[-1] == "which-number"
    assert "unavailable" not in channel.told


@pytest.mark.usefixtures("gateways")
def test_who_leaves_while_the_next_gateway_rings_leaves_nothing_held(
    service, town, anna
):
    channel = service.channel(parties=[CalledParty(cause=FAULT)])
    ring = channel.bridge

    def leave_the_second_time(dial, **rest):
        channel.leaves_while_ringing = bool(channel.dialled)
        return ring(dial, **rest)

    channel.bridge = leave_the_second_time

    legs = service.call(anna, channel)

    assert [leg.cause for leg in legs[1:]] == [FAULT, "ORIGINATOR_CANCEL"]
    assert [leg.price for leg in legs[1:]] == [0, 0]
    assert town.holds() == 0


# Leg A.


@pytest.mark.usefixtures("gateways")
def test_a_user_whose_carrier_fails_is_rung_by_the_next_at_once(service, town, anna):
    service.ask(anna)
    (first,) = service.desk.take_due()
    service.serve(first, failure=NotReached("INVALID_GATEWAY"))

    (second,) = service.desk.take_due()
    legs = service.serve(second, service.channel(parties=[CalledParty(talks=4)]))

    assert [leg.gateway for leg in legs] == ["first", "second", "first"]
    assert [leg.price > 0 for leg in legs] == [False, True, True]
    assert service.desk.take_due() == []
    assert town.holds() == 0


@pytest.mark.usefixtures("gateways")
def test_what_a_user_s_failed_legs_say_twice_or_late_changes_nothing(
    service, town, anna
):
    service.ask(anna)
    (first,) = service.desk.take_due()
    goodbye = Goodbye(first.uuid, FAULT, 0, None, NOON)
    service.serve(first, failure=NotReached(FAULT, goodbye))
    (second,) = service.desk.take_due()

    service.desk.settle(goodbye)
    service.desk.settle(Goodbye(first.uuid, "NORMAL_CLEARING", 9_000_000, NOON, NOON))
    service.serve(second, failure=NotReached("CALL_REJECTED"))

    assert service.desk.take_due() == []
    assert (town.holds(), town.balance(anna)) == (0, "10.00")


# Room.


def test_b_takes_the_next_gateway_where_the_first_is_full(service, town, anna):
    town.gateway("first", calls_at_once=1)
    town.gateway("second", priority=2)
    channel = service.channel(parties=[CalledParty(talks=3)])

    leg_a, leg_b = service.call(anna, channel)

    assert (leg_a.gateway, leg_b.gateway) == ("first", "second")


def test_where_no_gateway_has_room_she_hears_so_within_a_moment(service, town, anna):
    town.gateway("only", calls_at_once=1)
    channel = service.channel()

    (leg_a,) = service.call(anna, channel)

    assert channel.told == ["unavailable", "which-number"]
    assert leg_a.billed_seconds < 10
    assert town.holds() == 0


def test_a_leg_that_has_ended_leaves_its_room_to_the_next(service, town, anna):
    town.gateway("only", calls_at_once=2)
    parties = [CalledParty(talks=3), CalledParty(talks=3), CalledParty(talks=3)]
    channel = service.channel(keys=["0", "0"], parties=parties)

    service.call(anna, channel)

    assert left_by(channel) == ["only"] * 3


def test_no_more_calls_begin_in_a_second_than_the_gateway_takes(service, town, anna):
    boris = town.welcome("boris", number=OFFICE)
    town.gateway("slow", calls_per_second=1)
    service.ask(anna, leg_a=ANNA)
    service.ask(boris, leg_a=OFFICE, leg_b=ANNA)

    first = service.desk.take_due()
    service.clock.pass_by(1)
    second = service.desk.take_due()

    assert [due.number for due in first + second] == [ANNA, OFFICE]


def test_a_service_that_starts_anew_knows_how_full_its_gateways_are(
    service, town, anna
):
    boris = town.welcome("boris", number=OFFICE)
    town.gateway("only", calls_at_once=1)
    service.ask(anna, leg_a=ANNA)
    (anna_s,) = service.desk.take_due()
    trunks = service.desk.trunks
    trunks.leave(anna_s.uuid)  # as if this were another life
    trunks.recount(service.desk.till.open_legs())
    service.ask(boris, leg_a=OFFICE, leg_b=ANNA)

    assert service.desk.take_due() == []
    service.desk.till.settle_lost(anna_s.uuid)  # which tells nobody here
    service.clock.pass_by(20)
    trunks.recount(service.desk.till.open_legs())
    assert [due.number for due in service.desk.take_due()] == [OFFICE]


# How gateways do.


@pytest.mark.usefixtures("gateways")
def test_a_gateway_that_fails_again_and_again_is_tried_last(service, town, anna):
    fails = [CalledParty(cause=FAULT, rings=1), CalledParty(talks=1)]
    channel = service.channel(
        keys=["0"] * 5, parties=fails * 5 + [CalledParty(talks=1)]
    )

    service.call(anna, channel)

    assert left_by(channel) == ["first", "second"] * 5 + ["second"]
    assert town.faults_of("first") == (0, True)


@pytest.mark.usefixtures("gateways")
@pytest.mark.parametrize("ends", [{"talks": 3}, {"cause": "USER_BUSY"}])
def test_one_that_comes_through_is_well_again(service, town, anna, ends):
    fails = [CalledParty(cause=FAULT, rings=1), CalledParty(talks=1)]
    channel = service.channel(keys=["0"], parties=[*fails, CalledParty(**ends)])

    service.call(anna, channel)

    assert town.faults_of("first") == (0, False)


@pytest.mark.usefixtures("gateways")
def test_who_gives_up_says_nothing_of_the_carrier(service, town, anna):
    fails = [CalledParty(cause=FAULT, rings=1), CalledParty(talks=1)]
    dropped = CalledParty(cause="NORMAL_CLEARING")
    channel = service.channel(keys=["0"], parties=[*fails, dropped])

    service.call(anna, channel)

    assert town.faults_of("first") == (1, False)


def test_the_only_gateway_is_tried_though_it_rests(service, town, anna):
    town.gateway("only")
    with town.transaction() as services:
        services.gateways.rest(services.gateways.by_name("only"), after(900))
    channel = service.channel(parties=[CalledParty(talks=2)])

    service.call(anna, channel)

    assert left_by(channel) == ["only"]
    assert town.faults_of("only") == (0, False)  # it did well: it is awake
