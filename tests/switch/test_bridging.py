"""Anna and Boris: rung, joined, dropped, and each leg's end known."""

import gevent
import pytest

from esl_service.channel import HungUp, LinkLost
from esl_service.switch import bridging
from sandbox.behaviour import Kind
from sandbox.handset import State
from tests.switch.scripted import reply, wait_until
from tests.switch.stage import ANNA, BORIS, dial

DROP_KEYS = ("##", "#1#")


def join(anna, *, to=None, seconds=60, keys=DROP_KEYS, answers=None):
    """Bridge Anna to Boris; `answers` collects that he picked up."""

    def answered(_at) -> int:
        if answers is not None:
            answers.append(True)
        return seconds

    return anna.bridge(
        to or dial(BORIS, tag="cb:1:B"), drop_keys=keys, answered=answered
    )


def when_talking(stage, number, do, *arguments) -> None:
    def wait_then_do() -> None:
        wait_until(lambda: stage.network.handset(number).state is State.TALKING)
        gevent.sleep(0.05)
        do(*arguments)

    gevent.spawn(wait_then_do)


def test_boris_talks_and_hangs_up_and_anna_stays(stage, clip):
    anna, answers = stage.anna(), []
    stage.person(BORIS, talks=0.1)
    wanted = dial(BORIS, tag="cb:1:B")

    goodbye = join(anna, to=wanted, answers=answers)

    assert goodbye.uuid == wanted.uuid
    assert goodbye.cause == "NORMAL_CLEARING"
    assert 80_000 < goodbye.answered_us < 400_000
    assert answers == [True]
    anna.play([clip])
    assert stage.orphans == []


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        (Kind.BUSY, "USER_BUSY"),
        (Kind.UNAVAILABLE, "NORMAL_TEMPORARY_FAILURE"),
        (Kind.INVALID, "UNALLOCATED_NUMBER"),
        (Kind.NO_ANSWER, "ALLOTTED_TIMEOUT"),
    ],
)
def test_why_boris_cannot_be_reached_is_known_and_anna_stays(stage, clip, kind, cause):
    anna, answers = stage.anna(), []
    stage.person(BORIS, kind)

    goodbye = join(anna, to=dial(BORIS, ring_seconds=1), answers=answers)

    assert goodbye.cause == cause
    assert (goodbye.answered_us, goodbye.answered_at) == (0, None)
    assert answers == []
    anna.play([clip])


def test_an_old_failure_is_not_told_of_the_next_call(stage):
    anna = stage.anna()
    stage.person(BORIS, Kind.BUSY)
    join(anna)
    stage.person(BORIS, talks=0.05)

    assert join(anna).cause == "NORMAL_CLEARING"


def test_a_gateway_that_is_not_there_is_a_goodbye_without_a_leg(stage):
    anna = stage.anna()
    wanted = dial(BORIS, gateway="nowhere")

    goodbye = join(anna, to=wanted)

    assert goodbye.uuid == wanted.uuid
    assert goodbye.cause == "INVALID_GATEWAY"
    assert goodbye.answered_us == 0


@pytest.mark.parametrize("keys", DROP_KEYS)
def test_anna_drops_boris_alone_while_they_talk(stage, clip, keys):
    anna = stage.anna()
    stage.person(BORIS)
    when_talking(stage, BORIS, stage.network.handset(ANNA).press, keys)

    goodbye = join(anna)

    assert goodbye.cause == "NORMAL_CLEARING"
    assert goodbye.answered
    anna.play([clip])


def test_anna_drops_boris_while_he_still_rings(stage, clip):
    anna = stage.anna()
    boris = stage.person(BORIS, Kind.NO_ANSWER)

    def press() -> None:
        wait_until(lambda: boris.state is State.RINGING)
        stage.network.handset(ANNA).press("##")

    gevent.spawn(press)

    goodbye = join(anna)

    assert not goodbye.answered
    anna.play([clip])


def test_after_the_call_her_keys_are_the_prompts_again(stage, clip):
    anna = stage.anna()
    stage.person(BORIS, talks=0.05)
    join(anna)

    gevent.spawn_later(0.02, stage.network.handset(ANNA).press, "12#")

    assert anna.read([clip], longest=18, patience=2, pause=1) == "12"


def test_without_combinations_boris_hears_every_key(stage):
    anna = stage.anna()
    boris = stage.person(BORIS, talks=0.3)
    when_talking(stage, BORIS, stage.network.handset(ANNA).press, "##")
    with stage.network.subscribe() as news:
        goodbye = join(anna, keys=())
        tones = []
        while event := news.get(timeout=0.01):
            if event["event"] == "tones" and event["number"] == boris.number:
                tones.append(event["digits"])

    assert "".join(tones) == "##"
    assert goodbye.answered_us > 200_000


def test_the_switch_drops_boris_at_the_stop_he_was_dialled_with(stage, clip):
    anna = stage.anna()
    stage.person(BORIS)

    goodbye = join(anna, to=dial(BORIS, stop_seconds=1), seconds=1)

    assert goodbye.cause == "ALLOTTED_TIMEOUT"
    anna.play([clip])


