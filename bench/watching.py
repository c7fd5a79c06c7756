"""What an ESL service holds on to while it runs, as `bench/watched.py` tells it."""

import json
import os
import signal
import time
from collections import Counter
from pathlib import Path
from statistics import linear_regression

TICKS = os.sysconf("SC_CLK_TCK")


class Watch:
    """What the ESL service is made of, as the run goes on."""

    def __init__(self, pid: int, told: Path) -> None:
        self._pid = pid
        self._told = told
        self._samples: list[tuple[float, float]] = []

    def sample(self, sessions: int) -> None:
        """Note its memory after so many sessions."""
        self._samples.append((sessions, self._kilobytes()))

    def slope(self) -> float:
        """Kilobytes for each hundred sessions, once it is warm."""
        warm = self._samples[len(self._samples) // 3 :]
        return linear_regression(*zip(*warm, strict=True)).slope * 100

    def megabytes(self) -> float:
        """Its resident set now."""
        return self._kilobytes() / 1024

    def alive(self) -> Counter[str]:
        """How many objects it has, and how many greenlets live."""
        before = self._lines()
        os.kill(self._pid, signal.SIGUSR1)
        while len(lines := self._lines()) == len(before):
            time.sleep(0.02)
        return Counter(json.loads(lines[-1]))

    def cpu(self) -> float:
        """User and system time so far, in seconds."""
        fields = Path(f"/proc/{self._pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def _kilobytes(self) -> float:
        status = Path(f"/proc/{self._pid}/status").read_text()
        return float(status.partition("VmRSS:")[2].split()[0])

    def _lines(self) -> list[str]:
        return self._told.read_text().splitlines() if self._told.exists() else []
