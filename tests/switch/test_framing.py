"""Bytes become frames and events, whatever the network and the callers do."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esl_service.switch.framing import (
    BadFrame,
    Frame,
    Framer,
    _tolerantly,
    event_of,
)
from tests.sandbox.recording import SITUATIONS, read
from tests.switch.scripted import AUTH, api_response, json_event, reply

CONVERSATION = (
    AUTH
    + reply("+OK accepted")
    + json_event("CHANNEL_ANSWER", Unique_ID="a")
    + api_response("two\n\nparagraphs\n")
    + b"Content-Type: text/disconnect-notice\nContent-Length: 0\n\n"
    + api_response("")
)


def frames(*chunks: bytes) -> list[Frame]:
    framer = Framer()
    return [frame for chunk in chunks for frame in framer.feed(chunk)]


@given(st.lists(st.integers(0, len(CONVERSATION)), max_size=8))
def test_frames_are_the_same_wherever_the_network_cuts_them(cuts):
    edges = [0, *sorted(cuts), len(CONVERSATION)]
    chunks = [CONVERSATION[a:b] for a, b in pairwise(edges)]

    assert frames(*chunks) == frames(CONVERSATION)


def test_frames_are_the_same_byte_by_byte():
    kinds = [frame.kind for frame in frames(*(bytes([b]) for b in CONVERSATION))]

    assert kinds == [
        "auth/request",
        "command/reply",
        "text/event-json",
        "api/response",
        "text/disconnect-notice",
        "api/response",
    ]


@pytest.mark.parametrize("situation", SITUATIONS)
def test_everything_a_real_switch_said_is_read(situation):
    said = [frame.text for frame in read(situation) if not frame.by_client]

    heard = frames("".join(said).encode())

    assert len(heard) == len(said)
    assert [f.body.decode() for f in heard] == [t.partition("\n\n")[2] for t in said]
    events = [event_of(f.body) for f in heard if f.kind == "text/event-json"]
    assert all(event and event["Core-UUID"] for event in events)


def test_a_reply_says_its_text_and_an_api_response_its_body():
    said = [frame.text for frame in frames(reply("+OK"), api_response("true\n"))]

    assert said == ["+OK", "true"]


def test_a_body_may_end_with_line_breaks_of_its_own():
    answer, greeting = frames(api_response("x\n\n") + AUTH)

    assert (answer.text, greeting.kind) == ("x", "auth/request")


def test_a_reply_is_not_decoded_so_no_value_can_forge_a_header():
    (frame,) = frames(reply("+OK%0AUnique-ID: forged"))

    assert frame.text == "+OK%0AUnique-ID: forged"
    assert "Unique-ID" not in frame.headers


def test_bytes_that_are_no_utf8_harm_nobody_else():
    name = b'{"Event-Name":"CHANNEL_PARK","Caller-Caller-ID-Name":"J\xe9r\xf4me"}'
    chunks = (json_event(body=name), reply("+OK \xff"), AUTH)

    event, answer, last = frames(*chunks)

    assert event_of(event.body)["Event-Name"] == "CHANNEL_PARK"
    assert answer.text.startswith("+OK")
    assert last.kind == "auth/request"


def test_a_caller_named_like_a_header_stays_a_caller():
    (frame,) = frames(
        json_event("CHANNEL_PARK", Unique_ID="a", Name="Eve%0AUnique-ID: forged\n")
    )

    assert event_of(frame.body)["Unique-ID"] == "a"


def test_a_header_that_came_several_times_is_one_text():
    event = event_of(b'{"variable_x": ["a", "b"], "Event-Sequence": 7}')

    assert event == {"variable_x": "ARRAY::a|:b", "Event-Sequence": "7"}


def test_an_event_may_have_no_name():
    assert event_of(b'{"digits": "##"}') == {"digits": "##"}


@given(
    st.dictionaries(
        st.text(max_size=8), st.one_of(st.text(), st.integers(), st.lists(st.text()))
    )
)
def test_an_event_is_the_same_however_it_is_read(headers):
    body = json.dumps(headers, ensure_ascii=False).encode("utf-8", "surrogatepass")

    assert event_of(body) == _tolerantly(body)


def test_a_control_character_in_a_header_harms_nobody():
    assert event_of(b'{"Event-Name": "X", "Name": "a\nb"}')["Name"] == "a\nb"


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b"\xff"])
def test_what_is_no_json_object_is_no_event(body):
    assert event_of(body) is None


@pytest.mark.parametrize(
    ("sent", "complaint"),
    [
        (b"Reply-Text: +OK\n\n", "without Content-Type"),
        (b"no header at all\n\n", "without Content-Type"),
        (b"Content-Type: x\nContent-Length: -1\n\n", "'-1'"),
        (b"Content-Type: x\nContent-Length: 5 \xd9\xa3\n\n", "Content-Length"),
        (b"Content-Type: x\nContent-Length: 99999999\n\n", "'99999999'"),
        (b"Content-Type: x\nContent-Length: " + b"9" * 5000 + b"\n\n", "9999"),
        (b"x" * 70_000, "longer than"),
        (b"Content-Type: " + b"x" * 70_000 + b"\n\n", "longer than"),
    ],
)
def test_nonsense_is_named(sent, complaint):
    with pytest.raises(BadFrame, match=complaint):
        frames(sent)


def test_it_is_known_when_a_frame_has_begun_and_not_ended():
    framer = Framer()
    assert not framer.unfinished

    list(framer.feed(b"Content-Type: x\nContent-Length: 5\n\nhal"))
    assert framer.unfinished

    list(framer.feed(b"f!"))
    assert not framer.unfinished