@pytest.mark.parametrize("seconds", [0, -3])
def test_boris_is_dropped_at_once_when_nothing_is_left(stage, seconds):
    anna = stage.anna()
    stage.person(BORIS)

    goodbye = join(anna, seconds=seconds)

    assert goodbye.cause == "ALLOTTED_TIMEOUT"
    assert goodbye.answered_us < 500_000


def test_the_stop_is_moved_to_what_is_affordable_when_he_answers(stage):
    anna = stage.anna()
    stage.person(BORIS)

    goodbye = join(anna, to=dial(BORIS, stop_seconds=60), seconds=1)

    assert goodbye.cause == "ALLOTTED_TIMEOUT"
    assert goodbye.answered_us < 1_500_000


def test_his_stop_is_not_late_when_his_answer_took_long_to_write_down(stage):
    anna = stage.anna()
    stage.person(BORIS)

    def answered(_at) -> int:
        gevent.sleep(2)
        return 3

    goodbye = anna.bridge(dial(BORIS), drop_keys=DROP_KEYS, answered=answered)

    assert goodbye.cause == "ALLOTTED_TIMEOUT"
    assert goodbye.answered_us < 3_000_000


def test_anna_leaves_and_boris_end_is_an_orphans(stage):
    anna = stage.anna()
    stage.person(BORIS)
    wanted = dial(BORIS)
    when_talking(stage, BORIS, stage.network.handset(ANNA).hang_up)

    with pytest.raises(HungUp):
        join(anna, to=wanted)

    assert anna.goodbye(2).answered
    wait_until(lambda: stage.orphans)
    assert [goodbye.uuid for goodbye in stage.orphans] == [wanted.uuid]
    assert stage.orphans[0].answered_us > 0


def test_anna_leaves_while_boris_rings_and_he_stops_ringing(stage):
    anna = stage.anna()
    boris = stage.person(BORIS, Kind.NO_ANSWER)
    gevent.spawn_later(0.1, stage.network.handset(ANNA).hang_up)

    with pytest.raises(HungUp):
        join(anna)

    wait_until(lambda: boris.state is State.IDLE)


def test_a_script_that_fails_when_boris_answers_hangs_him_up(stage, clip):
    anna = stage.anna()
    boris = stage.person(BORIS)

    def fail(_at) -> int:
        raise KeyError("no such rate")

    with pytest.raises(KeyError):
        anna.bridge(dial(BORIS), drop_keys=DROP_KEYS, answered=fail)

    wait_until(lambda: boris.state is State.IDLE)
    anna.play([clip])
    wait_until(lambda: stage.orphans)


def test_a_hostile_number_is_refused_and_anna_stays(stage, clip):
    anna = stage.anna()

    with pytest.raises(ValueError, match="number"):
        join(anna, to=dial("+48,error/user_busy"))

    anna.play([clip])


def test_who_has_left_is_not_joined_to_anybody(stage):
    anna = stage.anna()
    stage.network.handset(ANNA).hang_up()
    wait_until(lambda: not stage.switch.exists(anna.uuid))

    with pytest.raises(HungUp):
        join(anna)

    assert stage.network.handset(BORIS).state is State.IDLE


# What only a scripted switch does: swap, lose and delay.


class Script:
    """Plays Boris's leg on a scripted switch as a test says."""

    def __init__(self, puppet, monkeypatch) -> None:
        monkeypatch.setattr(bridging, "_LAST_WORD_SECONDS", 0.05)
        monkeypatch.setattr(bridging, "_WATCH_SECONDS", 0.1)
        self.puppet = puppet
        self.wanted = dial(BORIS)
        self.anna = puppet.anna()
        self.tell = puppet.scripted.tell

    def plays(self, *steps) -> None:
        def execute(_leg, application, _argument, own) -> None:
            if application == "bridge":
                for step in steps:
                    step(own)

        self.puppet.scripted.on_execute = execute

    def rings(self, _own) -> None:
        self.tell("CHANNEL_CREATE", self.wanted.uuid)

    def answers(self, _own) -> None:
        at = "1795380593000000"
        self.tell("CHANNEL_ANSWER", self.wanted.uuid, Event_Date_Timestamp=at)

    def hangs_up(self, _own) -> None:
        self.tell(
            "CHANNEL_HANGUP",
            self.wanted.uuid,
            Hangup_Cause="NETWORK_OUT_OF_ORDER",
            Event_Date_Timestamp="1795380595500000",
        )

    def has_ended(self, _own) -> None:
        self.puppet.end(self.wanted.uuid, us=1_500_000)

    def is_over(self, own, **headers) -> None:
        self.tell(
            "CHANNEL_EXECUTE_COMPLETE",
            self.anna.uuid,
            Application="bridge",
            Application_UUID=own,
            **headers,
        )

    def anna_hangs_up(self, _own) -> None:
        self.tell("CHANNEL_HANGUP", self.anna.uuid)

    def takes_no_orders(self, news: str) -> None:
        self.puppet.scripted.answers["sendmsg"] = reply(news)


