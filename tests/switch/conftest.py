"""A switch that says what a test tells it, and one in a sandbox."""

from collections.abc import Iterator

import pytest

from esl_service.switch.link import SwitchLink
from tests.switch.scripted import ScriptedSwitch, connected
from tests.switch.stage import Puppet, Stage, recorded


@pytest.fixture
def scripted() -> Iterator[ScriptedSwitch]:
    switch = ScriptedSwitch()
    switch.start()
    yield switch
    switch.stop()


@pytest.fixture
def link(scripted) -> Iterator[SwitchLink]:
    """A link to that switch."""
    with connected(scripted) as link:
        yield link


@pytest.fixture
def puppet(scripted) -> Iterator[Puppet]:
    """Our switch, linked to one that a test plays."""
    puppet = Puppet(scripted)
    puppet.open()
    yield puppet
    puppet.close()


@pytest.fixture
def stage() -> Iterator[Stage]:
    """Our switch, linked to a sandbox with Anna and Boris in it."""
    stage = Stage()
    stage.open()
    yield stage
    stage.close()


@pytest.fixture
def clip(tmp_path) -> str:
    """A clip of two seconds, of which the sandbox makes a tenth of one."""
    return recorded(tmp_path / "welcome.wav")
