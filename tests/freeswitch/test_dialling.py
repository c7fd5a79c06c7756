"""Ringing people through the gateway, and being rung."""

from dataclasses import replace

import pytest

from tests.freeswitch.driving import (
    ANNA,
    OUR_NUMBER,
    Line,
    dial,
    end_of,
    is_up,
    ring,
)

REFUSALS = [
    ("48225550001", "USER_BUSY", "486"),
    ("48225550003", "NORMAL_TEMPORARY_FAILURE", "503"),
    ("48225550004", "UNALLOCATED_NUMBER", "404"),
]


def test_she_answers_and_waits_parked_under_the_uuid_we_chose(telephony, link):
    anna, leg = telephony.caller(ANNA), dial(ANNA)

    job = ring(link, leg)
    rung = anna.wait_ringing()
    anna.answer()

    assert link.wait("CHANNEL_PARK", {"Unique-ID": leg.uuid})
    done = link.wait("BACKGROUND_JOB", {"Job-UUID": job})
    assert done["_body"] == f"+OK {leg.uuid}\n"
    assert rung["variable_sip_from_user"] == OUR_NUMBER


@pytest.mark.parametrize(("number", "cause", "status"), REFUSALS)
def test_a_call_that_fails_says_why(link, number, cause, status):
    leg = dial(number)

    job = ring(link, leg)

    end = end_of(link, leg.uuid)
    assert (end["Hangup-Cause"], end["variable_sip_term_status"]) == (cause, status)
    assert end["variable_billusec"] == "0"
    done = link.wait("BACKGROUND_JOB", {"Job-UUID": job})
    assert done["_body"] == f"-ERR {cause}\n"


def test_who_does_not_answer_is_rung_no_longer_than_we_say(telephony, link):
    nobody, leg = telephony.caller("48225550002"), dial("48225550002", rings=1)

    ring(link, leg)
    nobody.wait_ringing()

    assert end_of(link, leg.uuid, seconds=3)["Hangup-Cause"] == "ALLOTTED_TIMEOUT"
    assert nobody.wait_gone() == "ORIGINATOR_CANCEL"


def test_a_call_ordered_twice_under_one_uuid_rings_once(telephony, link):
    line = Line.open(telephony, link)

    job = ring(link, replace(dial(ANNA), uuid=line.uuid))

    done = link.wait("BACKGROUND_JOB", {"Job-UUID": job})
    assert done["_body"] == "-ERR DESTINATION_OUT_OF_ORDER\n"
    assert line.party.is_on_the_line


def test_a_gateway_that_does_not_exist_is_named_as_the_cause(link):
    job = link.command("bgapi originate sofia/gateway/nobody/48600316058 &park()")

    done = link.wait("BACKGROUND_JOB", {"Job-UUID": job.rpartition(" ")[2]})
    assert done["_body"] == "-ERR INVALID_GATEWAY\n"


def test_she_rings_us_and_waits_unanswered_until_we_decide(telephony, link):
    anna = telephony.calling_in(ANNA, OUR_NUMBER)

    parked = link.wait("CHANNEL_PARK", {"Caller-Destination-Number": OUR_NUMBER})
    assert parked["Caller-Caller-ID-Number"] == ANNA
    assert parked["Answer-State"] == "ringing"

    link.execute(parked["Unique-ID"], "answer")
    anna.wait_answered()
    assert is_up(link, parked["Unique-ID"])


def test_when_she_hangs_up_we_learn_how_long_she_was_on_the_line(telephony, link):
    line = Line.open(telephony, link)
    link.hear(0.5)

    line.party.hang_up()

    end = end_of(link, line.uuid)
    assert end["Hangup-Cause"] == "NORMAL_CLEARING"
    assert 400_000 < int(end["variable_billusec"]) < 3_000_000
