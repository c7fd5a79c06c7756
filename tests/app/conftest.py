"""The settings of a quick service, and one that works."""

import pytest

from sounds.build import build
from tests.app.exchange import Exchange
from tests.switch.stage import OURS


@pytest.fixture(scope="session")
def words(tmp_path_factory):
    """Prompts that a sandbox can speak, though nobody recorded them."""
    folder = tmp_path_factory.mktemp("sounds")
    build(folder, words_only=True)
    return folder


@pytest.fixture
def section(database, words) -> dict[str, str]:
    """The section [esl_service] of a quick service; nobody is its switch yet."""
    return {
        "database.url": database,
        "sounds.folder": str(words),
        "switch.address": "127.0.0.1:9",
        "switch.heartbeat": "0.5",
        "gateway": "carrier",
        "caller_id": OURS,
        "prompt.patience": "1",
        "prompt.pause": "1",
        "poll": "0.02",
        "extend_every": "0.2",
    }


@pytest.fixture
def exchange(town, section):
    exchange = Exchange(town, section)
    exchange.open()
    yield exchange
    exchange.close()