@pytest.fixture
def script(puppet, monkeypatch) -> Script:
    return Script(puppet, monkeypatch)


def test_the_end_of_the_bridge_may_come_before_his_last_word(script):
    s = script
    s.plays(s.rings, s.answers, s.hangs_up, s.is_over, s.has_ended)

    assert join(s.anna, to=s.wanted).answered_us == 1_500_000


def test_his_last_word_may_come_before_the_end_of_the_bridge(script):
    s = script
    s.plays(s.rings, s.answers, s.hangs_up, s.has_ended, s.is_over)

    assert join(s.anna, to=s.wanted).answered_us == 1_500_000


def test_without_his_last_word_the_call_is_measured_by_what_was_heard(script):
    s = script
    s.plays(s.rings, s.answers, s.hangs_up, s.is_over)

    goodbye = join(s.anna, to=s.wanted)

    assert goodbye.answered_us == 2_500_000
    assert goodbye.cause == "NETWORK_OUT_OF_ORDER"
    assert s.puppet.scripted.commands(f"api uuid_kill {s.wanted.uuid}")


def test_a_last_word_that_comes_too_late_is_an_orphans(script):
    s = script
    s.plays(s.rings, s.answers, s.hangs_up, s.is_over)
    join(s.anna, to=s.wanted)

    s.puppet.end(s.wanted.uuid, us=2_499_000)

    wait_until(lambda: s.puppet.orphans)
    assert s.puppet.orphans[0].answered_us == 2_499_000


def test_a_bridge_that_never_says_it_is_over_does_not_hold_anna(script):
    s = script
    s.plays(s.rings, s.answers, s.hangs_up, s.has_ended)

    assert join(s.anna, to=s.wanted).answered_us == 1_500_000


def test_when_nothing_is_heard_for_long_the_switch_is_asked(script):
    s = script
    s.plays(s.rings, s.answers)
    there = {s.anna.uuid: [b"true", b"true"], s.wanted.uuid: [b"true", b"false"]}

    def exists(command):
        answer = there[command.split()[2]].pop(0)
        return b"Content-Type: api/response\nContent-Length: %d\n\n%s" % (
            len(answer),
            answer,
        )

    s.puppet.scripted.answers["api uuid_exists"] = exists

    goodbye = join(s.anna, to=s.wanted)

    assert goodbye.answered
    assert goodbye.cause == "NORMAL_UNSPECIFIED"
    assert s.puppet.scripted.commands(f"api uuid_transfer {s.anna.uuid}")


def test_when_the_switch_has_lost_anna_herself_she_has_left(script):
    s = script
    s.plays(s.rings, s.answers)

    with pytest.raises(HungUp):
        join(s.anna, to=s.wanted)


def test_his_last_word_is_not_lost_when_anna_leaves_with_it(script):
    s = script
    s.plays(s.rings, s.answers, s.has_ended, s.anna_hangs_up)

    with pytest.raises(HungUp):
        join(s.anna, to=s.wanted)

    wait_until(lambda: s.puppet.orphans)
    assert s.puppet.orphans[0].uuid == s.wanted.uuid


def test_a_bridge_that_ended_because_anna_left_says_so(script):
    s = script
    s.plays(s.rings, lambda own: s.is_over(own, Answer_State="hangup"))

    with pytest.raises(HungUp):
        join(s.anna, to=s.wanted)


@pytest.mark.parametrize(
    "news", ["-ERR invalid session id [anna]", "-ERR permission denied"]
)
def test_his_goodbye_is_returned_whatever_happens_next(script, news):
    s = script
    s.plays(s.rings, s.has_ended, s.is_over, lambda _own: s.takes_no_orders(news))

    assert join(s.anna, to=s.wanted).uuid == s.wanted.uuid


def test_his_last_word_is_not_lost_with_the_link(script):
    s = script
    s.plays(s.rings, s.answers, s.has_ended, lambda _own: s.puppet.scripted.drop())

    with pytest.raises(LinkLost):
        join(s.anna, to=s.wanted)

    wait_until(lambda: s.puppet.orphans)
    assert s.puppet.orphans[0].answered_us == 1_500_000


def test_without_a_link_he_was_never_rung_and_that_is_told_to_the_watch(puppet):
    anna, wanted = puppet.anna(), dial(BORIS)
    puppet.switch.stop()

    with pytest.raises(LinkLost):
        join(anna, to=wanted)

    wait_until(lambda: puppet.orphans)
    (his,) = puppet.orphans
    assert (his.uuid, his.cause) == (wanted.uuid, "ORIGINATOR_CANCEL")


def test_when_the_link_breaks_after_the_order_nobody_knows_and_nothing_is_told(
    script, monkeypatch
):
    s = script
    s.plays(lambda _own: s.puppet.scripted.drop())

    with pytest.raises(LinkLost):
        join(s.anna, to=s.wanted)

    wait_until(lambda: s.puppet.switch.ready)
    assert s.puppet.orphans == []
