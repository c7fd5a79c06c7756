"""Faults chosen and accidents made by JSON."""

import pytest

from sandbox.faults import Faults


def test_nothing_goes_wrong_at_first(web):
    told = web.get("/faults").json

    assert told["late"] == {}
    assert not any(told.values())


def test_what_is_chosen_goes_wrong_and_nothing_else(web, door):
    web.put_json("/faults", {"slow": 1})
    told = web.put_json("/faults", {"late": {"BACKGROUND_JOB": 0.5}}).json

    assert told["late"] == {"BACKGROUND_JOB": 0.5}
    assert door.faults == Faults(late={"BACKGROUND_JOB": 0.5})


def test_a_fault_nobody_knows_is_a_bad_request(web):
    answer = web.put_json("/faults", {"fire": True}, status=400)

    assert "not fire" in answer.json["error"]


@pytest.mark.parametrize("accident", ["crash", "restart"])
def test_a_restart_begins_another_life(web, network, door, accident):
    life = door._switch.speaker.core_uuid

    web.post_json(f"/faults/{accident}", {"away": 0.5})

    assert door._switch.speaker.core_uuid != life


@pytest.mark.parametrize(
    "accident",
    [
        "cut",
        "cut_commands",
        "cut_events",
        "cut_in_frame",
        "leave_unanswered",
        "lose_events",
    ],
)
def test_each_accident_can_be_made(web, accident):
    assert web.post_json(f"/faults/{accident}", {}).json == {"happened": accident}


def test_an_accident_nobody_knows_is_a_bad_request(web):
    assert "cut_events" in web.post_json("/faults/fire", {}, status=400).json["error"]


@pytest.mark.parametrize("body", [{"away": -1}, {"away": True}, {"for": 1}])
def test_an_accident_takes_only_a_time(web, body):
    web.post_json("/faults/crash", body, status=400)
