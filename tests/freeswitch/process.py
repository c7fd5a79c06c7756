"""One FreeSWITCH process on the loopback address, with folders of its own."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

from tests.freeswitch.event_socket import EventSocket
from tests.freeswitch.ports import Ports
from tests.ports import HOST

_FOLDERS: Final = ("log", "db", "run", "cdr", "recordings", "storage", "cache")
_START_SECONDS: Final = 30
_STOP_SECONDS: Final = 10


class NotStarted(RuntimeError):
    """The switch ended, or stayed silent, before it was ready."""


def find_binary() -> str | None:
    """The program named by FREESWITCH, or `freeswitch` on PATH, or None.

    Raises FileNotFoundError when FREESWITCH names no program: a wish that cannot
    be granted is not the same as no wish.
    """
    if wished := os.environ.get("FREESWITCH"):
        if found := shutil.which(wished):
            return found
        raise FileNotFoundError(f"FREESWITCH={wished} is no program")
    return shutil.which("freeswitch")


class FreeSwitch:
    """A FreeSWITCH: started, awaited and stopped as a context manager.

    Whatever is to control it needs `host`, `port` and `password`.
    """

    host: Final = HOST
    gateway: Final = "carrier"
    password: Final = "loopback-only"

    def __init__(
        self,
        binary: str,
        *,
        configuration: Path,
        folder: Path,
        ports: Ports,
        carrier: Ports,
    ) -> None:
        self.folder = folder
        self.ports = ports
        self.cdr_folder = folder / "cdr"
        self.recordings_folder = folder / "recordings"
        self._command = _command(binary, configuration, folder)
        self._environment = _environment(folder, ports, carrier, self.password)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def port(self) -> int:
        """The event socket's, as whoever is to control the switch needs it."""
        return self.ports.event_socket

    @property
    def pid(self) -> int:
        """The process's id, for whoever measures it. Raises NotStarted."""
        if self._process is None:
            raise NotStarted("the switch has not been started")
        return self._process.pid

    def __enter__(self) -> Self:
        self.start()
        try:
            self.wait_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start the process; it is not yet ready then."""
        for name in _FOLDERS:
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        with (self.folder / "output").open("wb") as output:
            self._process = subprocess.Popen(
                self._command,
                env={**os.environ, **self._environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def wait_ready(self) -> None:
        """Wait until it takes calls. Raises NotStarted, with the end of its log."""
        for _ in self._starting():
            with suppress(OSError), self.connect() as link:
                if "is ready" in link.api("status"):
                    return

    def wait_listening(self) -> None:
        """Wait until its event socket takes connections, whoever may log in."""
        for _ in self._starting():
            with suppress(OSError):
                socket.create_connection((HOST, self.port)).close()
                return

    def _starting(self) -> Iterator[None]:
        """One turn for each look at a switch that starts. Raises NotStarted."""
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                raise NotStarted(f"the switch has ended:\n{self.log_tail()}")
            yield
            time.sleep(0.05)
        raise NotStarted(f"not ready in {_START_SECONDS} s:\n{self.log_tail()}")

    def ask_to_stop(self) -> None:
        """Let the process begin to end, which takes it some seconds."""
        if self._process is not None:
            self._process.terminate()

    def stop(self) -> None:
        """End the process, by force if it lingers."""
        if self._process is None:
            return
        self.ask_to_stop()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def connect(self) -> EventSocket:
        """A new connection to its event socket, to be closed by whoever asked."""
        return EventSocket(self.host, self.port, self.password)

    def log_tail(self, lines: int = 40) -> str:
        """The last lines of what it logged; warnings and errors only."""
        log = self.folder / "log" / "freeswitch.log"
        source = log if log.exists() else self.folder / "output"
        return "\n".join(source.read_text(errors="replace").splitlines()[-lines:])


def _command(binary: str, configuration: Path, folder: Path) -> list[str]:
    """No forking, no address translation, no clock calibration, ordinary priority."""
    command = [binary, "-nf", "-nonat", "-nocal", "-np", "-conf", str(configuration)]
    for name in _FOLDERS:
        if name != "cdr":
            command += [f"-{name}", str(folder / name)]
    return command


def _environment(
    folder: Path, ports: Ports, carrier: Ports, password: str
) -> dict[str, str]:
    """The variables of config/freeswitch/vars.xml."""
    return {
        "FREESWITCH_EVENT_SOCKET_PORT": str(ports.event_socket),
        "FREESWITCH_EVENT_SOCKET_PASSWORD": password,
        "FREESWITCH_SIP_IP": HOST,
        "FREESWITCH_SIP_PORT": str(ports.sip),
        "FREESWITCH_RTP_FIRST_PORT": str(ports.first_rtp),
        "FREESWITCH_RTP_LAST_PORT": str(ports.last_rtp),
        "FREESWITCH_CDR_FOLDER": str(folder / "cdr"),
        "FREESWITCH_CORE_DB": str(folder / "db" / "core.db"),
        "FREESWITCH_CARRIER_PROXY": f"{HOST}:{carrier.sip}",
    }
