"""Which program this is, so that another on the same machine can tell if it died."""

import os
from pathlib import Path
from typing import Final

_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
_VISIBLE: Final = Path("/proc/self/ns/pid")
_STARTED: Final = 19
"""Which field of /proc/PID/stat, after the command's name, tells when it started."""


def ourselves() -> str:
    """Name this process: `machine/PID/start`, or "unknown" where none can be told."""
    return _name_of(os.getpid()) or "unknown"


def is_dead(owner: str) -> bool:
    """Whether that process was one of this machine, and is certainly gone.

    Processes of other machines, or of containers, may live.
    """
    place, _, rest = owner.rpartition("/")
    machine, _, pid = place.rpartition("/")
    if not machine or machine != _machine() or not rest or not pid.isdecimal():
        return False
    return _name_of(int(pid)) != owner


def _name_of(pid: int) -> str:
    """The name of a living process; "" if there is none, or it is dead already."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text("utf-8")
    except OSError:
        return ""
    state, *fields = told.rpartition(")")[2].split()
    machine = _machine()
    if not machine or state in ("Z", "X"):
        return ""
    return f"{machine}/{pid}/{fields[_STARTED - 1]}"


def _machine() -> str:
    """This life of this machine, and the processes that can see each other on it."""
    try:
        return f"{_BOOT.read_text('ascii').strip()}:{_VISIBLE.readlink()}"
    except OSError:
        return ""
