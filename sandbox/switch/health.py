"""How the switch feels: its status, and what its heartbeat says."""

import time
from typing import Protocol

from sandbox.switch.channel import Channel
from sandbox.switch.headers import VERSION
from sandbox.switch.wire import Event

MOST_SESSIONS = 4000
_A_SECOND = 500  # sessions


class Patient(Protocol):
    """What there is to know of the switch."""

    legs: dict[str, Channel]
    began: float
    sessions: int
    peak: int
    paused: bool


def condition(switch: Patient) -> Event:
    """Give the headers of a heartbeat."""
    alive, peak = str(len(switch.legs)), str(switch.peak)
    return {
        "Event-Info": "System Paused" if switch.paused else "System Ready",
        "Up-Time": _uptime(switch),
        "FreeSWITCH-Version": VERSION,
        "Uptime-msec": str(int((time.monotonic() - switch.began) * 1000)),
        "Session-Count": alive,
        "Max-Sessions": str(MOST_SESSIONS),
        "Session-Per-Sec": str(_A_SECOND),
        "Session-Per-Sec-Last": "0",
        "Session-Per-Sec-Max": peak,
        "Session-Per-Sec-FiveMin": peak,
        "Session-Since-Startup": str(switch.sessions),
        "Session-Peak-Max": peak,
        "Session-Peak-FiveMin": peak,
        "Idle-CPU": "90.000000",
    }


def status(switch: Patient) -> str:
    """Answer the status command."""
    alive, peak = len(switch.legs), switch.peak
    state = "paused" if switch.paused else "ready"
    return (
        f"UP {_uptime(switch)}\n"
        f"FreeSWITCH (Version {VERSION} 64bit) is {state}\n"
        f"{switch.sessions} session(s) since startup\n"
        f"{alive} session(s) - peak {peak}, last 5min {peak} \n"
        f"0 session(s) per Sec out of max {_A_SECOND}, peak {peak}, last 5min {peak} \n"
        f"{MOST_SESSIONS} session(s) max\n"
        "min idle cpu 0.00/90.00\n"
        "Current Stack Size/Max 240K/8192K\n"
    )


def _uptime(switch: Patient) -> str:
    microseconds = int((time.monotonic() - switch.began) * 1_000_000)
    parts = []
    for size, unit in (
        (365 * 86_400_000_000, "years"),
        (86_400_000_000, "days"),
        (3_600_000_000, "hours"),
        (60_000_000, "minutes"),
        (1_000_000, "seconds"),
        (1_000, "milliseconds"),
        (1, "microseconds"),
    ):
        count, microseconds = divmod(microseconds, size)
        parts.append(f"{count} {unit.removesuffix('s') if count == 1 else unit}")
    return ", ".join(parts)
