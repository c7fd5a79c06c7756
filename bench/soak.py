"""Thousands of sessions, one after the other and many at once: does anything stay?

    python bench/soak.py
    python bench/soak.py --sessions 300 --at-once 25 --switch freeswitch

A number of users asks again as soon as their last session is over, so the rate is the
highest that the machine holds. On the sandbox everybody acts by themselves; on a real
FreeSWITCH users are joined with somebody who talks on, drop them with `##`, and must
still be on the line. At the end the ledger is audited. Memory is the ESL service's
resident set; its slope is fitted over the last two thirds of the run.
"""

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import linear_regression

sys.path.insert(0, str(Path(__file__).parent.parent))

from domain.calls.models import Source
from domain.calls.requests import Wish
from domain.database import Transaction, engine_for, transactions
from domain.numbers import E164
from tests.databases import Postgres, Sqlite, postgres_server
from tests.freeswitch.event_socket import EventSocket
from tests.freeswitch.real import Telephony
from tests.people import Person, Town
from tests.system.programs import Programs, Switchboard, System, build_sounds

A_STAYS, B_STAYS = 1.0, 0.3
TALKS_ON = E164("+48225559990")
NOWHERE = "http://127.0.0.1:9"
PATIENCE = 90.0
SETTLED = 3.0
"""Seconds in which what was used last is let go."""
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Result:
    """What one run showed; also the keys of `--json`."""

    sessions: int
    calls_per_s: float
    cpu_ms_per_call: float
    complete: int
    users_lost: int
    memory_mb: float
    growth_kb_per_100_sessions: float
    greenlets_left: int
    holds_left: int
    audit_faults: int


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

    def greenlets(self) -> int:
        """How many are alive in it."""
        before = self._lines()
        os.kill(self._pid, signal.SIGUSR1)
        while len(lines := self._lines()) == len(before):
            time.sleep(0.02)
        return int(json.loads(lines[-1])["greenlets"])

    def cpu(self) -> float:
        """User and system time so far, in seconds."""
        fields = Path(f"/proc/{self._pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def _kilobytes(self) -> float:
        status = Path(f"/proc/{self._pid}/status").read_text()
        return float(status.partition("VmRSS:")[2].split()[0])

    def _lines(self) -> list[str]:
        return self._told.read_text().splitlines() if self._told.exists() else []


class Crowd:
    """Users with money who ask for one call after the other."""

    def __init__(self, transaction: Transaction, numbers: list[E164]) -> None:
        self._transaction = transaction
        town = Town(transaction)
        self.people = [
            town.welcome(f"user{index}", number=number, **_QUIET)
            for index, number in enumerate(numbers)
        ]
        self.asked = 0

    def ask(self, person: Person, to: E164) -> None:
        """Let somebody ask to be rung and joined with `to`."""
        now = datetime.now(UTC)
        with self._transaction() as services:
            account = services.accounts.get(person.id)
            wish = Wish(person.number, to, Source.SMS, f"soak{self.asked}")
            services.requests.ask(account, wish, now)
        self.asked += 1

    def idle(self) -> list[Person]:
        """Who has no session now."""
        with self._transaction(write=False) as services:
            holding = {hold.account_id for hold in services.ledger.open_holds()}
        return [person for person in self.people if person.id not in holding]

    def judge(self, sessions: int) -> dict[str, int]:
        """What the books say: complete sessions, holds left, laws broken."""
        with self._transaction(write=False) as services:
            all_of_them = services.history.sessions(limit=sessions)
            complete = sum(
                sum(1 for leg in each.legs if leg.price) >= 2  # noqa: PLR2004 - A and B
                and each.ended_at is not None
                for each in all_of_them
            )
            return {
                "complete": complete,
                "holds_left": len(services.ledger.open_holds()),
                "audit_faults": sum(map(len, services.audit.faults().values())),
            }


_QUIET = {"confirms_leg_a": False, "announces_balance": False, "funds": "1000.00"}


Run = Callable[[Crowd, Watch, int], int]


def on_sandbox(system: System, crowd: Crowd, watch: Watch, sessions: int) -> int:
    """Let everybody ask until there were enough sessions; nobody can be lost."""
    for person in crowd.people:
        system.handset(person.number).behave("answers", after=0.1, talks=A_STAYS)
        system.handset(party_of(person)).behave("answers", after=0.1, talks=B_STAYS)
    while crowd.asked < sessions:
        for person in crowd.idle()[: sessions - crowd.asked]:
            crowd.ask(person, party_of(person))
        watch.sample(crowd.asked)
        time.sleep(0.05)
    return 0


def party_of(person: Person) -> E164:
    """Whom this user calls."""
    return E164(person.number.replace("+48600", "+48774"))


def on_freeswitch(
    telephony: Telephony, crowd: Crowd, watch: Watch, sessions: int
) -> int:
    """Let all users drop somebody by `##`, again and again; who was lost by it."""
    lost = 0
    with telephony.connect() as link:
        while crowd.asked < sessions:
            people = crowd.idle()[: sessions - crowd.asked]
            lost += drop_all(telephony, link, crowd, people)
            watch.sample(crowd.asked)
    return lost


def drop_all(
    telephony: Telephony, link: EventSocket, crowd: Crowd, people: list[Person]
) -> int:
    """Join these users with somebody each, let all press `##`; who was lost by it."""
    parties = [telephony.caller(each.number[1:]) for each in people]
    for person in people:
        crowd.ask(person, TALKS_ON)
    for party in parties:
        party.wait_ringing(PATIENCE)
    wait_for(lambda: legs(link) == 2 * len(people))
    for party in parties:
        party.press("##")
    wait_for(lambda: legs(link) <= len(people))
    staying = [party for party in parties if party.is_on_the_line]
    for party in staying:
        party.hang_up()
    wait_for(lambda: len(crowd.idle()) == len(crowd.people))
    return len(parties) - len(staying)


def legs(link: EventSocket) -> int:
    """How many legs the switch has."""
    return int(link.api("show channels count").split()[0])


def wait_for(holds: Callable[[], bool]) -> None:
    """Wait until something holds, for PATIENCE at most: what is lost is counted."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and not holds():
        time.sleep(0.1)


def soak(
    programs: Programs, crowd: Crowd, folder: Path, run: Run, sessions: int
) -> Result:
    """Let the sessions pass and look at what is left."""
    watch = Watch(programs.esl.process.pid, folder / "watched")
    greenlets, cpu, began = watch.greenlets(), watch.cpu(), time.monotonic()
    lost = run(crowd, watch, sessions)
    wait_for(lambda: len(crowd.idle()) == len(crowd.people))
    took = time.monotonic() - began
    used = watch.cpu() - cpu
    time.sleep(SETTLED)
    return Result(
        sessions=sessions,
        calls_per_s=round(sessions / took, 1),
        cpu_ms_per_call=round(used * 1000 / sessions, 1),
        users_lost=lost,
        memory_mb=round(watch.megabytes(), 1),
        growth_kb_per_100_sessions=round(watch.slope(), 1),
        greenlets_left=watch.greenlets() - greenlets,
        **crowd.judge(sessions),
    )


def main() -> None:
    """Read the wishes, run, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sessions", type=int, default=2000)
    parser.add_argument("--at-once", type=int, default=100, help="users")
    parser.add_argument(
        "--switch", choices=["sandbox", "freeswitch"], default="sandbox"
    )
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--json", action="store_true", help="one object, no table")
    wish = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        os.environ["WATCHED"] = str(folder / "watched")
        if wish.database == "postgres":
            database = Postgres(stack.enter_context(postgres_server())).fresh()
        else:
            database = Sqlite(folder).fresh()
        numbers = [E164(f"+48600179{n:03}") for n in range(wish.at_once)]
        crowd = Crowd(transactions(engine_for(database)), numbers)
        programs, run = STARTS[wish.switch](stack, database, folder)
        result = soak(programs, crowd, folder, run, wish.sessions)
    if wish.json:
        sys.stdout.write(f"{json.dumps(asdict(result))}\n")
        return
    for name, value in asdict(result).items():
        sys.stdout.write(f"{name.replace('_', ' '):<34}{value:>10}\n")


def start_sandbox(
    stack: ExitStack, database: str, folder: Path
) -> tuple[Programs, Run]:
    """Start the system on the sandbox."""
    system = System(database, folder, extend_every=15)
    system.esl_module = "bench.watched"
    stack.enter_context(system)
    return system, partial(on_sandbox, system)


def start_freeswitch(
    stack: ExitStack, database: str, folder: Path
) -> tuple[Programs, Run]:
    """Start the system on a real switch, with a second one as the network."""
    telephony = stack.enter_context(Telephony())
    switch = telephony.switch
    programs = Programs(database, folder, sounds=build_sounds(folder), extend_every=15)
    programs.esl_module = "bench.watched"
    stack.callback(programs.stop)
    where = ((switch.host, switch.port), switch.password, NOWHERE, switch.cdr_folder)
    programs.start(Switchboard(*where))
    return programs, partial(on_freeswitch, telephony)


STARTS = {"sandbox": start_sandbox, "freeswitch": start_freeswitch}

if __name__ == "__main__":
    main()
