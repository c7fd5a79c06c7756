"""What a telephone heard is what was sent, in every language."""

import pytest

from domain.languages import LANGUAGES
from esl_service.switch import dialstring
from esl_service.voice import Amount, Duration, Prompt, Voice
from tests.freeswitch.driving import Line
from tests.freeswitch.signals import RATE, joined, signal_likeness, speech


def heard(line: Line, clips: list[str]):
    """The speech that reached the telephone of a call that plays these clips."""
    played = line.link.start(line.uuid, "playback", dialstring.clips(clips))
    done = {"Application-UUID": played}
    end = line.link.wait("CHANNEL_EXECUTE_COMPLETE", done, seconds=30)
    assert end["Application-Response"] == "FILE PLAYED"
    line.link.hear(0.3)
    recording = line.party.recording
    assert recording.rate == RATE
    line.party.hang_up()
    return speech(recording.samples)


@pytest.mark.parametrize("language", LANGUAGES)
def test_her_balance_and_her_minutes_are_heard_as_they_were_sent(
    telephony, link, sounds, language
):
    voice = Voice(sounds)
    clips = [
        *voice.sounds(language, Prompt.BALANCE, money=Amount(12_300_000, "USD")),
        *voice.sounds(language, Prompt.MAX_DURATION, duration=Duration(25 * 60)),
    ]
    sent = speech(joined(clips))

    samples = heard(Line.open(telephony, link), clips)

    assert abs(len(samples) - len(sent)) <= 0.060 * RATE
    assert signal_likeness(samples, sent) >= 0.95
