"""Handsets: what people do with them, and what the switch's side hears of it."""

import gevent
import pytest

from sandbox.network import (
    BadBehaviour,
    BadKeys,
    BadNumber,
    Behaviour,
    Kind,
    Network,
    NotIdle,
    NotRinging,
    NotTalking,
    State,
)


class NotingLine:
    """A line that only notes what its telephone did."""

    def __init__(self) -> None:
        self.noted: list[str] = []

    def ringing(self) -> None:
        self.noted.append("ringing")

    def answered(self) -> None:
        self.noted.append("answered")

    def rejected(self, cause: str) -> None:
        self.noted.append(f"rejected {cause}")

    def hung_up(self) -> None:
        self.noted.append("hung up")

    def keyed(self, digits: str) -> None:
        self.noted.append(f"keyed {digits}")


def test_a_handset_rings_until_somebody_answers(anna, line):
    anna.ring(line, "48221000000")
    assert (anna.state, anna.caller_id) == (State.RINGING, "48221000000")

    anna.answer()

    assert anna.state is State.TALKING
    assert line.noted == ["ringing", "answered"]


def test_somebody_who_talks_presses_keys_and_hangs_up(anna, line):
    anna.ring(line, "")
    anna.answer()

    anna.press("1#")
    anna.hang_up()

    assert line.noted[2:] == ["keyed 1#", "hung up"]
    assert anna.state is State.IDLE


def test_a_ringing_call_that_is_hung_up_is_refused(anna, line):
    anna.ring(line, "")

    anna.hang_up()

    assert line.noted == ["ringing", "rejected CALL_REJECTED"]


def test_a_second_call_finds_the_handset_busy(anna, line):
    anna.ring(NotingLine(), "")

    anna.ring(line, "")

    assert line.noted == ["rejected USER_BUSY"]


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        (Kind.BUSY, "USER_BUSY"),
        (Kind.UNAVAILABLE, "NORMAL_TEMPORARY_FAILURE"),
        (Kind.INVALID, "UNALLOCATED_NUMBER"),
    ],
)
def test_whoever_cannot_be_reached_refuses_without_ringing(anna, line, kind, cause):
    anna.behaviour = Behaviour(kind, after=0.01)

    anna.ring(line, "")
    gevent.sleep(0.05)

    assert line.noted == [f"rejected {cause}"]
    assert anna.state is State.IDLE


@pytest.mark.parametrize("kind", [Kind.ANSWERS, Kind.MAILBOX])
def test_somebody_who_answers_and_talks_a_while_hangs_up_by_themselves(
    anna, line, kind
):
    anna.behaviour = Behaviour(kind, after=0.01, talks=0.02)

    anna.ring(line, "")
    gevent.sleep(0.1)

    assert line.noted == ["ringing", "answered", "hung up"]


def test_somebody_who_answers_at_once_never_rings(anna, line):
    anna.behaviour = Behaviour(Kind.ANSWERS, after=0)

    anna.ring(line, "")
    gevent.sleep(0.01)

    assert line.noted == ["answered"]


def test_a_call_that_is_over_leaves_the_next_one_alone(anna, line):
    anna.behaviour = Behaviour(Kind.ANSWERS, after=0.03)
    first = NotingLine()
    anna.ring(first, "")
    anna.drop(first, "NORMAL_CLEARING")

    anna.behaviour = Behaviour()
    anna.ring(line, "")
    gevent.sleep(0.06)

    assert anna.state is State.RINGING
    anna.drop(first, "NORMAL_CLEARING")
    assert anna.state is State.RINGING


def test_a_handset_remembers_what_it_heard_until_the_next_call(anna, line):
    anna.ring(line, "")
    anna.answer()
    for number in range(201):
        anna.hear(line, f"sentence {number}")
    assert (anna.heard[0], anna.heard[-1]) == ("sentence 1", "sentence 200")
    anna.hang_up()
    assert anna.heard

    anna.ring(NotingLine(), "")

    assert anna.heard == []


def test_what_is_said_to_a_call_that_is_over_is_not_heard(anna, line):
    anna.hear(line, "are you there?")
    anna.hear_keys(line, "5")

    assert anna.heard == []


def test_somebody_who_calls_talks_once_they_are_answered(anna, line):
    anna.call(line, "+48221000000")
    assert anna.state is State.CALLING

    anna.connected(line)

    assert anna.state is State.TALKING
    with pytest.raises(NotIdle, match=r"\+48600316058 is in a call already"):
        anna.call(line, "+48221000000")


