"""The whole system as programs of their own, as an operator runs them."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import requests

from sounds.build import build
from sounds.reading import SOURCE
from tests.databases import ROOT
from tests.ports import free_ports
from tests.sandbox_process import SandboxProcess

SECRET = "a secret for tests, shared by carrier and portal"
PATIENCE = 60.0

_INI = """
[DEFAULT]
database.url = {database}
sounds.folder = {sounds}

[app:main]
use = egg:sms-callback
public_url = https://callback.example
carriers = generic twilio
carriers.generic.send_url = {carrier}/carrier/messages
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
extend_every = {extend_every}
records.folder = {records}

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


class Program:
    """A program of ours, from `with` until its end; its log is a file."""

    def __init__(self, name: str, command: list[str], environ: dict[str, str]) -> None:
        self.name = name
        self._command = command
        self._environ = environ
        self.log = Path(environ["LOG_FOLDER"]) / f"{name}.log"

    def start(self, **environ: str) -> None:
        """Start it, or start it again; its log goes on."""
        self._output = self.log.open("ab")
        self.process = subprocess.Popen(
            self._command,
            cwd=ROOT,
            env={**os.environ, **self._environ, **environ},
            stdout=self._output,
            stderr=self._output,
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self._bury()

    def stop(self) -> None:
        """End it as an operator does."""
        self.__exit__()

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self._bury()

    def wait_dead(self) -> None:
        """Wait until it has ended by itself."""
        self.process.wait(PATIENCE)
        self._bury()

    def _bury(self) -> None:
        self.process.wait()
        self._output.close()


@dataclass(frozen=True)
class Switchboard:
    """The switch that the programs are to use, and where replies by SMS go."""

    address: tuple[str, int]
    password: str
    carrier: str
    records: Path | None = None
    """Where the switch leaves a record of each leg."""


class Programs:
    """The portal and the ESL service, on free ports and one database."""

    def __init__(
        self,
        database: str,
        folder: Path,
        *,
        port: int | None = None,
        sounds: Path | None = None,
        extend_every: float = 0.5,
    ) -> None:
        self.database = database
        self.folder = folder
        self.port = port or free_ports(1)[0]
        self.portal_url = f"http://127.0.0.1:{self.port}"
        self.ini = folder / "system.ini"
        self._sounds = sounds
        self._extend_every = extend_every
        self._stack = ExitStack()
        self.esl_module = "esl_service"
        self.portal_module = "pyramid.scripts.pserve"

    def start(self, switchboard: Switchboard) -> None:
        """Start both and wait until they serve; stop both if one does not."""
        try:
            self._start(switchboard)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop both."""
        self._stack.close()

    def _start(self, switchboard: Switchboard) -> None:
        self._write_ini(switchboard)
        self._environ = {
            "LOG_FOLDER": str(self.folder),
            "PORTAL_SESSION_SECRET": "s" * 40,
            "PORTAL_CARRIERS_GENERIC_SECRET": SECRET,
            "PORTAL_CARRIERS_TWILIO_AUTH_TOKEN": "twilio-token",
            "PORTAL_CARRIERS_TWILIO_ACCOUNT_SID": "AC0",
            "ESL_SERVICE_SWITCH_PASSWORD": switchboard.password,
        }

        self.portal = self._program("portal", self.portal_module)
        self.esl = self._program("esl_service", self.esl_module)
        eventually(
            lambda: requests.get(f"{self.portal_url}/health", timeout=5).ok,
            what=lambda: self.portal.log.read_text()[-2000:],
        )
        eventually(lambda: "linked to the switch" in self.esl.log.read_text())

    def stand_by(self) -> Program:
        """Start a second ESL service, and wait until it is linked."""
        standby = self._program("standby", self.esl_module)
        eventually(lambda: "linked to the switch" in standby.log.read_text())
        return standby

    def _program(self, name: str, module: str) -> Program:
        command = [sys.executable, "-m", module, str(self.ini)]
        program = Program(name, command, self._environ)
        return self._stack.enter_context(program)

    def _write_ini(self, switchboard: Switchboard) -> None:
        host, port = switchboard.address
        self.ini.write_text(
            _INI.format(
                database=self.database,
                sounds=self._sounds or build_sounds(self.folder, "--words-only"),
                carrier=switchboard.carrier,
                port=self.port,
                switch=f"{host}:{port}",
                extend_every=self._extend_every,
                records=switchboard.records or "",
            )
        )


class System(Programs):
    """The same with the sandbox as their switch and telephone network."""

    def __init__(
        self,
        database: str,
        folder: Path,
        *,
        speed: float = 25,
        extend_every: float = 0.5,
    ) -> None:
        super().__init__(database, folder, extend_every=extend_every)
        self.records = folder / "records"
        self.sandbox = SandboxProcess(
            speed=speed,
            records_folder=self.records,
            carrier_url=f"{self.portal_url}/sms/generic",
            carrier_secret=SECRET,
        )

    def __enter__(self) -> Self:
        sandbox = self._stack.enter_context(self.sandbox)
        where = (sandbox.event_socket, sandbox.password, sandbox.web, self.records)
        self.start(Switchboard(*where))
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def handset(self, number: str) -> "Telephone":
        """A handset of the sandbox, by its JSON."""
        return Telephone(f"{self.sandbox.web}/handsets/{number}")


def build_sounds(folder: Path, *options: str) -> Path:
    """Build the prompts into a folder's `sounds`."""
    sounds = folder / "sounds"
    command = [sys.executable, "-m", "sounds", "build", "--to", str(sounds), *options]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    return sounds


def spoken_sounds(name: str = "sounds", source: Path = SOURCE) -> Path:
    """The prompts with their audio: those that `make sounds` builds, if not others.

    Whoever of several test processes comes first makes what changed.
    """
    sounds = ROOT / "var" / name
    sounds.mkdir(parents=True, exist_ok=True)
    with (sounds / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        build(sounds, source=source)
    return sounds


def shown(programs: Programs, session_id: int) -> dict:
    """What `sms-callback calls show` tells of a session."""
    command = Path(sys.executable).with_name("sms-callback")
    arguments = ["--config", str(programs.ini), "calls", "show", str(session_id)]
    done = subprocess.run(
        [str(command), *arguments, "--json"],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return json.loads(done.stdout)


class Telephone:
    """A person with a handset."""

    def __init__(self, url: str) -> None:
        self._url = url

    def text(self, to: str, text: str) -> None:
        self._post("sms", {"to": to, "text": text})

    def ring(self, to: str, **shown: str) -> None:
        self._post("ring", {"to": to, **shown})

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
