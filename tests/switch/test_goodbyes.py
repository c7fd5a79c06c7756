"""What a leg costs rests on how the switch says it ended."""

from datetime import UTC, datetime

from esl_service.switch.framing import event_of
from esl_service.switch.goodbyes import goodbye_of, occurred_at
from tests.sandbox.recording import read

LEG = "0627bd30-c4d0-455b-8012-cc16d749ed7b"


def recorded_end(situation: str, leg: str):
    for frame in read(situation):
        if "text/event-json" in frame.text:
            event = event_of(frame.text.partition("\n\n")[2].encode())
            ended = event.get("Event-Name") == "CHANNEL_HANGUP_COMPLETE"
            if ended and event["Unique-ID"] == leg:
                return goodbye_of(event)
    raise AssertionError(situation)


def test_a_real_leg_that_talked_is_paid_by_its_own_microseconds():
    goodbye = recorded_end("bridge_hash_hash_while_talking", LEG)

    assert goodbye.uuid == LEG
    assert goodbye.cause == "NORMAL_CLEARING"
    assert goodbye.answered
    assert goodbye.answered_us == 1_737_485
    talked = goodbye.ended_at - goodbye.answered_at
    assert talked.total_seconds() == 1.737485
    assert goodbye.ended_at.tzinfo is UTC


def test_a_real_leg_that_was_busy_cost_nothing():
    goodbye = recorded_end("bridge_b_busy", "4d93d400-7598-4e98-b9d4-9459ac662227")

    assert goodbye.cause == "USER_BUSY"
    assert not goodbye.answered
    assert goodbye.answered_us == 0


def test_what_the_switch_garbled_is_not_charged():
    goodbye = goodbye_of(
        {
            "Unique-ID": "a",
            "variable_billusec": "-5",
            "variable_answer_uepoch": "never",
            "variable_end_uepoch": "9" * 18,
            "Event-Date-Timestamp": "1795380595558896",
        }
    )

    assert goodbye.answered_us == 0
    assert goodbye.answered_at is None
    assert goodbye.cause == "NONE"
    assert goodbye.ended_at == datetime(2026, 11, 22, 20, 49, 55, 558896, UTC)


def test_an_event_without_a_time_happened_now():
    before = datetime.now(UTC)

    assert before <= occurred_at({}) <= datetime.now(UTC)
