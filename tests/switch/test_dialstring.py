"""Dial strings hold what we mean, and nothing that somebody else wrote."""

import re
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esl_service.channel import TONE, Dial
from esl_service.switch import dialstring
from sandbox.switch import dialstring as understood

DIAL = Dial(
    uuid="2d06fb34-27f7-4a59-81c3-bcd991d532f8",
    number="+48225559999",
    gateway="carrier",
    caller_id="48221000000",
    ring_seconds=30,
    stop_seconds=3600,
    tag="cb:1:B",
)
HOSTILE = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "${system(touch /tmp/x)}",
            "48225559999\n\napi shutdown",
            "48225559999\r",
            "+48225559999\n",
            "+4822555|sofia/gateway/dear/882",
            "+4822,error/user_busy",
            "+٤٨٢٢٥٥٥",  # digits, but not FreeSWITCH's
            "+48 22 555",
            "a]b",
            "a'b",
            "a}b",
            "",
        ]
    ),
)
FIELDS = ("uuid", "number", "gateway", "caller_id", "tag")


def shape(text: str) -> str:
    """The text without the letters and digits that a good value consists of."""
    return re.sub(r"[A-Za-z0-9_.:-]+", "x", text)


def test_leg_a_is_rung_with_its_stop_and_parked():
    command = understood.parse_originate(dialstring.originate(DIAL))
    (leg,) = command.dial.attempts

    assert (command.application, leg.gateway, leg.number) == (
        "park",
        "carrier",
        "48225559999",
    )
    assert leg.variables == {
        "origination_uuid": DIAL.uuid,
        "presence_data": "cb:1:B",
        "leg_timeout": "30",
        "execute_on_answer": "sched_hangup +3599 ALLOTTED_TIMEOUT",
    }
    assert command.dial.variables["ignore_early_media"] == "true"
    assert command.dial.variables["origination_caller_id_number"] == "48221000000"


def test_leg_b_is_rung_with_its_own_caller_id_and_its_network_is_heard():
    assert dialstring.bridge(DIAL) == (
        "{ignore_early_media=false}"
        "[origination_uuid=2d06fb34-27f7-4a59-81c3-bcd991d532f8"
        ",presence_data=cb:1:B,leg_timeout=30"
        ",execute_on_answer='sched_hangup +3599 ALLOTTED_TIMEOUT'"
        ",origination_caller_id_number=48221000000]sofia/gateway/carrier/48225559999"
    )


@given(st.sampled_from(FIELDS), HOSTILE)
def test_no_text_can_change_what_a_dial_string_says(field, text):
    for make in (dialstring.originate, dialstring.bridge):
        with suppress(ValueError):
            made = make(replace(DIAL, **{field: text}))

            assert shape(made) == shape(make(DIAL))


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("text", ["${system(id)}", "48\n49", "", "a,b", "a b", "x]"])
def test_a_hostile_value_is_refused_by_name(field, text):
    for make in (dialstring.originate, dialstring.bridge):
        with pytest.raises(ValueError, match=re.escape(repr(text))):
            make(replace(DIAL, **{field: text}))


@pytest.mark.parametrize("field", ["ring_seconds", "stop_seconds"])
@pytest.mark.parametrize("value", [0, -1, 1.5, True, "3"])
def test_seconds_are_whole_numbers_from_one(field, value):
    with pytest.raises(ValueError, match=field):
        dialstring.originate(replace(DIAL, **{field: value}))


def test_every_drop_combination_kills_the_other_leg_alone():
    assert dialstring.drop_bindings(["##", "#1#"], "b-leg") == [
        ("bind_digit_action", "talk,##,api:uuid_kill,b-leg NORMAL_CLEARING"),
        ("bind_digit_action", "talk,#1#,api:uuid_kill,b-leg NORMAL_CLEARING"),
        ("digit_action_set_realm", "talk"),
    ]


def test_without_combinations_no_key_is_touched():
    assert dialstring.drop_bindings([], "b-leg") == []


@pytest.mark.parametrize("keys", ["", "~^.*$", "#,exec:hangup", "A", "#\n"])
def test_a_combination_is_made_of_keys(keys):
    with pytest.raises(ValueError, match="keys"):
        dialstring.drop_bindings([keys], "b-leg")


@given(st.lists(HOSTILE, min_size=1, max_size=3))
def test_no_path_of_a_clip_can_be_anything_else(paths):
    with suppress(ValueError):
        played = dialstring.clips(paths)

        assert re.fullmatch(r"(file_string://)?[A-Za-z0-9_./@+!-]+", played)


def test_a_clip_has_an_absolute_path():
    for path in ("say.wav", "tone_stream://%(1,2,3)", "/a b.wav", "/a!b", "/${x}"):
        with pytest.raises(ValueError, match="clip"):
            dialstring.clips([path])
    with pytest.raises(ValueError, match="no clip"):
        dialstring.clips([])


def test_an_entry_is_asked_for_once_with_both_waits_in_milliseconds():
    asked = dialstring.entry(
        ["/s/number.wav"], longest=18, patience=6, pause=2.5, into="keyed"
    )

    assert asked == "1 18 1 6000 #+* /s/number.wav silence_stream://1 keyed .* 2500"


def test_where_one_key_is_wanted_a_star_is_a_key_like_any_other():
    asked = dialstring.entry([TONE], longest=1, patience=6, pause=2, into="keyed")

    beeps = "tone_stream://%(150,100,950);loops=2"
    assert asked == f"1 1 1 6000 # {beeps} silence_stream://1 keyed .* 2000"


@pytest.mark.parametrize(
    ("longest", "patience", "pause", "named"),
    [
        (0, 5, 2, "longest"),
        (128, 5, 2, "longest"),
        (1, -1, 2, "-1"),
        (1, 5, 1e9, "10000"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(longest, patience, pause, named):
    with pytest.raises(ValueError, match=named):
        dialstring.entry(
            [], longest=longest, patience=patience, pause=pause, into="keyed"
        )


def test_no_pause_at_all_is_not_taken_for_the_patience():
    asked = dialstring.entry([], longest=1, patience=5, pause=0, into="keyed")

    assert asked.endswith(" 1")


def test_a_cause_is_a_name():
    assert dialstring.cause("USER_BUSY") == "USER_BUSY"
    with pytest.raises(ValueError, match="cause"):
        dialstring.cause("X Y")
