"""The program: its settings, its start, its end."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from sandbox.settings import BadSettings, Settings
from tests.sandbox_process import SandboxProcess

ROOT = Path(__file__).parent.parent.parent


def test_settings_have_defaults_and_the_environment_wins():
    section = {"speed": "2", "gateways": "carrier other"}

    settings = Settings.from_ini(section, {"SANDBOX_SPEED": "20"})

    assert settings.event_socket == ("127.0.0.1", 18021)
    assert settings.web == ("127.0.0.1", 6544)
    assert settings.password == "ClueCon"
    assert settings.gateways.keys() == {"carrier", "other"}
    assert settings.speed == 20


def test_all_bad_settings_are_told_at_once():
    section = {
        "event_socket": "nowhere",
        "speed": "0",
        "gateways": " ",
        "carrier_url": "ftp://x",
    }

    with pytest.raises(BadSettings) as told:
        Settings.from_ini(section, {"SANDBOX_WEB": "x:99999"})

    names = ("event_socket", "web", "speed", "gateways", "carrier_url")
    assert all(any(name in fault for fault in told.value.faults) for name in names)


def test_the_program_serves_and_ends_within_a_second(tmp_path):
    ini = tmp_path / "sandbox.ini"
    ini.write_text("[sandbox]\nspeed = 20\n")

    with (
        SandboxProcess(ini) as sandbox,
        socket.create_connection(sandbox.event_socket) as link,
        requests.get(f"{sandbox.web}/handsets", timeout=5) as answer,
    ):
        assert link.recv(100) == b"Content-Type: auth/request\n\n"
        assert answer.json() == {"handsets": []}
        began = time.monotonic()
        sandbox.stop()
        assert b"shut down" in link.recv(1000)

    assert sandbox.exit_status == 0
    assert time.monotonic() - began < 5  # it waits for nobody's goodbye


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"SANDBOX_SPEED": "fast", "SANDBOX_WEB": "x"}, "speed is 'fast'"),
        ({"SANDBOX_EVENT_SOCKET": "256.0.0.1:1"}, "the sandbox did not start"),
    ],
)
def test_a_program_that_cannot_start_says_why(environ, sentence):
    ended = subprocess.run(
        [sys.executable, "-m", "sandbox"],
        cwd=ROOT,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )

    assert ended.returncode == 1
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_missing_file_is_named():
    ended = subprocess.run(
        [sys.executable, "-m", "sandbox", "no-such.ini"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )

    assert ended.returncode == 1
    assert "no-such.ini" in ended.stderr
