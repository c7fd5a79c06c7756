"""Calls: who is rung, who talks to whom, what keys do, and how it all ends."""

import gevent
import pytest

from sandbox.network import Behaviour, Kind
from tests.sandbox.conftest import ANNA, BEN

TO_BEN = "[origination_uuid=ben]sofia/gateway/carrier/48774417880"
BUSY_FIRST = "[origination_uuid=eve]sofia/gateway/carrier/48225550001|"


def bridged(client, anna, to=TO_BEN) -> None:
    client.run(anna, "bridge", to)
    client.wait("CHANNEL_BRIDGE", anna)


def test_the_second_number_is_tried_when_the_first_is_busy(client, anna, busy):
    bridged(client, anna, BUSY_FIRST + TO_BEN)

    gone = client.wait("CHANNEL_HANGUP_COMPLETE", "eve")

    assert gone["Hangup-Cause"] == "USER_BUSY"
    assert client.wait("CHANNEL_BRIDGE", anna)["Bridge-B-Unique-ID"] == "ben"


def test_when_nobody_can_be_reached_the_caller_hears_every_cause(client, anna, busy):
    client.run(anna, "bridge", BUSY_FIRST + "sofia/gateway/nowhere/1")

    done = client.completes(anna, "bridge")

    assert done["variable_originate_disposition"] == "INVALID_GATEWAY"
    assert done["variable_originate_causes"] == "eve;USER_BUSY"


def test_ringing_too_long_for_the_whole_call_tries_nobody_else(
    client, anna, switchboard
):
    switchboard.handset("48225550002").behaviour = Behaviour(Kind.NO_ANSWER)

    client.run(
        anna,
        "bridge",
        "{originate_timeout=1}[origination_uuid=eve]"
        "sofia/gateway/carrier/48225550002|" + TO_BEN,
    )
    done = client.completes(anna, "bridge")

    assert done["variable_originate_disposition"] == "NO_ANSWER"
    assert client.names("ben") == []


def test_a_caller_whom_a_failure_may_end_goes_with_the_cause(client, anna, busy):
    client.run(anna, "unset", "continue_on_fail")

    client.run(anna, "bridge", "sofia/gateway/carrier/48225550001")

    gone = client.wait("CHANNEL_HANGUP_COMPLETE", anna)
    assert gone["Hangup-Cause"] == "USER_BUSY"


def test_a_caller_may_choose_which_failures_to_live_through(client, anna, busy):
    client.run(anna, "set", "continue_on_fail=user_busy,NO_ANSWER")

    client.run(anna, "bridge", "sofia/gateway/carrier/48225550001")
    client.completes(anna, "bridge")

    assert client.ask(f"api uuid_exists {anna}") == "true"


def test_a_caller_may_go_with_the_bridge(client, anna):
    client.run(anna, "set", "hangup_after_bridge=true")
    bridged(client, anna)

    client.ask("api uuid_kill ben")

    client.wait("CHANNEL_HANGUP_COMPLETE", anna, Hangup_Cause="NORMAL_CLEARING")


def test_a_caller_may_park_anew_after_the_bridge(client, anna):
    client.run(anna, "set", "park_after_bridge=true")
    bridged(client, anna)
    client.events.clear()

    client.ask("api uuid_kill ben")
    client.wait("CHANNEL_PARK", anna)

    ours = [
        name
        for name in client.names(anna)
        if name in ("CHANNEL_UNBRIDGE", "CHANNEL_UNPARK", "CHANNEL_PARK")
    ]
    assert ours == ["CHANNEL_UNBRIDGE", "CHANNEL_UNPARK", "CHANNEL_PARK"]


def test_a_caller_sent_to_park_leaves_the_other_behind(client, anna):
    bridged(client, anna)
    client.events.clear()

    assert client.ask("api uuid_park anna") == "+OK\n"

    client.wait("CHANNEL_HANGUP_COMPLETE", "ben", Hangup_Cause="NORMAL_CLEARING")
    client.wait("CHANNEL_PARK", anna)


def test_a_caller_parked_twice_by_its_state_obeys_nobody_any_more(client, anna):
    client.ask("api uuid_park anna")
    client.wait("CHANNEL_PARK", anna)
    client.events.clear()

    assert client.ask("api uuid_park anna") == "+OK\n"
    client.run(anna, "playback", "silence_stream://20")
    client.wait("CHANNEL_UNPARK", anna)
    gevent.sleep(0.2)

    assert "CHANNEL_PARK" not in client.names(anna)
    assert "playback" not in [each.get("Application") for each in client.events]
    client.ask("api uuid_kill anna")
    client.wait("CHANNEL_HANGUP_COMPLETE", anna)


def test_a_caller_sent_to_an_application_parks_as_often_as_one_likes(client, anna):
    for _ in range(3):
        client.events.clear()
        assert client.ask("api uuid_transfer anna park inline") == "+OK\n"
        client.wait("CHANNEL_PARK", anna)

    client.run(anna, "playback", "silence_stream://20")
    client.completes(anna, "playback")


