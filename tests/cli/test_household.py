"""Programs that live and die together."""

import os
import signal
import socket
import sys
import time
from subprocess import Popen

import pytest

from portal.cli import household as household_module
from portal.cli.household import Household, Program, Unwell

SERVES = """
import socket, sys, time
door = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("open", flush=True)
time.sleep(60)
"""
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{SERVES}"
DIES = "import sys, time; time.sleep(0.2); sys.exit('the settings are bad')"


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as door:
        return door.getsockname()[1]


@pytest.fixture
def household(tmp_path):
    return Household(tmp_path, os.environ)


def program(script, *arguments, name="portal", doors=()):
    command = (sys.executable, "-c", script, *map(str, arguments))
    return Program(name, command, doors)


def never():
    return False


def children(household) -> list[Popen]:
    return list(household._children.values())


def test_everybody_serves_and_is_stopped_at_the_end(household, port):
    with household:
        household.start(program(SERVES, port, doors=(("127.0.0.1", port),)))
        household.wait_until_all_serve(never)
        (child,) = children(household)
        assert child.poll() is None

    assert child.returncode == -signal.SIGTERM
    assert household.log("portal").read_text() == "open\n"


def test_whoever_does_not_listen_is_stopped_all_the_same(household, port, monkeypatch):
    monkeypatch.setattr(household_module, "STOPPED_WITHIN_S", 0.2)

    with household:
        household.start(program(DEAF, port, doors=(("127.0.0.1", port),)))
        household.wait_until_all_serve(never)
        (child,) = children(household)

    assert child.returncode == -signal.SIGKILL


def test_a_program_that_dies_is_told_with_its_last_words(household):
    with household:
        household.start(program(SERVES, 0, name="sandbox"))
        household.start(program(DIES))
        with pytest.raises(Unwell) as told:
            household.wait(never)
        survivor, _ = children(household)

    assert str(told.value).startswith("portal ended with status 1\n")
    assert "the settings are bad" in str(told.value)
    assert survivor.returncode == -signal.SIGTERM


def test_a_program_that_never_serves_is_told(household, port, monkeypatch):
    monkeypatch.setattr(household_module, "STARTED_WITHIN_S", 0.3)

    with household:
        household.start(
            program("import time; time.sleep(60)", doors=(("127.0.0.1", port),))
        )
        with pytest.raises(Unwell, match=r"portal does not serve after 0\.3 s"):
            household.wait_until_all_serve(never)


def test_an_address_that_is_taken_is_told_before_anything_starts(household):
    with socket.create_server(("127.0.0.1", 0)) as door, household:
        address = door.getsockname()
        with pytest.raises(Unwell, match="is taken: is another portal running"):
            household.start(program(SERVES, 0, doors=(address,)))

    assert children(household) == []


def test_whoever_is_told_to_stop_does_not_wait_any_longer(household, port):
    began = time.monotonic()

    with household:
        household.start(
            program("import time; time.sleep(60)", doors=(("127.0.0.1", port),))
        )
        household.wait_until_all_serve(lambda: True)
        household.wait(lambda: True)

    assert time.monotonic() - began < 2
