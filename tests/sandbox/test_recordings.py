"""Every recorded situation, replayed against the sandbox's switch and compared.

What may differ is named here: times, ports, tags and statistics, uuids that the
switch chose, and the orders which a real switch does not keep either.
"""

import json
import re

import gevent
import pytest

from tests.sandbox.recording import SITUATIONS, Event, Frame, events, replies
from tests.sandbox.replay import Replay, play, translate

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_BY_CHANCE = re.compile(
    "Event-(Date|Sequence)|Core-UUID|FreeSWITCH-|Time$|Content-Length"
    "|_(u?epoch|stamp)$|(sec|_ms|duration)$|sdp|playback_(last_offset|samples|sec)"
    "|_port$|_tag$|_(full|recover)_via$|_full_(from|to)$|sip_cseq|_call_id|_ssrc"
    "|_user_agent$|session_id|rtp_audio_(in|out)_"
)
# What another thread of a real switch may, or may not yet, have changed.
_RACED = {
    "CHANNEL_HANGUP_COMPLETE": {
        "Channel-Call-UUID",
        "variable_call_uuid",
        "variable_bridge_hangup_cause",
    },
    "CHANNEL_PROGRESS": {"Channel-State", "Channel-State-Number"},
}
# Told as soon as they are known, before or after what other legs go through.
_UNORDERED = {"CHANNEL_HANGUP_COMPLETE", "BACKGROUND_JOB"}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_each_leg_goes_through_the_same_events_in_the_same_order(situation, replays):
    then, now = _both(replays[situation])

    assert _by_leg(now) == _by_leg(then)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_events_of_different_legs_follow_each_other_as_recorded(situation, replays):
    then, now = _both(replays[situation])

    assert _ordered(now) == _ordered(then)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_event_carries_the_same_headers_with_the_same_values(situation, replays):
    then, now = _both(replays[situation])

    for recorded, ours in zip(_sorted(then), _sorted(now), strict=True):
        assert _headers(ours) == _headers(recorded)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_every_command_is_answered_with_the_same_text(situation, replays):
    replay = replays[situation]
    recorded = [_without_chance(text) for text in replies(replay.recorded)]

    ours = [_without_chance(text) for text in replies(replay.seen)]

    assert ours == recorded


def test_all_twenty_nine_situations_are_here():
    assert len(SITUATIONS) == 29


def _both(replay: Replay) -> tuple[list[Event], list[Event]]:
    """Both sides' events, with the uuids a switch chose made the same."""
    client = [translate(replay, f.text) for f in replay.recorded if f.by_client]
    chosen = set(_UUID.findall("".join(client)))

    def told(frames: list[Frame]) -> list[Event]:
        text = translate(replay, json.dumps(events(frames)))
        known = _UUID.sub(lambda u: u[0] if u[0] in chosen else "<uuid>", text)
        return json.loads(known)

    return told(replay.recorded), told(replay.seen)


def _name(event: Event) -> tuple[str, ...]:
    """What an event is about, in a few words."""
    keys = ("Event-Name", "Application", "Application-UUID", "Hangup-Cause", "_body")
    told = tuple(str(event.get(key, "")) for key in keys)
    return told[:-1] if event.get("Job-Command") == "status" else told


def _by_leg(told: list[Event]) -> dict[str, list[tuple[str, ...]]]:
    legs: dict[str, list[tuple[str, ...]]] = {}
    for event in told:
        leg = event.get("Unique-ID") or event.get("Job-UUID")
        legs.setdefault(leg, []).append(_name(event))
    return legs


def _ordered(told: list[Event]) -> list[tuple[str, ...]]:
    return [
        (event["Unique-ID"], *_name(event))
        for event in told
        if event["Event-Name"] not in _UNORDERED
    ]


def _sorted(told: list[Event]) -> list[Event]:
    """Events leg by leg; each leg's stay in order."""
    return sorted(told, key=lambda e: e.get("Unique-ID") or e.get("Job-UUID"))


def _headers(event: Event) -> dict[str, object]:
    status = event.get("Job-Command") == "status"
    raced = _RACED.get(event["Event-Name"], set())
    return {
        name: "by chance" if _BY_CHANCE.search(name) else value
        for name, value in event.items()
        if name not in raced and not (status and name == "_body")
    }


def _without_chance(text: str) -> str:
    """A reply without what no two switches would say alike."""
    body = text.partition("\n\n")[2]
    if body.startswith("{"):
        return json.dumps(_shape(json.loads(body)), sort_keys=True)
    if body.startswith("UP "):
        plural = re.sub(r"(year|day|hour|minute|second)s?\b", r"\1s", text)
        return re.sub(r"[\d.]+|\(Version [^)]*\)", "n", plural)
    return _UUID.sub("<uuid>", text)


def _shape(told: Event) -> object:
    """`show channels` and `uuid_dump`: their names, and what each leg is doing."""
    if "rows" not in told:
        return _headers(json.loads(_UUID.sub("<uuid>", json.dumps(told))))
    by_chance = ("created", "created_epoch", "hostname")
    return [
        {k: v for k, v in row.items() if k not in by_chance} for row in told["rows"]
    ]


@pytest.fixture(scope="module")
def replays() -> dict[str, Replay]:
    """Every situation, all replayed at once, each on a switch of its own."""
    jobs = {situation: gevent.spawn(play, situation) for situation in SITUATIONS}
    gevent.joinall(list(jobs.values()), raise_error=True)
    return {situation: job.get() for situation, job in jobs.items()}
