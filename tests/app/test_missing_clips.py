"""A clip that is not there while somebody is on the line."""

import json
import shutil
import wave

import pytest

from domain.languages import LANGUAGES
from sandbox.handset import State
from tests.app.exchange import Exchange
from tests.people import ANNA, OFFICE
from tests.switch.scripted import wait_until

SOUND = bytes(320)


@pytest.fixture
def clips(words, tmp_path):
    """Every clip of every language, each as short as a packet."""
    folder = tmp_path / "clips"
    for language in LANGUAGES:
        shutil.copytree(words / language, folder / language)
        names = json.loads((words / language / "words.json").read_text("utf-8"))
        for name in names:
            with wave.open(str(folder / language / f"{name}.wav"), "wb") as clip:
                clip.setparams((1, 2, 8000, 0, "NONE", ""))
                clip.writeframes(SOUND)
        size = (folder / language / "pause.wav").stat().st_size
        noted = {name: {"bytes": size} for name in names}
        (folder / language / "manifest.json").write_text(json.dumps(noted))
    return folder


@pytest.fixture
def exchange(town, section, clips):
    exchange = Exchange(town, {**section, "sounds.folder": str(clips)})
    exchange.open()
    yield exchange
    exchange.close()


@pytest.mark.parametrize("damage", ["missing", "cut short"])
def test_she_hears_that_sentence_in_english_and_the_call_goes_on(
    exchange, town, clips, damage, caplog
):
    anna = town.welcome(confirms_leg_a=False, language="vi")
    telephone, office = exchange.person(ANNA), exchange.person(OFFICE)
    clip = clips / "vi/balance.wav"
    clip.unlink() if damage == "missing" else clip.write_bytes(b"RIFF")

    exchange.ask(anna)
    wait_until(lambda: office.state is State.TALKING)
    wait_until(lambda: all(leg.answered_at for leg in exchange.legs()))

    assert telephone.heard[0].startswith("Your balance is ten dollars")
    assert "clips cannot be played: vi/balance" in caplog.messages
    telephone.hang_up()
    wait_until(lambda: town.holds() == 0)
    assert [leg.cause for leg in exchange.legs()] == ["NORMAL_CLEARING"] * 2
