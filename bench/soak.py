"""Thousands of sessions, one after the other and many at once: does anything stay?

    python bench/soak.py
    python bench/soak.py --sessions 300 --at-once 25 --switch freeswitch

A number of users asks again as soon as their last session is over, so the rate is the
highest that the machine holds. On the sandbox everybody acts by themselves; on a real
FreeSWITCH users are joined with somebody who talks on, drop them with `##`, and must
still be on the line. At the end the ledger is audited. Memory is the ESL service's
resident set, its slope fitted over the last two thirds of the run. It is coarse: pools
and caches fill for long, and what was freed is not all given back. So the objects and
the blocks of memory in use are counted too, after a third and at the end.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.crowd import Crowd
from bench.watching import Watch
from domain.database import engine_for, transactions
from domain.numbers import E164
from tests.databases import Postgres, Sqlite, postgres_server
from tests.freeswitch.event_socket import EventSocket
from tests.freeswitch.real import Telephony
from tests.people import Person
from tests.system.programs import Programs, Switchboard, System, build_sounds

A_STAYS, B_STAYS = 3.0, 0.5
TALKS_ON = E164("+48225559990")
NOWHERE = "http://127.0.0.1:9"
PATIENCE = 90.0
SETTLED = 3.0
"""Seconds in which what was used last is let go."""


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
    objects_gained: int
    blocks_gained: int
    greenlets_left: int
    holds_left: int
    audit_faults: int


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
    wait_for(lambda: count(link, "bridged_calls") == len(people))
    for party in parties:
        party.begin_to_press("##")
    wait_for(lambda: count(link, "bridged_calls") == 0)
    staying = [party for party in parties if party.is_on_the_line]
    for party in staying:
        party.hang_up()
    wait_for(lambda: len(crowd.idle()) == len(crowd.people))
    return len(parties) - len(staying)


def count(link: EventSocket, what: str) -> int:
    """How many of something the switch has."""
    return int(json.loads(link.api(f"show {what} as json"))["row_count"])


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
    at_first, cpu, began = watch.alive(), watch.cpu(), time.monotonic()
    lost = run(crowd, watch, sessions // 3)
    warm = watch.alive()
    lost += run(crowd, watch, sessions)
    wait_for(lambda: len(crowd.idle()) == len(crowd.people))
    took, used = time.monotonic() - began, watch.cpu() - cpu
    time.sleep(SETTLED)
    at_last = watch.alive()
    return Result(
        sessions=sessions,
        calls_per_s=round(sessions / took, 1),
        cpu_ms_per_call=round(used * 1000 / sessions, 1),
        users_lost=lost,
        memory_mb=round(watch.megabytes(), 1),
        growth_kb_per_100_sessions=round(watch.slope(), 1),
        objects_gained=at_last["objects"] - warm["objects"],
        blocks_gained=at_last["blocks"] - warm["blocks"],
        greenlets_left=at_last["greenlets"] - at_first["greenlets"],
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
