"""What a script may rely on, of the real channel and of its double alike."""

from datetime import timedelta

import pytest

from esl_service.channel import TONE, HungUp, MediaFault
from tests.contract.lines import KINDS, InMemory, OnTheSandbox
from tests.switch.stage import BORIS, dial, recorded


@pytest.fixture(params=[InMemory, OnTheSandbox])
def line(request, tmp_path):
    line = request.param(recorded(tmp_path / "welcome.wav"))
    yield line
    line.close()


def join(line, *, wanted=None, seconds=60, answers=None):
    def answered(_at) -> int:
        if answers is not None:
            answers.append(True)
        return seconds

    return line.channel.bridge(
        wanted or dial(BORIS, ring_seconds=1),
        drop_keys=("##", "#1#"),
        answered=answered,
    )


def is_still_there(line) -> bool:
    before = len(line.heard)
    line.channel.play([line.clip])
    return len(line.heard) == before + 1


def test_she_hears_the_clips_of_a_prompt_together(line):
    line.channel.play([line.clip, line.clip])
    line.channel.play([])

    assert line.heard == ["welcome welcome"]


@pytest.mark.parametrize(
    ("keyed", "longest", "read"),
    [
        ("1", 1, "1"),
        ("12#", 18, "12"),
        ("#", 18, ""),
        ("*", 1, "*"),
        ("*", 18, "*"),
        ("12*", 18, "12*"),
        ("123", 3, "123"),
    ],
)
def test_her_keys_are_read_without_the_closing_hash(line, keyed, longest, read):
    line.anna_keys(keyed)

    got = line.channel.read([line.clip], longest=longest, patience=2, pause=1)

    assert got == read


def test_a_star_cuts_an_announcement_short(line):
    line.anna_cuts("welcome")

    assert line.channel.play([line.clip])
    assert not line.channel.play([line.clip])


def test_a_tone_needs_no_clip(line):
    line.channel.play([TONE])
    line.anna_keys("1")

    assert line.channel.read([TONE], longest=1, patience=2, pause=1) == "1"


def test_her_silence_is_read_as_nothing_and_she_stays(line):
    line.anna_keys("")

    assert line.channel.read([], longest=18, patience=1, pause=0.2) == ""
    assert is_still_there(line)


def test_a_clip_that_is_missing_is_a_fault_and_she_stays(line):
    with pytest.raises(MediaFault):
        line.channel.play(["/no/such/missing.wav"])
    with pytest.raises(MediaFault):
        line.channel.read(["/no/such/missing.wav"], longest=1, patience=1, pause=1)

    assert is_still_there(line)


def test_once_she_has_left_every_verb_says_so(line):
    line.anna_leaves_in_the_prompt()

    with pytest.raises(HungUp):
        line.channel.read([line.clip], longest=18, patience=5, pause=1)

    with pytest.raises(HungUp):
        line.channel.play([line.clip])
    with pytest.raises(HungUp):
        line.channel.play([])
    with pytest.raises(HungUp):
        line.channel.read([], longest=1, patience=1, pause=1)
    line.channel.hang_up()
    goodbye = line.channel.goodbye(2)
    assert (goodbye.uuid, goodbye.cause) == (line.channel.uuid, "NORMAL_CLEARING")
    assert goodbye.answered


def test_it_is_known_when_she_picked_up(line):
    answered_at = line.channel.answered_at

    line.channel.hang_up()

    goodbye = line.channel.goodbye(2)
    assert abs(answered_at - goodbye.answered_at) < timedelta(seconds=0.1)


def test_hanging_up_ends_her_leg_with_our_cause(line):
    line.channel.hang_up("CALL_REJECTED")
    line.channel.hang_up()

    with pytest.raises(HungUp):
        line.channel.play([line.clip])
    with pytest.raises(HungUp):
        join(line)
    assert not line.boris_was_rung
    assert line.channel.goodbye(2).cause == "CALL_REJECTED"


