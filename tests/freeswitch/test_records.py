"""The record of every leg, left on disk by the switch itself."""

import json
import time
from pathlib import Path

from tests.freeswitch.driving import BORIS, Line, dial, end_of


def record(path: Path) -> dict:
    """The record at this path, once the switch has written it."""
    deadline = time.monotonic() + 3
    while time.monotonic() < deadline:
        if path.exists() and (text := path.read_text()).rstrip().endswith("}"):
            return json.loads(text)
        time.sleep(0.02)
    raise AssertionError(f"no {path.name} among {list(path.parent.iterdir())}")


def test_a_call_leaves_a_record_of_each_leg(telephony, link):
    anna, leg = Line.open(telephony, link), dial(BORIS, tag="cb:1:B")
    anna.talk_to(leg)
    link.hear(0.5)

    anna.party.hang_up()

    hers = record(telephony.switch.cdr_folder / f"a_{anna.uuid}.cdr.json")["variables"]
    his = record(telephony.switch.cdr_folder / f"{leg.uuid}.cdr.json")["variables"]
    assert (hers["presence_data"], his["presence_data"]) == ("cb:1:A", "cb:1:B")
    assert int(hers["billusec"]) > int(his["billusec"]) > 400_000
    assert his["billusec"] == end_of(link, leg.uuid)["variable_billusec"]


def test_a_record_holds_values_as_they_are(telephony, link):
    line = Line.open(telephony, link)

    line.party.hang_up()

    kept = record(telephony.switch.cdr_folder / f"a_{line.uuid}.cdr.json")
    assert kept["variables"]["execute_on_answer"] == (
        "sched_hangup +599 ALLOTTED_TIMEOUT"
    )
    assert kept["core-uuid"] == link.api("global_getvar core_uuid")


def test_a_call_that_nobody_answered_is_on_record_too(telephony, link):
    leg = dial("48225550001")

    link.command(
        f"bgapi originate [origination_uuid={leg.uuid}]"
        f"sofia/gateway/carrier/48225550001 &park()"
    )

    kept = record(telephony.switch.cdr_folder / f"a_{leg.uuid}.cdr.json")
    assert kept["variables"]["hangup_cause"] == "USER_BUSY"
    assert kept["variables"]["billusec"] == "0"