def test_a_caller_who_hangs_up_while_it_rings_cancels_the_call(
    client, anna, switchboard
):
    switchboard.handset(BEN).behaviour = Behaviour()
    client.run(anna, "bridge", TO_BEN)
    client.wait("CHANNEL_PROGRESS", "ben")

    switchboard.handset(ANNA).hang_up()

    client.wait("CHANNEL_HANGUP_COMPLETE", "ben", Hangup_Cause="ORIGINATOR_CANCEL")
    client.wait("CHANNEL_HANGUP_COMPLETE", anna, Hangup_Cause="NORMAL_CLEARING")


def test_a_handset_that_talks_is_busy_for_others(client, anna):
    client.run(anna, "bridge", "sofia/gateway/carrier/48600316058")

    done = client.completes(anna, "bridge")

    assert done["variable_originate_disposition"] == "USER_BUSY"


@pytest.mark.parametrize(
    "destination",
    [
        "sofia/gateway/carrier/${system(touch FORGED)}",
        "sofia/gateway/carrier/4822 ${system(touch FORGED)}",
        "sofia/gateway/carrier/12",
    ],
)
def test_a_destination_that_is_no_number_is_a_number_nobody_has(
    client, anna, destination, tmp_path
):
    forged = tmp_path / "forged"

    client.run(anna, "bridge", destination.replace("FORGED", str(forged)))
    done = client.completes(anna, "bridge")

    assert done["variable_originate_disposition"] == "UNALLOCATED_NUMBER"
    assert not forged.exists()


@pytest.mark.parametrize(
    "dial", ["user/1000", "sofia/gateway/carrier", "[a=1", "", "${system(ls)}"]
)
def test_a_dial_string_that_is_none_reaches_nobody(client, anna, dial):
    client.run(anna, "bridge", dial)

    done = client.completes(anna, "bridge")

    assert done["variable_originate_disposition"] == "DESTINATION_OUT_OF_ORDER"


def test_the_called_one_sees_whom_the_caller_chose_to_show(client, anna, switchboard):
    switchboard.handset(BEN).behaviour = Behaviour()

    client.run(
        anna,
        "bridge",
        "[origination_uuid=ben,"
        "origination_caller_id_number=48221000000]sofia/gateway/carrier/48774417880",
    )
    client.wait("CHANNEL_PROGRESS", "ben")

    assert switchboard.handset(BEN).caller_id == "48221000000"


def test_exported_variables_reach_the_leg_that_is_rung(client, anna):
    client.run(anna, "export", "sip_h_X-Account=7")
    client.run(anna, "set", "private=yes")

    bridged(client, anna)

    created = client.wait("CHANNEL_CREATE", "ben")
    assert created["variable_sip_h_X-Account"] == "7"
    assert "variable_private" not in created


def test_keys_pass_to_the_other_but_the_combination_drops_them(
    client, anna, switchboard
):
    client.run(anna, "set", "bind_digit_digit_timeout=30")
    client.run(anna, "bind_digit_action", "talk,##,api:uuid_kill,ben")
    client.run(anna, "bind_digit_action", "talk,#1#,api:uuid_kill,ben")
    bridged(client, anna)
    with switchboard.subscribe() as heard:
        switchboard.handset(ANNA).press("5#")
        assert _tones(heard) == ["5"]
        gevent.sleep(0.05)
        assert _tones(heard) == ["#"]
        switchboard.handset(ANNA).press("#7#1#")
        assert _tones(heard) == ["#", "7"]

    gone = client.wait("CHANNEL_UNBRIDGE", anna)

    assert gone["variable_last_matching_digits"] == "#1#"
    assert client.ask(f"api uuid_exists {anna}") == "true"


def test_combinations_that_are_cleared_do_nothing(client, anna, switchboard):
    client.run(anna, "bind_digit_action", "talk,##,api:uuid_kill,anna")
    client.run(anna, "bind_digit_action", "nonsense")
    client.run(anna, "digit_action_set_realm", "unknown")
    client.run(anna, "clear_digit_action", "other")
    client.run(anna, "clear_digit_action", "all")
    client.completes(anna, "clear_digit_action")
    gevent.sleep(0.01)

    switchboard.handset(ANNA).press("##")

    assert client.ask(f"api uuid_exists {anna}") == "true"


def test_a_combination_may_run_an_application(client, anna, switchboard):
    client.run(anna, "bind_digit_action", "keys,~9+,exec:set,pressed=nines")
    client.completes(anna, "bind_digit_action")

    switchboard.handset(ANNA).press("9")

    assert client.completes(anna, "set")["variable_pressed"] == "nines"


def test_what_the_called_one_presses_the_caller_hears(client, anna, switchboard):
    bridged(client, anna)

    with switchboard.subscribe() as heard:
        switchboard.handset(BEN).press("4")

        assert _tones(heard) == ["4"]


