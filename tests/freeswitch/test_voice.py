"""What a telephone heard is what was sent, in every language."""

import pytest

from domain.languages import LANGUAGES
from esl_service.switch import dialstring
from esl_service.voice import Amount, Duration, Prompt, Voice
from tests.freeswitch.driving import Line
from tests.freeswitch.envelope import RATE, joined, signal_likeness, speech


@pytest.fixture
def anna(telephony, link) -> Line:
    return Line.open(telephony, link)


@pytest.mark.parametrize("language", LANGUAGES)
def test_her_balance_and_her_minutes_are_heard_as_they_were_sent(
    anna, sounds, language
):
    voice = Voice(sounds)
    clips = [
        *voice.sounds(language, Prompt.BALANCE, money=Amount(12_300_000, "USD")),
        *voice.sounds(language, Prompt.MAX_DURATION, duration=Duration(25 * 60)),
    ]

    played = anna.link.start(anna.uuid, "playback", dialstring.clips(clips))
    done = {"Application-UUID": played}
    end = anna.link.wait("CHANNEL_EXECUTE_COMPLETE", done, seconds=30)
    anna.link.hear(0.3)

    assert end["Application-Response"] == "FILE PLAYED"
    recording = anna.party.recording
    assert recording.rate == RATE
    heard, sent = speech(recording.samples), speech(joined(clips))
    assert len(heard) / RATE == pytest.approx(len(sent) / RATE, abs=0.060)
    assert signal_likeness(heard, sent) >= 0.95
