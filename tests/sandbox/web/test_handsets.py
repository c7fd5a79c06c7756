"""A handset in JSON: looked at, answered, keyed, told how to behave."""

import gevent
import pytest

ANNA = "+48600316058"
BEN = "+48774417880"
ACCESS = "+48221234567"


def test_a_handset_nobody_named_before_is_idle_and_decides_by_hand(web):
    handset = web.get(f"/handsets/{ANNA}").json

    assert handset == {
        "number": ANNA,
        "state": "idle",
        "behaviour": {"kind": "manual", "after": 1.0, "talks": None},
        "caller_id": "",
        "heard": [],
        "sms": [],
    }


@pytest.mark.parametrize("written", ["48600316058", "%2B48600316058"])
def test_a_number_means_the_same_with_and_without_its_plus(web, written):
    assert web.get(f"/handsets/{written}").json["number"] == ANNA


def test_all_handsets_are_listed_in_the_order_they_were_named(web):
    web.get(f"/handsets/{BEN}")
    web.get(f"/handsets/{ANNA}")

    handsets = web.get("/handsets").json["handsets"]

    assert [handset["number"] for handset in handsets] == [BEN, ANNA]


def test_anna_answers_listens_keys_and_hangs_up(web, network, ring):
    line = ring(ANNA)
    ringing = web.get(f"/handsets/{ANNA}").json

    talking = web.post(f"/handsets/{ANNA}/answer").json
    network.handset(ANNA).hear(line, "Enter the number.")
    listening = web.post_json(f"/handsets/{ANNA}/keys", {"digits": "12#"}).json
    idle = web.post(f"/handsets/{ANNA}/hangup").json

    assert (ringing["state"], ringing["caller_id"]) == ("ringing", ACCESS)
    assert talking["state"] == "talking"
    assert listening["heard"] == ["Enter the number."]
    assert idle["state"] == "idle"
    assert line.told == ["ringing", "answered", "12#", "hung up"]


def test_anna_refuses_a_call_by_hanging_up_while_it_rings(web, ring):
    line = ring(ANNA)

    web.post(f"/handsets/{ANNA}/hangup")

    assert line.told == ["ringing", "CALL_REJECTED"]


@pytest.mark.parametrize("act", ["answer", "hangup", "keys"])
def test_an_idle_handset_says_why_it_cannot(web, act):
    refused = web.post_json(f"/handsets/{ANNA}/{act}", {"digits": "1"}, status=409)

    assert ANNA in refused.json["error"]


def test_a_letter_is_no_key(web, ring):
    ring(ANNA)
    web.post(f"/handsets/{ANNA}/answer")

    refused = web.post_json(f"/handsets/{ANNA}/keys", {"digits": "1a"}, status=400)

    assert "1a" in refused.json["error"]


def test_ben_is_told_to_be_busy_and_is(web, ring):
    told = web.put_json(f"/handsets/{BEN}/behaviour", {"kind": "busy", "after": 0}).json

    line = ring(BEN)
    gevent.sleep(0.01)

    assert told["behaviour"] == {"kind": "busy", "after": 0.0, "talks": None}
    assert line.told == ["USER_BUSY"]


@pytest.mark.parametrize(
    ("behaviour", "named"),
    [
        ({"kind": "asleep"}, "asleep"),
        ({}, "kind"),
        ({"kind": "answers", "after": "soon"}, "after"),
        ({"kind": "answers", "talks": -1}, "talks"),
        ({"kind": "answers", "sings": 1}, "sings"),
    ],
)
def test_a_behaviour_nobody_can_have_is_refused_by_name(web, behaviour, named):
    refused = web.put_json(f"/handsets/{BEN}/behaviour", behaviour, status=400)

    assert named in refused.json["error"]
    assert web.get(f"/handsets/{BEN}").json["behaviour"]["kind"] == "manual"
