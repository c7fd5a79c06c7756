"""The whole system as programs of their own, as an operator runs them."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import requests

from tests.databases import ROOT
from tests.sandbox_process import SandboxProcess

SECRET = "a secret for tests, shared by carrier and portal"
PATIENCE = 20.0

_INI = """
[DEFAULT]
database.url = {database}
sounds.folder = {sounds}

[app:main]
use = egg:sms-callback
public_url = https://callback.example
carriers = generic twilio
carriers.generic.send_url = {web}/carrier/messages
carriers.twilio.reply = twiml
outbox.enabled = true

[server:main]
use = egg:waitress#main
listen = 127.0.0.1:{port}

[esl_service]
switch.address = {switch}
gateway = carrier
caller_id = +48221000000
prompt.patience = 3
prompt.pause = 1
extend_every = 0.5

[loggers]
keys = root
[handlers]
keys = console
[formatters]
keys = generic
[logger_root]
level = INFO
handlers = console
[handler_console]
class = StreamHandler
args = (sys.stderr,)
formatter = generic
[formatter_generic]
format = %(asctime)s %(levelname)s %(name)s %(message)s
"""


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Program:
    """A program of ours, from `with` until its end; its log is a file."""

    def __init__(self, name: str, command: list[str], environ: dict[str, str]) -> None:
        self.name = name
        self._command = command
        self._environ = environ
        self.log = Path(environ["LOG_FOLDER"]) / f"{name}.log"

    def __enter__(self) -> Self:
        self._output = self.log.open("ab")
        self.process = subprocess.Popen(
            self._command,
            cwd=ROOT,
            env={**os.environ, **self._environ},
            stdout=self._output,
            stderr=self._output,
        )
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self._bury()

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self._bury()

    def _bury(self) -> None:
        self.process.wait()
        self._output.close()


class System:
    """Portal, ESL service and sandbox on free ports and one database."""

    def __init__(self, database: str, folder: Path, *, speed: float = 25) -> None:
        self.database = database
        self.folder = folder
        self.port = free_port()
        self.portal_url = f"http://127.0.0.1:{self.port}"
        self._speed = speed
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._stack.close()
            raise
        return self

    def _start(self) -> None:
        sounds = self.folder / "sounds"
        words = ["-m", "sounds", "build", "--to", str(sounds), "--words-only"]
        subprocess.run(
            [sys.executable, *words], check=True, cwd=ROOT, capture_output=True
        )
        self.sandbox = self._stack.enter_context(
            SandboxProcess(
                speed=self._speed,
                carrier_url=f"{self.portal_url}/sms/generic",
                carrier_secret=SECRET,
            )
        )
        ini = self.folder / "system.ini"
        host, port = self.sandbox.event_socket
        ini.write_text(
            _INI.format(
                database=self.database,
                sounds=sounds,
                web=self.sandbox.web,
                port=self.port,
                switch=f"{host}:{port}",
            )
        )
        environ = {
            "LOG_FOLDER": str(self.folder),
            "PORTAL_SESSION_SECRET": "s" * 40,
            "PORTAL_CARRIERS_GENERIC_SECRET": SECRET,
            "PORTAL_CARRIERS_TWILIO_AUTH_TOKEN": "twilio-token",
            "PORTAL_CARRIERS_TWILIO_ACCOUNT_SID": "AC0",
            "ESL_SERVICE_SWITCH_PASSWORD": self.sandbox.password,
        }
        self.portal = Program(
            "portal",
            [sys.executable, "-m", "pyramid.scripts.pserve", str(ini)],
            environ,
        )
        self.esl = Program(
            "esl_service", [sys.executable, "-m", "esl_service", str(ini)], environ
        )
        self._stack.enter_context(self.portal)
        self._stack.enter_context(self.esl)
        health = f"{self.portal_url}/health"
        eventually(
            lambda: requests.get(health, timeout=5).ok,
            what=lambda: self.portal.log.read_text()[-2000:],
        )

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def handset(self, number: str) -> "Telephone":
        """A handset of the sandbox, by its JSON."""
        return Telephone(f"{self.sandbox.web}/handsets/{number}")


class Telephone:
    """A person with a handset."""

    def __init__(self, url: str) -> None:
        self._url = url

    def text(self, to: str, text: str) -> None:
        self._post("sms", {"to": to, "text": text})

    def answer(self) -> None:
        eventually(lambda: self.state == "ringing")
        self._post("answer", {})

    def press(self, digits: str) -> None:
        self._post("keys", {"digits": digits})

    def hang_up(self) -> None:
        self._post("hangup", {})

    def behave(self, kind: str, **details: object) -> None:
        answer = requests.put(
            f"{self._url}/behaviour", json={"kind": kind, **details}, timeout=5
        )
        answer.raise_for_status()

    def hears(self, words: str, times: int = 1) -> None:
        """Wait until the words were heard so many times."""

        def heard() -> bool:
            return sum(words in each for each in self.tell()["heard"]) >= times

        eventually(heard, what=lambda: f"{words!r} in {self.tell()}")

    @property
    def state(self) -> str:
        return self.tell()["state"]

    @property
    def replies(self) -> list[str]:
        return [sms["text"] for sms in self.tell()["sms"] if sms["direction"] == "in"]

    def tell(self) -> dict:
        return requests.get(self._url, timeout=5).json()

    def _post(self, what: str, body: dict) -> None:
        answer = requests.post(f"{self._url}/{what}", json=body, timeout=15)
        assert answer.ok, answer.text


def eventually(holds, *, patience: float = PATIENCE, what=None) -> None:
    """Wait until something holds, or fail and say what was there instead."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        try:
            if holds():
                return
        except requests.ConnectionError:
            pass
        time.sleep(0.02)
    raise AssertionError(what() if what else "it never came to hold")