def test_boris_answers_talks_and_hangs_up_and_she_stays(line):
    line.boris_talks(0.1)
    wanted, answers = dial(BORIS), []

    goodbye = join(line, wanted=wanted, answers=answers)

    assert (goodbye.uuid, goodbye.cause) == (wanted.uuid, "NORMAL_CLEARING")
    assert goodbye.answered
    assert 50_000 < goodbye.answered_us < 600_000
    assert goodbye.answered_at < goodbye.ended_at
    assert answers == [True]
    assert is_still_there(line)


@pytest.mark.parametrize("cause", KINDS)
def test_why_boris_is_not_reached_is_told_and_she_stays(line, cause):
    line.boris_is_not_reached(cause)
    answers = []

    goodbye = join(line, answers=answers)

    assert (goodbye.cause, goodbye.answered_us) == (cause, 0)
    assert not goodbye.answered
    assert answers == []
    assert is_still_there(line)


@pytest.mark.parametrize("seconds", [1, 0, -3])
def test_boris_is_dropped_by_the_limit_and_she_stays(line, seconds):
    line.boris_talks(30)

    goodbye = join(line, seconds=seconds)

    assert goodbye.cause == "ALLOTTED_TIMEOUT"
    assert goodbye.answered
    assert goodbye.answered_us <= max(seconds, 0.5) * 1_000_000
    assert is_still_there(line)


def test_she_drops_boris_and_stays(line):
    line.boris_talks(30)
    line.anna_drops_boris()

    goodbye = join(line)

    assert (goodbye.cause, goodbye.answered) == ("NORMAL_CLEARING", True)
    assert goodbye.answered_us < 2_000_000
    assert is_still_there(line)


def test_she_leaves_while_they_talk_and_his_end_is_told_to_the_watch(line):
    line.boris_talks(30)
    line.anna_leaves_while_talking()
    wanted = dial(BORIS)

    with pytest.raises(HungUp):
        join(line, wanted=wanted)

    assert line.channel.goodbye(2).answered
    (his,) = line.orphans
    assert (his.uuid, his.answered) == (wanted.uuid, True)


def test_she_leaves_while_he_rings_and_his_end_is_told_to_the_watch(line):
    line.anna_leaves_while_ringing()
    wanted = dial(BORIS)

    with pytest.raises(HungUp):
        join(line, wanted=wanted)

    (his,) = line.orphans
    assert (his.uuid, his.answered, his.answered_us) == (wanted.uuid, False, 0)


def test_if_she_had_left_he_is_not_rung_and_his_end_is_told_to_the_watch(line):
    line.anna_has_left()
    wanted = dial(BORIS)

    with pytest.raises(HungUp):
        join(line, wanted=wanted)

    assert not line.boris_was_rung
    (his,) = line.orphans
    assert (his.uuid, his.cause) == (wanted.uuid, "ORIGINATOR_CANCEL")
    assert not his.answered


def test_a_script_that_fails_when_he_answers_ends_him_and_she_stays(line):
    line.boris_talks(30)
    wanted = dial(BORIS)

    def fail(_at) -> int:
        raise KeyError("no such rate")

    with pytest.raises(KeyError):
        line.channel.bridge(wanted, drop_keys=(), answered=fail)

    assert is_still_there(line)
    (his,) = line.orphans
    assert (his.uuid, his.answered) == (wanted.uuid, True)


# She rings us.


def test_she_is_answered_and_is_then_as_one_whom_we_rang(line):
    line.anna_rings_us()
    assert not line.anna_is_answered

    line.channel.stop_after(60)
    line.channel.answer()

    assert line.anna_is_answered
    assert is_still_there(line)
    line.boris_talks(0.1)
    assert join(line).answered
    assert is_still_there(line)
    line.channel.hang_up()
    assert line.channel.goodbye(2).answered


def test_answering_again_changes_nothing(line):
    line.channel.answer()

    assert is_still_there(line)


