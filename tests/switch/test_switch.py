"""One switch: linked to for ever, asked, rung through, and heard to the end."""

from datetime import UTC, datetime, timedelta

import gevent
import pytest

from esl_service.channel import HungUp, LinkLost, NotReached
from esl_service.switch import pair, ringing
from esl_service.switch.commands import last_stop
from esl_service.switch.pair import SwitchAddress
from esl_service.switch.switch import Switch
from sandbox.behaviour import Kind
from sandbox.switch.subscription import Subscription
from tests.switch.scripted import (
    CORE,
    PASSWORD,
    api_response,
    is_ready,
    reply,
    wait_until,
)
from tests.switch.stage import ANNA, BORIS, dial


def test_anna_answers_and_is_on_the_line(stage):
    anna = stage.anna(tag="cb:7:A")

    (row,) = stage.switch.channels()
    assert row["uuid"] == anna.uuid
    assert row["presence_data"] == "cb:7:A"
    assert stage.switch.exists(anna.uuid)
    assert stage.switch.dump(anna.uuid)["Answer-State"] == "answered"
    assert stage.network.handset(ANNA).caller_id == "48221000000"


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        (Kind.BUSY, "USER_BUSY"),
        (Kind.UNAVAILABLE, "NORMAL_TEMPORARY_FAILURE"),
        (Kind.INVALID, "UNALLOCATED_NUMBER"),
    ],
)
def test_why_anna_cannot_be_reached_is_said(stage, kind, cause):
    stage.person(ANNA, kind)

    with pytest.raises(NotReached) as failure:
        stage.switch.ring(dial())

    assert failure.value.cause == cause
    assert failure.value.goodbye.cause == cause
    assert not failure.value.goodbye.answered
    assert stage.orphans == []


def test_anna_does_not_answer_for_ever(stage):
    stage.person(ANNA, Kind.NO_ANSWER)

    with pytest.raises(NotReached) as failure:
        stage.switch.ring(dial(ring_seconds=1))

    assert failure.value.cause == "ALLOTTED_TIMEOUT"


def test_a_gateway_that_is_not_there_is_named_so(stage):
    with pytest.raises(NotReached) as failure:
        stage.switch.ring(dial(gateway="nowhere"))

    assert failure.value.cause == "INVALID_GATEWAY"
    assert failure.value.goodbye is None


def test_a_leg_rung_before_by_another_is_not_rung_again(stage):
    anna = stage.anna()
    stage.switch._office.lose()  # as if another service had rung her

    with pytest.raises(NotReached) as failure:
        stage.switch.ring(dial(uuid=anna.uuid))

    assert failure.value.cause == "SWITCH_REFUSED"
    assert stage.switch.exists(anna.uuid)


def test_a_leg_cannot_be_rung_twice_by_us(stage):
    anna = stage.anna()

    with pytest.raises(ValueError, match=anna.uuid):
        stage.switch.ring(dial(uuid=anna.uuid))

    assert stage.switch.exists(anna.uuid)


def test_a_hostile_number_is_refused_before_anything_is_sent(stage):
    with pytest.raises(ValueError, match="number"):
        stage.switch.ring(dial("${system(touch /tmp/x)}"))

    assert stage.sandbox.sessions == 0


def test_a_ringing_leg_can_be_killed(stage):
    stage.person(ANNA, Kind.NO_ANSWER)
    wanted = dial()
    ringing_anna = gevent.spawn(stage.switch.ring, wanted)
    wait_until(lambda: stage.switch.exists(wanted.uuid))

    assert stage.switch.kill(wanted.uuid, "ORIGINATOR_CANCEL")
    ringing_anna.join(2)

    assert ringing_anna.exception.cause == "ORIGINATOR_CANCEL"


def test_a_script_that_is_stopped_while_ringing_leaves_nobody_ringing(stage):
    stage.person(ANNA, Kind.NO_ANSWER)
    wanted = dial()
    script = gevent.spawn(stage.switch.ring, wanted)
    wait_until(lambda: stage.switch.exists(wanted.uuid))

    script.kill()

    wait_until(lambda: stage.orphans)
    assert stage.orphans[0].uuid == wanted.uuid


