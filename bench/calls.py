"""Complete calls at a given rate: an SMS in, two legs, talk, two ledger entries.

    python bench/calls.py --rate 20 --calls 200
    python bench/calls.py --rate 5 --calls 50 --switch freeswitch --json

Starts portal, ESL service and switch on free ports and a database of their own. Posts
SMS at a steady rate as a carrier would; the network's subscribers answer, talk for a
second and hang up. CPU is what the operating system charged to a process, user and
system together, divided by the calls. `sms_to_originate_ms` runs from the SMS's arrival
at the portal until leg A is stored to be rung.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import quantiles
from typing import Protocol, Self

import requests

sys.path.insert(0, str(Path(__file__).parent.parent))

from domain.database import Transaction, engine_for, transactions
from domain.numbers import E164
from tests.databases import Postgres, Sqlite, postgres_server
from tests.freeswitch.real import Telephony
from tests.people import ACCESS_NUMBER, Town
from tests.system.programs import SECRET, Programs, Switchboard, System, spoken_sounds

LEG_A_UP = 3.0
LEG_B_UP = 1.0
NOWHERE = "http://127.0.0.1:9"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Result:
    """What one run showed; also the keys of `--json`."""

    calls_per_s: float
    cpu_ms_per_call: float
    switch_cpu_ms_per_call: float
    portal_cpu_ms_per_call: float
    busy_percent: float
    """How much of one core the ESL service took, from the first SMS to the last end."""
    completed_per_s: float
    """Complete calls, from the first end to the last."""
    sms_to_originate_ms: dict[str, float]
    failed: int


class Network(Protocol):
    """A running system, and numbers in it that behave."""

    portal_url: str
    esl_pid: int
    switch_pid: int
    portal_pid: int

    def leg_a(self, number: int) -> str:
        """The number of a user who picks up and leaves after LEG_A_UP."""

    def leg_b(self, number: int) -> str:
        """The number of somebody who picks up and talks for LEG_B_UP."""


class SandboxNetwork:
    """The system with the sandbox as its switch."""

    def __init__(self, database: str, folder: Path) -> None:
        self._system = System(database, folder, extend_every=15)

    def __enter__(self) -> Self:
        self._system.__enter__()
        self.portal_url = self._system.portal_url
        self.esl_pid = self._system.esl.process.pid
        self.portal_pid = self._system.portal.process.pid
        self.switch_pid = self._system.sandbox.pid
        return self

    def __exit__(self, *_: object) -> None:
        self._system.__exit__()

    def leg_a(self, number: int) -> str:
        """A handset that acts by itself."""
        return self._subscriber(f"+48600{number:06}", LEG_A_UP)

    def leg_b(self, number: int) -> str:
        """A handset that acts by itself."""
        return self._subscriber(f"+48774{number:06}", LEG_B_UP)

    def _subscriber(self, number: str, talks: float) -> str:
        self._system.handset(number).behave("answers", after=0.1, talks=talks)
        return number


class RealNetwork:
    """The system with a real FreeSWITCH, and a second one as the network.

    Its subscribers act by themselves: users `48600178xxx` leave twelve seconds after
    they have answered, by when they have heard how long they may talk, and talked;
    called parties `48225550005` hang up after three seconds.
    """

    def __init__(self, database: str, folder: Path) -> None:
        self._telephony = Telephony()
        self._programs = Programs(
            database, folder, sounds=spoken_sounds(), extend_every=15
        )

    def __enter__(self) -> Self:
        switch = self._telephony.__enter__().switch
        self._programs.start(
            Switchboard((switch.host, switch.port), switch.password, NOWHERE)
        )
        self.portal_url = self._programs.portal_url
        self.esl_pid = self._programs.esl.process.pid
        self.portal_pid = self._programs.portal.process.pid
        self.switch_pid = switch.pid
        return self

    def __exit__(self, *_: object) -> None:
        self._programs.stop()
        self._telephony.__exit__(None, None, None)

    def leg_a(self, number: int) -> str:
        """A user who picks up at once and leaves by themselves."""
        return f"+48600178{number:03}"

    def leg_b(self, number: int) -> str:  # noqa: ARG002 - one number serves them all
        """Somebody who talks for three seconds."""
        return "+48225550005"


NETWORKS = {"sandbox": SandboxNetwork, "freeswitch": RealNetwork}


def prepare(transaction: Transaction, legs_a: list[str]) -> None:
    """Open an account for every call: one sender may not ask so often."""
    town = Town(transaction)
    for index, number in enumerate(legs_a):
        town.welcome(f"bench{index}", number=E164(number), confirms_leg_a=False)
        time.sleep(0.005)  # or SQLite's pen would never be free for the service


def ask(network: Network, pairs: list[tuple[str, str]], rate: float) -> float:
    """Post every SMS about its time; seconds from the first to the last."""

    def post(index: int) -> None:
        sender, called = pairs[index]
        time.sleep(max(0.0, begun + moments[index] - time.monotonic()))
        answer = requests.post(
            f"{network.portal_url}/sms/generic",
            json={
                "id": f"bench{index}",
                "from": sender,
                "to": ACCESS_NUMBER,
                "text": f"D.{called}",
            },
            headers={"X-Secret": SECRET},
            timeout=30,
        )
        answer.raise_for_status()

    # Not in step with the looks at the queue, or all would wait equally long for one.
    moments = [(index + random.random()) / rate for index in range(len(pairs))]
    begun = time.monotonic()
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(post, range(len(pairs))))
    return time.monotonic() - begun


def await_end(transaction: Transaction, calls: int) -> None:
    """Wait until every session has ended, for a minute at most."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with transaction(write=False) as services:
            sessions = services.history.sessions(limit=calls)
            if len(sessions) == calls and all(each.ended_at for each in sessions):
                return
        time.sleep(0.2)


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@dataclass(frozen=True)
class Spent:
    """Seconds: of CPU by each program, and how long they had."""

    esl: float
    switch: float
    portal: float
    since: float

    @classmethod
    def so_far(cls, network: Network) -> Self:
        """Since the programs, and the clock, were started."""
        pids = (network.esl_pid, network.switch_pid, network.portal_pid)
        return cls(*map(cpu_seconds, pids), time.monotonic())

    def after(self, before: "Spent") -> "Spent":
        """What was spent between two moments."""
        return Spent(
            self.esl - before.esl,
            self.switch - before.switch,
            self.portal - before.portal,
            self.since - before.since,
        )