def test_an_idle_handset_says_what_it_cannot_do(anna):
    with pytest.raises(NotRinging, match=r"\+48600316058 is not ringing; it is idle"):
        anna.answer()
    with pytest.raises(NotTalking, match=r"\+48600316058 is in no call"):
        anna.hang_up()
    with pytest.raises(NotTalking, match=r"\+48600316058 is not talking"):
        anna.press("1")


@pytest.mark.parametrize("keys", ["", "12a", "1 2", "٣"])
def test_what_is_no_key_cannot_be_pressed(anna, line, keys):
    anna.ring(line, "")
    anna.answer()

    with pytest.raises(BadKeys, match="are not keys"):
        anna.press(keys)


@pytest.mark.parametrize("number", ["48600316058", "+48600316058", " +48600316058 "])
def test_a_number_is_one_handset_however_it_is_written(network, anna, number):
    assert network.handset(number) is anna


@pytest.mark.parametrize("number", ["", "12", "+", "abc", "1" * 16, "48 600", "٤٨٦٠٠"])
def test_what_is_no_number_has_no_handset(network, number):
    with pytest.raises(BadNumber, match="3 to 15 digits"):
        network.handset(number)


def test_subscribers_hear_everything_in_order(network, anna, line):
    with network.subscribe() as subscription:
        anna.ring(line, "48221000000")
        anna.answer()
        anna.hear(line, "hello")
        anna.hear_keys(line, "5")
        anna.press("1")
        anna.drop(line, "NORMAL_CLEARING")
        network.receive_sms(anna, "+48221000000", "your balance is 10.00")

        events = [subscription.get(timeout=0) for _ in range(8)]

    assert [event and event["event"] for event in events] == [
        "ringing",
        "answered",
        "heard",
        "tones",
        "keyed",
        "hung_up",
        "sms",
        None,
    ]
    assert events[5] == {
        "event": "hung_up",
        "number": "+48600316058",
        "cause": "NORMAL_CLEARING",
    }


def test_a_closed_subscription_ends(network, anna, line):
    subscription = network.subscribe()
    anna.ring(line, "")
    subscription.close()
    subscription.close()
    anna.answer()

    assert [event["event"] for event in subscription] == ["ringing"]
    assert subscription.get() is None


def test_a_subscriber_who_does_not_read_loses_the_oldest_events(network, anna, line):
    subscription = network.subscribe()
    anna.ring(line, "")
    anna.answer()

    for number in range(1100):
        anna.hear(line, str(number))

    assert subscription.get() == {
        "event": "heard",
        "number": "+48600316058",
        "words": "100",
        "clips": [],
    }


def test_messages_stay_on_the_screen_with_their_direction(network, anna):
    network.record_sms(anna, "+48221000000", "D.48774417880")
    network.receive_sms(anna, "+48221000000", "ringing you now")

    assert [(sms.direction, sms.text) for sms in anna.sms] == [
        ("out", "D.48774417880"),
        ("in", "ringing you now"),
    ]


def test_handsets_are_listed_as_they_came(network, anna):
    network.handset("123")

    assert [handset.number for handset in network.handsets()] == [
        "+48600316058",
        "+123",
    ]


def test_a_behaviour_is_read_from_what_json_gives():
    assert Behaviour.parse({"kind": "answers", "after": 2, "talks": 7.5}) == Behaviour(
        Kind.ANSWERS, after=2.0, talks=7.5
    )
    assert Behaviour.parse({"kind": "busy", "talks": None}) == Behaviour(Kind.BUSY)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "one of manual, answers"),
        ({"kind": "sleepy"}, "not 'sleepy'"),
        ({"kind": "busy", "after": "soon"}, "after is a number of seconds"),
        ({"kind": "busy", "after": -1}, "after is a number of seconds"),
        ({"kind": "busy", "after": True}, "after is a number of seconds"),
        ({"kind": "answers", "talks": float("nan")}, "talks is a number"),
        ({"kind": "busy", "rings": 3}, "but not rings"),
    ],
)
def test_a_behaviour_that_cannot_be_is_refused_with_a_sentence(fields, sentence):
    with pytest.raises(BadBehaviour, match=sentence):
        Behaviour.parse(fields)


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
def anna(network):
    return network.handset("+48600316058")


@pytest.fixture
def line() -> NotingLine:
    return NotingLine()