def test_she_is_rejected_and_has_paid_nothing(line):
    line.anna_rings_us()

    line.channel.hang_up("USER_BUSY")

    goodbye = line.channel.goodbye(2)
    assert (goodbye.cause, goodbye.answered_us) == ("USER_BUSY", 0)
    assert not goodbye.answered
    for verb in (line.channel.answer, lambda: line.channel.stop_after(5)):
        with pytest.raises(HungUp):
            verb()


def test_she_has_gone_before_she_is_answered(line):
    line.anna_rings_us()
    line.anna_has_left()

    for verb in (line.channel.answer, lambda: line.channel.stop_after(5)):
        with pytest.raises(HungUp):
            verb()

    assert not line.channel.goodbye(2).answered


def test_secret_keys_are_read_like_any_others(line):
    line.anna_keys("480519#")

    assert (
        line.channel.read([line.clip], longest=12, patience=2, pause=1, secret=True)
        == "480519"
    )
    assert is_still_there(line)


def rejoin(line, wanted, *, seconds=60, answers=None):
    """Take up what another life of the service has begun."""

    def answered(at) -> int:
        if answers is not None:
            answers.append(at)
        return seconds

    return line.channel.rejoin(wanted, answered=answered)


def test_a_new_service_stays_with_boris_who_talks_until_he_hangs_up(line):
    line.boris_talks(1.5)
    wanted, answers = dial(BORIS), []
    line.boris_was_joined_before(wanted)

    goodbye = rejoin(line, wanted, answers=answers)

    assert (goodbye.uuid, goodbye.cause) == (wanted.uuid, "NORMAL_CLEARING")
    assert goodbye.answered_us > 1_000_000
    assert len(answers) == 1
    assert answers[0] < goodbye.ended_at
    assert is_still_there(line)


def test_a_new_service_is_told_when_boris_who_rings_answers(line):
    line.boris_talks(0.3)
    wanted, answers = dial(BORIS), []
    line.boris_was_rung_before(wanted)

    goodbye = rejoin(line, wanted, answers=answers)

    assert len(answers) == 1
    assert abs(answers[0] - goodbye.answered_at) < timedelta(seconds=0.1)
    assert is_still_there(line)


def test_a_new_service_moves_the_stop_of_boris(line):
    line.boris_talks(30)
    wanted = dial(BORIS)
    line.boris_was_joined_before(wanted)

    goodbye = rejoin(line, wanted, seconds=1)

    assert goodbye.cause == "ALLOTTED_TIMEOUT"
    assert is_still_there(line)


def test_boris_who_was_never_rung_was_called_off(line):
    wanted = dial(BORIS)
    line.boris_was_never_rung(wanted)

    goodbye = rejoin(line, wanted)

    assert goodbye.called_off
    assert not line.boris_was_rung
    assert is_still_there(line)


def test_of_boris_who_ended_long_before_nothing_is_known(line):
    wanted = dial(BORIS)
    line.boris_was_and_is_gone(wanted)

    assert rejoin(line, wanted) is None
    assert is_still_there(line)


def test_a_new_service_breaks_off_what_she_hears_and_asks_her(line):
    line.anna_hears_something_long()

    line.channel.hush()
    line.anna_keys("12#")

    assert line.channel.read([line.clip], longest=18, patience=2, pause=1) == "12"


def test_she_is_asked_however_often_the_service_is_a_new_one(line):
    for _ in range(3):
        line.anna_hears_something_long()
        line.channel.hush()
    line.anna_keys("12#")

    assert line.channel.read([line.clip], longest=18, patience=2, pause=1) == "12"


def test_a_new_service_takes_her_keys_for_prompts_after_boris(line):
    line.boris_talks(0.3)
    wanted = dial(BORIS)
    line.boris_was_joined_before(wanted)
    rejoin(line, wanted)

    line.anna_keys("##")

    assert line.channel.read([line.clip], longest=18, patience=2, pause=1) == ""


def test_if_she_has_left_a_new_service_learns_it(line):
    line.anna_has_left()

    with pytest.raises(HungUp):
        rejoin(line, dial(BORIS))
    with pytest.raises(HungUp):
        line.channel.hush()
