"""One command runs the whole system, and Ctrl-C stops all of it."""

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from tests.databases import ROOT
from tests.ports import free_ports

COMMAND = (sys.executable, "-c", "from portal.cli import main; main()")
PORTS = ("6543", "6544", "18021")


@pytest.fixture
def installation(tmp_path) -> Path:
    """A copy of the development settings, on ports that are free."""
    settings = (ROOT / "development.ini").read_text("utf-8")
    for usual, free in zip(PORTS, free_ports(len(PORTS)), strict=True):
        settings = settings.replace(f":{usual}", f":{free}")
    (tmp_path / "development.ini").write_text(
        settings.replace("%(here)s/alembic", f"{ROOT}/alembic"), "utf-8"
    )
    shutil.copytree(ROOT / "config", tmp_path / "config")
    return tmp_path


def screen_of(running: subprocess.Popen[str]) -> str:
    """What it prints until it is ready."""
    lines = []
    for line in running.stdout:
        lines.append(line)
        if "Ctrl-C" in line:
            break
    return "".join(lines)


def as_curl_does(line: str) -> requests.Response:
    """Do what a line of curl would do."""
    *_, url, _, header, _, body = shlex.split(line)
    name, _, value = header.partition(": ")
    return requests.post(url, body, headers={name: value}, timeout=10)


def test_one_command_serves_everything_until_it_is_told_to_stop(installation):
    running = subprocess.Popen(
        (*COMMAND, "run"),
        cwd=installation,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        told = screen_of(running)
        curl = re.search(r"curl -s .*", told)
        assert curl, told
        texted = as_curl_does(curl[0])
    finally:
        running.send_signal(signal.SIGINT)
        began = time.monotonic()
        rest, _ = running.communicate(timeout=20)

    assert texted.json()["status"] == 200
    assert (running.returncode, rest) == (0, "stopped\n")
    assert time.monotonic() - began < 5
    for name in ("sandbox", "esl_service", "portal"):
        assert "Traceback" not in (installation / f"var/log/{name}.log").read_text()
    secrets = (installation / "var" / "secrets.env").read_text("utf-8")
    assert not any(line.partition("=")[2] in told for line in secrets.split())


def test_an_address_in_use_is_told_and_everything_stops(installation):
    settings = (installation / "development.ini").read_text("utf-8")
    taken = re.search(r"^listen = 127.0.0.1:(\d+)$", settings, re.MULTILINE)

    with socket.create_server(("127.0.0.1", int(taken[1]))):
        done = subprocess.run(
            (*COMMAND, "run"),
            cwd=installation,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    assert done.returncode == 1
    assert f"127.0.0.1:{taken[1]} is taken: is another portal running?" in done.stderr


def test_whatever_is_wrong_with_any_program_is_told_before_a_start(installation):
    wrong = {
        "PORTAL_PUBLIC_URL": "ftp:/x",
        "ESL_SERVICE_CALLER_ID": "12",
        "SANDBOX_SPEED": "fast",
        "DATABASE_URL": "oracle://books",
    }

    ended = subprocess.run(
        [*COMMAND, "--config", str(installation / "development.ini"), "run"],
        cwd=ROOT,
        env={**os.environ, **wrong},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == 1
    for name in ("public_url", "caller_id", "speed", "database.url"):
        assert name in ended.stderr
    assert not (installation / "var" / "log").exists()