def judge(transaction: Transaction, calls: int, took: float, spent: Spent) -> Result:
    """Read from the database what became of the calls."""
    waits, ends = [], []
    with transaction(write=False) as services:
        for session in services.history.sessions(limit=calls):
            answered = [leg for leg in session.legs if leg.answered_us]
            if len(answered) == 2 and session.ended_at is not None:  # noqa: PLR2004
                ends.append(session.ended_at)
            if session.legs:
                waits.append((session.legs[0].made_at - session.began_at) * 1000)
    milliseconds = [wait.total_seconds() for wait in waits] or [0.0]
    cuts = quantiles(milliseconds * 2, n=100)
    return Result(
        calls_per_s=round(calls / took, 2),
        cpu_ms_per_call=round(spent.esl * 1000 / calls, 2),
        switch_cpu_ms_per_call=round(spent.switch * 1000 / calls, 2),
        portal_cpu_ms_per_call=round(spent.portal * 1000 / calls, 2),
        busy_percent=round(spent.esl * 100 / spent.since, 1),
        completed_per_s=round(pace(ends), 1),
        sms_to_originate_ms={"p50": round(cuts[49], 1), "p99": round(cuts[98], 1)},
        failed=calls - len(ends),
    )


def pace(moments: list[datetime]) -> float:
    """How many there were a second, from the first to the last; 0 for one alone."""
    lasted = (max(moments) - min(moments)).total_seconds() if moments else 0
    return (len(moments) - 1) / lasted if lasted else 0.0


def run(network: Network, transaction: Transaction, rate: float, calls: int) -> Result:
    """Make the calls and measure."""
    pairs = [(network.leg_a(n), network.leg_b(n)) for n in range(calls)]
    prepare(transaction, [sender for sender, _ in pairs])
    before = Spent.so_far(network)
    took = ask(network, pairs, rate)
    await_end(transaction, calls)
    return judge(transaction, calls, took, Spent.so_far(network).after(before))


def table(result: Result) -> str:
    """The figures, one a line."""
    p50, p99 = result.sms_to_originate_ms.values()
    return "\n".join(
        f"{name:<34}{value:>10}"
        for name, value in (
            ("calls a second", result.calls_per_s),
            ("ESL service, CPU ms a call", result.cpu_ms_per_call),
            ("switch, CPU ms a call", result.switch_cpu_ms_per_call),
            ("portal, CPU ms a call", result.portal_cpu_ms_per_call),
            ("ESL service, per cent of a core", result.busy_percent),
            ("completed a second", result.completed_per_s),
            ("SMS to originate, ms, median", p50),
            ("SMS to originate, ms, 99 of 100", p99),
            ("failed", result.failed),
        )
    )


def main() -> None:
    """Read the wishes, run, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rate", type=float, default=20, help="SMS a second")
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--switch", choices=NETWORKS, default="sandbox")
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--json", action="store_true", help="one object, no table")
    wish = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if wish.database == "postgres":
            database = Postgres(stack.enter_context(postgres_server())).fresh()
        else:
            database = Sqlite(folder).fresh()
        transaction = transactions(engine_for(database))
        with NETWORKS[wish.switch](database, folder) as network:
            result = run(network, transaction, wish.rate, wish.calls)
    print(json.dumps(vars(result)) if wish.json else table(result))


if __name__ == "__main__":
    main()
