"""The sandbox as a program of its own, for tests that need a telephone network."""

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Self

_ROOT = Path(__file__).parent.parent
_PATIENCE_S = 20.0
_DOORS = ("event socket", "web")


class SandboxProcess:
    """`python -m sandbox` on free ports, from `with` until its end.

    `settings` are those of the [sandbox] section, by name, such as `speed=20`;
    they overrule the file `ini`, if there is one.
    """

    password = "ClueCon"

    def __init__(self, ini: Path | None = None, **settings: object) -> None:
        chosen = {
            "event_socket": "127.0.0.1:0",
            "web": "127.0.0.1:0",
            "password": self.password,
        } | {name: str(value) for name, value in settings.items()}
        self.password = chosen["password"]
        self._environ = {f"SANDBOX_{k.upper()}": v for k, v in chosen.items()}
        self._arguments = [str(ini)] if ini else []
        self._process: subprocess.Popen[str] | None = None
        self._doors: dict[str, str] = {}
        self.exit_status: int | None = None

    @property
    def event_socket(self) -> tuple[str, int]:
        """Where the switch is commanded."""
        host, _, port = self._doors["event socket"].rpartition(":")
        return host, int(port)

    @property
    def web(self) -> str:
        """The address of the page and the JSON, without a slash at its end."""
        return f"http://{self._doors['web']}"

    @property
    def pid(self) -> int:
        """The process that runs."""
        assert self._process is not None
        return self._process.pid

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sandbox", *self._arguments],
            cwd=_ROOT,
            env={**_inherited(os.environ), **self._environ},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        guard = threading.Timer(_PATIENCE_S, self._process.kill)
        guard.start()
        try:
            for line in self._process.stdout:
                door, _, address = line.strip().partition(": ")
                self._doors[door] = address
                if all(door in self._doors for door in _DOORS):
                    return self
        finally:
            guard.cancel()
        self.stop()
        raise RuntimeError(f"the sandbox did not start; it said {self._doors}")

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End the program as Ctrl-C would; once is enough."""
        assert self._process is not None
        self._process.terminate()
        try:
            self.exit_status = self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self.exit_status = self._process.wait()
        finally:
            if self._process.stdout is not None:
                self._process.stdout.close()


def _inherited(environ: Mapping[str, str]) -> dict[str, str]:
    """What the sandbox may know of its surroundings: not other tests' settings."""
    return {k: v for k, v in environ.items() if not k.startswith("SANDBOX_")}
