"""Anna on the line: what she hears, what she keys, and when she leaves."""

import gevent
import pytest

from esl_service.channel import HungUp, LinkLost, MediaFault
from esl_service.switch import parking
from sandbox.handset import State
from tests.switch.scripted import api_response, reply, wait_until
from tests.switch.stage import ANNA


def pressing(stage, digits: str, after: float = 0.02):
    return gevent.spawn_later(after, stage.network.handset(ANNA).press, digits)


def test_she_hears_every_clip(stage, clip):
    anna = stage.anna()

    anna.play([clip, clip])

    assert stage.network.handset(ANNA).heard == ["welcome welcome"]


def test_nothing_to_play_takes_no_time(stage):
    stage.anna().play([])


def test_a_clip_that_is_not_there_is_named(stage):
    anna = stage.anna()

    with pytest.raises(MediaFault, match=r"/no/such/clip\.wav"):
        anna.play(["/no/such/clip.wav"])
    with pytest.raises(MediaFault, match=r"/no/such/clip\.wav"):
        anna.read(["/no/such/clip.wav"], longest=1, patience=1, pause=1)
    assert stage.switch.exists(anna.uuid)


def test_a_path_that_is_none_is_refused(stage):
    anna = stage.anna()

    with pytest.raises(ValueError, match="clip"):
        anna.play(["/tmp/${system(id)}.wav"])  # noqa: S108 - nobody writes there


@pytest.mark.parametrize(
    ("pressed", "longest", "read"),
    [
        ("*", 1, "*"),
        ("1", 1, "1"),
        ("0#", 18, "0"),
        ("2#", 18, "2"),
        ("111#", 18, "111"),
        ("442071234567#", 18, "442071234567"),
        ("#", 18, ""),
        ("123", 3, "123"),
    ],
)
def test_what_she_keys_is_read_without_the_closing_hash(
    stage, clip, pressed, longest, read
):
    anna = stage.anna()
    pressing(stage, pressed)

    assert anna.read([clip], longest=longest, patience=2, pause=1) == read


def test_what_she_keyed_before_her_pause_is_read(stage, clip):
    anna = stage.anna()
    pressing(stage, "48")

    assert anna.read([clip], longest=18, patience=2, pause=0.2) == "48"


def test_her_silence_is_read_as_nothing(stage):
    anna = stage.anna()

    assert anna.read([], longest=18, patience=1, pause=0.2) == ""


def test_an_old_answer_is_not_read_again(stage, clip):
    anna = stage.anna()
    pressing(stage, "5#")
    assert anna.read([clip], longest=18, patience=2, pause=0.2) == "5"

    assert anna.read([clip], longest=18, patience=1, pause=0.2) == ""


@pytest.mark.parametrize(
    "verb",
    [
        lambda anna, clip: anna.play([clip] * 10),
        lambda anna, clip: anna.read([clip], longest=18, patience=5, pause=2),
    ],
)
def test_she_may_leave_in_the_middle(stage, clip, verb):
    anna = stage.anna()
    gevent.spawn_later(0.03, stage.network.handset(ANNA).hang_up)

    with pytest.raises(HungUp):
        verb(anna, clip)

    goodbye = anna.goodbye(2)
    assert goodbye.uuid == anna.uuid
    assert goodbye.cause == "NORMAL_CLEARING"
    assert goodbye.answered_us > 20_000


def test_she_may_leave_while_nobody_talks_to_her(stage, clip):
    anna = stage.anna()
    stage.network.handset(ANNA).hang_up()
    wait_until(lambda: not stage.switch.exists(anna.uuid))

    for _ in range(2):
        with pytest.raises(HungUp):
            anna.play([clip])
    with pytest.raises(HungUp):
        anna.read([clip], longest=1, patience=1, pause=1)
    anna.hang_up()
    assert anna.goodbye(2).answered
    assert anna.goodbye(0.1).answered


def test_hanging_up_ends_her_call(stage):
    anna = stage.anna()

    anna.hang_up()

    assert anna.goodbye(2).cause == "NORMAL_CLEARING"
    assert stage.network.handset(ANNA).state is State.IDLE


def test_a_leg_the_switch_does_not_know_any_more_has_left(puppet):
    anna = puppet.anna()
    puppet.scripted.answers["sendmsg"] = reply("-ERR invalid session id [x]")

    with pytest.raises(HungUp):
        anna.play(["/s/a.wav"])


def test_a_switch_that_takes_no_order_is_as_good_as_lost(puppet):
    anna = puppet.anna()
    puppet.scripted.answers["sendmsg"] = reply("-ERR memory error")

    with pytest.raises(LinkLost, match="memory error"):
        anna.play(["/s/a.wav"])


def test_a_prompt_that_never_ends_is_broken_off_before_anything_else_is_said(puppet):
    anna = puppet.anna()
    anna._prompt_seconds = 0.05

    with pytest.raises(MediaFault, match=r"/s/a\.wav"):
        anna.play(["/s/a.wav"])

    assert puppet.scripted.commands(f"api uuid_transfer {anna.uuid}")
    assert anna._mailbox.waiting == 0  # she has said that she is parked


def test_who_left_while_a_prompt_did_not_end_has_left(puppet):
    anna = puppet.anna()
    anna._prompt_seconds = 0.05
    puppet.scripted.answers["api uuid_transfer"] = api_response(
        "-ERR No such channel!\n"
    )

    with pytest.raises(HungUp):
        anna.play(["/s/a.wav"])


def test_a_line_that_cannot_be_parked_anew_is_a_fault(puppet, monkeypatch):
    monkeypatch.setattr(parking, "_PARKING_SECONDS", 0.05)
    anna = puppet.anna()
    anna._prompt_seconds = 0.05
    puppet.scripted.on_park = lambda _leg: None

    with pytest.raises(MediaFault, match="parked"):
        anna.play(["/s/a.wav"])


def test_the_end_of_another_application_is_not_the_end_of_ours(puppet):
    anna = puppet.anna()

    def execute(leg, name, _argument, own) -> None:
        tell = puppet.scripted.tell
        tell("CHANNEL_EXECUTE_COMPLETE", leg, Application=name, Application_UUID="old")
        tell(
            "CHANNEL_EXECUTE_COMPLETE",
            leg,
            Application=name,
            Application_UUID=own,
            Application_Response="FILE NOT FOUND",
        )

    puppet.scripted.on_execute = execute

    with pytest.raises(MediaFault):
        anna.play(["/s/a.wav"])


def test_a_prompt_that_ended_because_she_left_is_no_media_fault(puppet):
    anna = puppet.anna()

    def execute(leg, _name, _argument, own) -> None:
        headers = {"Application_UUID": own, "Answer_State": "hangup"}
        puppet.scripted.tell("CHANNEL_EXECUTE_COMPLETE", leg, **headers)

    puppet.scripted.on_execute = execute

    with pytest.raises(HungUp):
        anna.read(["/s/a.wav"], longest=1, patience=1, pause=1)


def test_hanging_up_without_a_link_is_no_fault(puppet):
    anna = puppet.anna()
    puppet.switch.stop()

    anna.hang_up()

    assert anna.goodbye(0.1) is None
