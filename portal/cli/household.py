"""Programs that live and die together, each with its own log."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

STARTED_WITHIN_S: Final = 60.0
STOPPED_WITHIN_S: Final = 4.0
_LOOK_EVERY_S: Final = 0.1
_LAST_LINES: Final = 15


class Unwell(Exception):
    """A program died or did not start; the text says which, and its last words."""


@dataclass(frozen=True, slots=True)
class Program:
    """What to run, and where it serves once it is ready."""

    name: str
    command: tuple[str, ...]
    doors: tuple[tuple[str, int], ...] = ()


class Household:
    """Children in their own process groups, so that a terminal's Ctrl-C spares them.

    Leaving the `with` block stops them all, those they started included.
    """

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self._folder = folder
        self._logs = folder / "var" / "log"
        self._environ = {**environ, "PYTHONUNBUFFERED": "1"}
        self._children: dict[Program, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        self._logs.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._signal_all(signal.SIGTERM)
        deadline = time.monotonic() + STOPPED_WITHIN_S
        for child in self._children.values():
            with suppress(subprocess.TimeoutExpired):
                child.wait(max(0.0, deadline - time.monotonic()))
        self._signal_all(signal.SIGKILL)  # whoever did not listen, and its children
        for child in self._children.values():
            child.wait()

    def start(self, program: Program) -> None:
        """Start a program. Raises Unwell if something else serves at its doors."""
        look_for_strangers(program)
        with self.log(program.name).open("ab") as log:
            self._children[program] = subprocess.Popen(  # noqa: S603 - our own programs
                program.command,
                cwd=self._folder,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_all_serve(self, told_to_stop: Callable[[], bool]) -> None:
        """Wait for every door. Raises Unwell if one stays shut, or a program dies."""
        deadline = time.monotonic() + STARTED_WITHIN_S
        for program in self._children:
            while not all(_serves(*door) for door in program.doors):
                if told_to_stop():
                    return
                self._look_for_the_dead()
                if time.monotonic() > deadline:
                    raise Unwell(
                        f"{program.name} does not serve after "
                        f"{STARTED_WITHIN_S:g} s\n{self._last_words(program)}"
                    )
                time.sleep(_LOOK_EVERY_S)
        self._look_for_the_dead()

    def wait(self, told_to_stop: Callable[[], bool]) -> None:
        """Wait until told to stop. Raises Unwell as soon as a program dies."""
        while not told_to_stop():
            self._look_for_the_dead()
            time.sleep(_LOOK_EVERY_S)

    def log(self, name: str) -> Path:
        """Where a program's output goes."""
        return self._logs / f"{name}.log"

    # --- in detail -------------------------------------------------------------

    def _look_for_the_dead(self) -> None:
        for program, child in self._children.items():
            if child.poll() is not None:
                raise Unwell(
                    f"{program.name} ended with status {child.returncode}\n"
                    f"{self._last_words(program)}"
                )

    def _last_words(self, program: Program) -> str:
        log = self.log(program.name)
        lines = log.read_text("utf-8", "replace").splitlines()[-_LAST_LINES:]
        return "\n".join([*(f"  {line}" for line in lines), f"(from {log})"])

    def _signal_all(self, number: int) -> None:
        for child in self._children.values():
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, number)


def look_for_strangers(program: Program) -> None:
    """Raise Unwell if something else serves at the program's doors."""
    for host, port in program.doors:
        if _serves(host, port):
            raise Unwell(f"{host}:{port} is taken: is another {program.name} running?")


def _serves(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), 1):
            return True
    except OSError:
        return False