def soon(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def test_nobody_there_is_no_fault(stage):
    assert not stage.switch.exists("nobody")
    assert not stage.switch.kill("nobody")
    assert not stage.switch.drop_by("nobody", soon(5))
    assert stage.switch.dump("nobody") is None
    assert stage.switch.channels() == []


def test_a_stop_can_be_moved_nearer_and_the_switch_keeps_it(stage):
    anna = stage.anna(stop_seconds=60)

    assert stage.switch.drop_by(anna.uuid, soon(1))

    goodbye = anna.goodbye(3)
    assert goodbye.cause == "ALLOTTED_TIMEOUT"


def test_a_stop_can_be_moved_away(stage):
    anna = stage.anna(stop_seconds=1)

    stage.switch.drop_by(anna.uuid, soon(60))

    assert anna.goodbye(1.3) is None
    assert stage.switch.exists(anna.uuid)


def test_who_ends_without_anybody_waiting_is_an_orphan(stage):
    anna = stage.anna()
    assert anna.goodbye(0.01) is None

    stage.network.handset(ANNA).hang_up()

    wait_until(lambda: stage.orphans)
    assert stage.orphans[0].uuid == anna.uuid
    assert stage.orphans[0].answered_us > 0


def test_a_call_that_comes_in_is_told_by_its_own_uuid_whatever_its_name(stage):
    leg = stage.sandbox.incoming(BORIS, "48221000000", name="Eve%0AUnique-ID: forged")

    wait_until(lambda: stage.arrivals)

    who, channel = stage.arrivals[0]
    assert who.uuid == channel.uuid == leg.uuid


def test_the_switchs_life_has_a_name(puppet):
    assert puppet.switch.core_uuid == CORE


def test_a_lost_link_is_told_to_every_call_at_once_and_made_again(puppet):
    anna = puppet.anna()
    boris = puppet.anna()
    waiting = [gevent.spawn(c.play, ["/s/long.wav"]) for c in (anna, boris)]
    wait_until(lambda: len(puppet.scripted.commands("sendmsg")) == 2)

    puppet.scripted.drop()
    gevent.joinall(waiting, timeout=2)  # long before any deadline of theirs

    assert all(isinstance(w.exception, LinkLost) for w in waiting)
    with pytest.raises(LinkLost):
        anna.play(["/s/long.wav"])
    assert anna.goodbye(1) is None
    wait_until(lambda: puppet.connections == 2 and puppet.switch.ready)
    assert puppet.switch.ready


def test_while_there_is_no_link_nothing_is_promised(puppet):
    puppet.scripted._server.stop(timeout=0)
    puppet.scripted.drop()
    wait_until(lambda: not puppet.switch.ready)

    with pytest.raises(NotReached, match="SWITCH_AWAY"):
        puppet.switch.ring(dial(ring_seconds=1))
    with pytest.raises(LinkLost):
        puppet.switch.channels()
    assert not is_ready(puppet.switch, 0.01)


def test_a_leg_that_could_not_be_asked_for_is_rung_when_the_link_is_back(puppet):
    puppet.scripted.drop()
    wait_until(lambda: not puppet.switch.ready)

    anna = puppet.anna()

    assert len(puppet.scripted.commands("bgapi originate")) == 1
    assert anna.uuid in puppet.scripted.commands("bgapi originate")[0]


def test_a_leg_of_a_lost_call_ends_as_an_orphan(puppet):
    anna = puppet.anna()
    puppet.scripted.drop()
    wait_until(lambda: puppet.connections == 2 and puppet.switch.ready)

    puppet.end(anna.uuid, us=7_000_000)

    wait_until(lambda: puppet.orphans)
    assert puppet.orphans[0].answered_us == 7_000_000


def test_an_end_heard_just_before_the_link_was_lost_counts(puppet):
    anna = puppet.anna()
    puppet.end(anna.uuid, us=5_000_000)
    puppet.scripted.drop()
    wait_until(lambda: puppet.connections == 2 and puppet.switch.ready)

    assert anna.goodbye(1).answered_us == 5_000_000


def test_a_switch_that_restarts_has_another_life(puppet, caplog):
    another = CORE.replace("1", "2")
    puppet.scripted.core = another
    puppet.scripted.drop()

    wait_until(lambda: puppet.connections == 2 and puppet.switch.ready)

    assert puppet.switch.core_uuid == another
    assert f"core {CORE} is over" in caplog.text


def test_another_switch_in_ones_place_is_linked_to_anew(puppet):
    puppet.scripted.core = CORE.replace("1", "2")

    puppet.scripted.tell("HEARTBEAT")

    wait_until(lambda: puppet.connections == 2 and puppet.switch.ready)
    assert puppet.switch.core_uuid == puppet.scripted.core


def test_a_switch_without_a_pulse_is_left_for_another_link(scripted):
    address = SwitchAddress("127.0.0.1", scripted.port, PASSWORD, 1, 0.05)
    switch = Switch(address, on_orphan=print)
    switch.start()

    wait_until(lambda: len(scripted.commands("event json")) == 2)

    switch.stop()


def test_a_pulse_keeps_the_link(scripted):
    address = SwitchAddress("127.0.0.1", scripted.port, PASSWORD, 1, 0.05)
    switch = Switch(address, on_orphan=print)
    switch.start()
    assert is_ready(switch, 2)

    for _ in range(20):
        gevent.sleep(0.02)
        scripted.tell("HEARTBEAT")

    assert len(scripted.commands("event json")) == 1
    switch.stop()


def test_a_switch_that_gives_no_events_is_not_ready(scripted):
    scripted.answers["event json"] = reply("-ERR no keywords supplied")
    switch = Switch(
        SwitchAddress("127.0.0.1", scripted.port, PASSWORD, 0.1), on_orphan=print
    )
    switch.start()

    assert not is_ready(switch, 0.3)

    scripted.answers["event json"] = reply("+OK")  # and yet sends none
    assert not is_ready(switch, 0.5)
    switch.stop()


def test_the_switch_keeps_to_itself_what_no_call_waits_for(puppet):
    asked, wanted = Subscription(), puppet.scripted.commands("event json")[0].split()
    asked.add("json", wanted[2:])
    for command in puppet.scripted.commands("filter "):
        asked.add_filter(*command.split()[1:])

    for name in wanted[2:]:
        assert asked.takes({"Event-Name": name})
    ended = {"Event-Name": "CHANNEL_EXECUTE_COMPLETE"}
    assert asked.takes({**ended, "Application": "bridge"})
    assert not asked.takes({**ended, "Application": "park"})
    assert not asked.takes({**ended, "Application": "sched_hangup"})


def test_waiting_between_attempts_grows_and_has_a_limit(scripted, monkeypatch):
    pauses = []
    monkeypatch.setattr(pair.gevent, "sleep", lambda s: pauses.append(s) or _yield())
    scripted.greeting = b"Content-Length: 1\n\n"
    switch = Switch(
        SwitchAddress("127.0.0.1", scripted.port, PASSWORD, 0.2), on_orphan=print
    )
    keeper = switch.start()
    assert switch.start() is keeper

    with gevent.Timeout(3):
        while len(pauses) < 9:
            _yield()
    switch.stop()

    assert 0.1 <= pauses[0] <= 0.2
    assert pauses[3] > pauses[0]
    assert 2.5 <= pauses[8] <= 5


def test_anna_who_hangs_up_as_she_answers_is_not_reached_but_paid_for(puppet):
    def answer_and_leave(leg: str) -> None:
        puppet.scripted.tell("CHANNEL_CREATE", leg)
        puppet.scripted.tell("CHANNEL_ANSWER", leg)
        puppet.end(leg, us=200_000)

    puppet.scripted.on_originate = answer_and_leave

    with pytest.raises(NotReached) as failure:
        puppet.switch.ring(dial())

    assert failure.value.goodbye.answered_us == 200_000


def test_the_end_of_the_job_may_come_before_the_end_of_the_leg(puppet):
    def fail(leg: str) -> None:
        puppet.scripted.tell("CHANNEL_CREATE", leg)
        fail_job(puppet, "NO_ANSWER")
        puppet.end(leg, "NO_ANSWER")

    puppet.scripted.on_originate = fail

    with pytest.raises(NotReached) as failure:
        puppet.switch.ring(dial())

    assert failure.value.goodbye.cause == "NO_ANSWER"


def test_a_leg_whose_end_is_never_told_is_given_up(puppet, monkeypatch):
    monkeypatch.setattr(ringing, "_GOODBYE_SECONDS", 0.05)

    def fail(leg: str) -> None:
        puppet.scripted.tell("CHANNEL_CREATE", leg)
        fail_job(puppet, "USER_BUSY")

    puppet.scripted.on_originate = fail

    with pytest.raises(NotReached) as failure:
        puppet.switch.ring(dial())

    assert failure.value.cause == "USER_BUSY"
    assert failure.value.goodbye is None


def test_a_switch_that_says_nothing_about_a_leg_is_not_waited_for(puppet, monkeypatch):
    monkeypatch.setattr(ringing, "_GOODBYE_SECONDS", 0.05)
    monkeypatch.setattr(ringing, "_MARGIN_SECONDS", -0.9)
    wanted = dial(ring_seconds=1)

    with pytest.raises(NotReached) as failure:
        puppet.switch.ring(wanted)

    assert failure.value.cause == "RECOVERY_ON_TIMER_EXPIRE"
    assert puppet.scripted.commands(f"api uuid_kill {wanted.uuid}")


def test_anna_who_was_answered_and_never_parked_is_let_go_and_paid_for(
    puppet, monkeypatch
):
    monkeypatch.setattr(ringing, "_MARGIN_SECONDS", -0.5)
    wanted = dial(ring_seconds=1)

    def answer_and_end_late(leg: str) -> None:
        puppet.scripted.tell("CHANNEL_ANSWER", leg)  # CHANNEL_PARK is never told
        gevent.spawn_later(0.8, puppet.end, leg, us=800_000)

    puppet.scripted.on_originate = answer_and_end_late

    with pytest.raises(NotReached) as failure:
        puppet.switch.ring(wanted)

    assert failure.value.goodbye.answered_us == 800_000
    assert puppet.scripted.commands(f"api uuid_kill {wanted.uuid}")


def test_a_switch_that_takes_no_originate_refuses(puppet):
    puppet.scripted.answers["bgapi originate"] = reply("-ERR permission denied")

    with pytest.raises(NotReached) as failure:
        puppet.switch.ring(dial())

    assert failure.value.cause == "SWITCH_REFUSED"


def test_a_list_that_is_no_list_is_an_error_that_shows_it(puppet):
    puppet.scripted.answers["api show"] = api_response("-ERR Cannot fetch data!\n")

    with pytest.raises(LinkLost, match="Cannot fetch data"):
        puppet.switch.channels()


def test_after_our_goodbye_nothing_more_can_be_said(stage):
    anna = stage.anna()

    anna.hang_up("CALL_REJECTED")

    with pytest.raises(HungUp):
        anna.play([])
    assert anna.goodbye(2).cause == "CALL_REJECTED"
    assert stage.orphans == []


def fail_job(puppet, cause: str) -> None:
    command = puppet.scripted.commands("bgapi originate")[-1]
    job = command.partition("Job-UUID: ")[2]
    puppet.scripted.tell("BACKGROUND_JOB", Job_UUID=job, _body=f"-ERR {cause}\n")


def _yield() -> None:
    gevent.get_hub().loop.run_callback(gevent.getcurrent().switch)
    gevent.get_hub().switch()


@pytest.mark.parametrize(
    ("at", "second"),
    [(1010.0, 1009), (1010.59, 1009), (1010.61, 1010), (1010.99, 1010)],
)
def test_a_stop_never_comes_late(at, second):
    # It fires up to half a second after the switch's clock reached that second.
    assert last_stop(datetime.fromtimestamp(at, UTC)) == second
    assert second + 0.5 <= at
