"""Two people joined by the switch, and the ways in which they part."""

import pytest

from tests.freeswitch.driving import ANNA, BORIS, Line, dial, end_of, is_up
from tests.freeswitch.event_socket import Unheard
from tests.freeswitch.test_dialling import REFUSALS


@pytest.fixture
def anna(telephony, link) -> Line:
    """She has answered, and waits for us."""
    return Line.open(telephony, link, ANNA)


def test_each_hears_what_the_other_says(anna):
    boris = anna.talk_to(dial(BORIS, tag="cb:1:B"))

    anna.party.talk(440)
    boris.talk(700)
    anna.link.hear(1)

    assert anna.party.recording.seconds_of(700) > 0.5
    assert boris.recording.seconds_of(440) > 0.5


def test_she_hears_ringing_while_his_telephone_rings(anna):
    boris = anna.telephony.caller(BORIS)

    bridge = anna.bridge(dial(BORIS, rings=2))
    boris.wait_ringing()
    anna.link.wait("CHANNEL_EXECUTE_COMPLETE", {"Application-UUID": bridge})

    assert anna.party.recording.seconds_of(425) > 0.5


@pytest.mark.parametrize("keys", ["##", "#1#"])
def test_the_drop_keys_drop_him_within_a_second_and_she_stays(anna, keys):
    leg = dial(BORIS)
    boris = anna.talk_to(leg, "##", "#1#")

    anna.party.press(keys)

    assert boris.wait_gone(seconds=1) == "NORMAL_CLEARING"
    assert end_of(anna.link, leg.uuid)["Hangup-Cause"] == "NORMAL_CLEARING"
    assert is_up(anna.link, anna.uuid)
    assert boris.keys_heard == ""


def test_the_drop_keys_stop_his_telephone_ringing_and_she_stays(anna):
    leg = dial(BORIS)
    boris = anna.telephony.caller(BORIS)
    bridge = anna.bridge(leg, "##")
    boris.wait_ringing()

    anna.party.press("##")

    assert boris.wait_gone(seconds=1) == "ORIGINATOR_CANCEL"
    anna.link.wait("CHANNEL_EXECUTE_COMPLETE", {"Application-UUID": bridge})
    assert is_up(anna.link, anna.uuid)


def test_her_other_keys_reach_him_and_a_lone_hash_after_a_pause(anna):
    boris = anna.talk_to(dial(BORIS), "##", "#1#")

    anna.party.press("42#")
    anna.link.hear(1.2)

    assert boris.keys_heard == "42#"


def test_at_the_limit_the_switch_drops_him_alone(anna):
    leg = dial(BORIS, stop=3)
    boris = anna.talk_to(leg)

    end = end_of(anna.link, leg.uuid)

    assert end["Hangup-Cause"] == "ALLOTTED_TIMEOUT"
    # The switch counts in whole seconds of its clock, and we ask for one less.
    assert 900_000 < int(end["variable_billusec"]) < 3_000_000
    boris.wait_gone(seconds=1)
    assert anna.party.is_on_the_line


def test_he_hangs_up_and_she_stays_to_ring_somebody_else(anna):
    leg = dial(BORIS)
    anna.talk_to(leg).hang_up()
    end_of(anna.link, leg.uuid)

    clara = anna.talk_to(dial("442071234567"))
    clara.talk(700)
    anna.link.hear(0.8)

    assert anna.party.recording.seconds_of(700) > 0.3


def test_she_hangs_up_and_he_is_released(anna):
    leg = dial(BORIS)
    boris = anna.talk_to(leg)

    anna.party.hang_up()

    assert boris.wait_gone() == "NORMAL_CLEARING"
    assert end_of(anna.link, leg.uuid)["Hangup-Cause"] == "NORMAL_CLEARING"
    end_of(anna.link, anna.uuid)


@pytest.mark.parametrize(("number", "cause", "status"), REFUSALS)
def test_he_cannot_be_reached_and_she_stays(anna, number, cause, status):
    leg = dial(number)

    bridge = anna.bridge(leg)

    end = end_of(anna.link, leg.uuid)
    assert (end["Hangup-Cause"], end["variable_sip_term_status"]) == (cause, status)
    anna.link.wait("CHANNEL_EXECUTE_COMPLETE", {"Application-UUID": bridge})
    assert is_up(anna.link, anna.uuid)


def test_his_telephone_is_silent_and_still_he_is_dropped_at_once(anna):
    silent = anna.telephony.caller("48600177001")
    leg = dial("48600177001")
    anna.bridge(leg, "##")
    silent.wait_ringing()
    anna.link.wait("CHANNEL_BRIDGE", {"Bridge-B-Unique-ID": leg.uuid})

    anna.party.press("##")

    assert silent.wait_gone(seconds=1) == "NORMAL_CLEARING"


def test_nobody_can_transfer_a_call_out_of_our_hands(anna):
    boris = anna.talk_to(dial(BORIS))
    accomplice = anna.telephony.caller("48900000000")
    network = anna.telephony.network

    boris.transfer_to(f"sip:{accomplice.number}@{network.host}:{network.ports.sip}")

    with pytest.raises(Unheard):
        accomplice.wait_ringing(seconds=0.5)
    assert is_up(anna.link, anna.uuid)