def test_the_time_limit_of_the_called_one_leaves_the_caller(client, anna):
    bridged(
        client,
        anna,
        "[origination_uuid=ben,execute_on_answer='sched_hangup +1 ALLOTTED_TIMEOUT']"
        "sofia/gateway/carrier/48774417880",
    )

    gone = client.wait("CHANNEL_HANGUP_COMPLETE", "ben")

    assert gone["Hangup-Cause"] == "ALLOTTED_TIMEOUT"
    assert 0 < int(gone["variable_billusec"]) < 1_100_000
    assert client.ask(f"api uuid_exists {anna}") == "true"


def test_a_limit_can_be_set_from_outside_and_taken_back(client, anna):
    assert client.ask("api sched_hangup +30 anna") == "+OK\n"
    assert client.ask("api sched_broadcast +30 anna tone_stream://%(9,0,9)") == "+OK\n"

    assert client.ask("api sched_del anna") == "+OK Deleted: 2\n"

    assert client.ask("api sched_hangup +0 anna NORMAL_CIRCUIT_CONGESTION") == "+OK\n"
    gone = client.wait("CHANNEL_HANGUP", anna)
    assert gone["Hangup-Cause"] == "NORMAL_CIRCUIT_CONGESTION"


def test_a_limit_may_hit_the_partner_instead(client, anna):
    bridged(client, anna)

    client.run(anna, "sched_hangup", "+0 USER_BUSY bleg")

    client.wait("CHANNEL_HANGUP_COMPLETE", "ben", Hangup_Cause="USER_BUSY")
    assert client.ask(f"api uuid_exists {anna}") == "true"


def test_a_leg_can_be_hung_up_by_message_and_by_application(client, anna):
    bridged(client, anna)

    client.ask("sendmsg ben\ncall-command: hangup\nhangup-cause: CALL_REJECTED")
    client.wait("CHANNEL_HANGUP", "ben", Hangup_Cause="CALL_REJECTED")

    client.run(anna, "hangup", "17")
    client.wait("CHANNEL_HANGUP", anna, Hangup_Cause="USER_BUSY")


def test_orders_without_end_are_refused(client, anna):
    client.run(anna, "sleep", "60000", event_lock="true")

    answers = {client.run(anna, "set", f"x={n}") for n in range(300)}

    assert answers == {"+OK", "-ERR memory error"}


def test_an_incoming_call_can_be_answered_and_bridged(client, switch, switchboard):
    leg = switch.incoming(ANNA, "+48221000000").uuid
    client.run(leg, "pre_answer")
    client.wait("CHANNEL_PROGRESS_MEDIA", leg)
    client.run(leg, "answer")
    client.wait("CHANNEL_ANSWER", leg)
    assert switchboard.handset(ANNA).state == "talking"

    bridged(client, leg)

    switchboard.handset(ANNA).hang_up()
    client.wait("CHANNEL_HANGUP_COMPLETE", "ben")


def test_a_caller_who_does_not_wait_is_known_by_the_cause(client, switch, switchboard):
    leg = switch.incoming(ANNA, "48221000000").uuid

    switchboard.handset(ANNA).hang_up()

    client.wait("CHANNEL_HANGUP_COMPLETE", leg, Hangup_Cause="ORIGINATOR_CANCEL")


def test_an_answered_leg_may_run_any_application_and_ends_after_it(client):
    client.ask(
        "bgapi originate [origination_uuid=anna]sofia/gateway/carrier/48600316058"
        " &playback(tone_stream://%(200,0,440)) XML default Anna 48221000000 9"
    )

    client.completes("anna", "playback")
    client.wait("CHANNEL_HANGUP", "anna", Hangup_Cause="NORMAL_CLEARING")


def test_originate_as_a_plain_command_answers_with_the_outcome(client):
    answer = client.ask(
        "api originate [origination_uuid=anna]sofia/gateway/carrier/48600316058 &park()"
    )

    assert answer == "+OK anna\n"


@pytest.mark.parametrize("arguments", ["", "sofia/gateway/carrier/123", "x &park()"])
def test_an_originate_that_cannot_be_understood_is_refused(client, arguments):
    assert client.ask(f"api originate {arguments}") == "-ERR DESTINATION_OUT_OF_ORDER\n"


def test_a_leg_that_hangs_up_at_once_after_answering_never_parks(client, switchboard):
    switchboard.handset(ANNA).behaviour = Behaviour(Kind.ANSWERS, after=0.01, talks=0)

    client.ask(
        "bgapi originate [origination_uuid=anna,execute_on_answer='sleep 200']"
        "sofia/gateway/carrier/48600316058 &park()"
    )
    job = client.wait("BACKGROUND_JOB")

    assert job["_body"] == "-ERR NORMAL_CLEARING\n"
    assert client.names("anna").count("CHANNEL_HANGUP_COMPLETE") == 1


def _tones(subscription) -> list[object]:
    events = iter(lambda: subscription.get(timeout=0), None)
    return [event["digits"] for event in events if event["event"] == "tones"]


@pytest.fixture
def busy(switchboard) -> None:
    switchboard.handset("48225550001").behaviour = Behaviour(Kind.BUSY, after=0)
