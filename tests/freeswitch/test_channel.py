"""The service's own channel on a real switch, where it must break something off."""

import gevent
import pytest

from esl_service.channel import MediaFault
from esl_service.switch.pair import SwitchAddress
from esl_service.switch.switch import Switch
from tests.freeswitch.driving import ANNA, dial
from tests.freeswitch.test_prompts import HIGH, LOW, clip
from tests.switch.scripted import is_ready


@pytest.fixture
def switch(telephony):
    address = SwitchAddress(
        telephony.switch.host, telephony.switch.port, telephony.switch.password
    )
    switch = Switch(address, on_orphan=lambda _goodbye: None)
    switch.start()
    assert is_ready(switch, 10)
    yield switch
    switch.stop()


def test_a_question_that_does_not_end_is_broken_off_and_the_next_is_heard(
    telephony, link, switch, tmp_path
):
    anna = telephony.caller(ANNA)
    rung = gevent.spawn(switch.ring, dial(ANNA))
    gevent.sleep(0.5)
    anna.wait_ringing()
    anna.answer()
    channel = rung.get(timeout=10)
    channel._prompt_seconds = -8  # as if the switch had forgotten the question

    with pytest.raises(MediaFault, match="did not end"):
        channel.read([clip(tmp_path / "a.wav", LOW)], longest=1, patience=9, pause=1)
    channel._prompt_seconds = 30
    channel.play([clip(tmp_path / "b.wav", HIGH)])

    assert anna.recording.seconds_of(HIGH) >= 0.4
