"""How fast SMS are taken: the carriers' door against a bare view on the same server.

Starts one portal (waitress, a database of its own) and, in the same process, an
application of Pyramid with one view that answers `ok`. Both are asked in turn by as
many open connections, for some rounds; the median of each is told. Then messages come
at a steady rate and each answer is timed. Every message is stored durably before it is
answered, and worked meanwhile by the inbox of the same process.
"""

import argparse
import http.client
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from wsgiref.types import StartResponse, WSGIEnvironment

sys.path.insert(0, str(Path(__file__).parent.parent))

import waitress
from pyramid.config import Configurator
from pyramid.response import Response
from sqlalchemy import text

from domain.database import engine_for, transactions
from domain.numbers import E164
from portal import application
from portal.settings import Settings
from tests.databases import ROOT, Postgres, Sqlite, postgres_server
from tests.people import ACCESS_NUMBER, Town
from tests.ports import free_ports
from tests.system.programs import eventually

SECRET = "a secret for the bench"  # noqa: S105 - it opens nothing
SENDERS = 500
BARE = "/bare"
DOOR = "/sms/generic"
_ids = count()

Line = http.client.HTTPConnection


@dataclass(frozen=True)
class Result:
    """What one run showed; also the keys of `--json`."""

    requests_per_s: float
    bare_requests_per_s: float
    ratio: float
    p99_ms: float
    p50_ms: float
    worked_per_s: float
    failed: int


def serve(database: str, port: int) -> None:
    """Be the portal, and the bare application beside it."""
    section = {
        "database.url": database,
        "public_url": "http://127.0.0.1",
        "carriers": "generic",
        "carriers.generic.send_url": "http://127.0.0.1:9/never",
        "outbox.enabled": "false",
    }
    environ = {
        "PORTAL_SESSION_SECRET": "s" * 40,
        "PORTAL_CARRIERS_GENERIC_SECRET": SECRET,
    }
    portal = application(Settings.from_ini(section, environ))
    with Configurator() as config:
        config.add_route("bare", BARE)
        config.add_view(lambda _: Response("ok"), route_name="bare")
        bare = config.make_wsgi_app()

    def both(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        chosen = bare if environ["PATH_INFO"] == BARE else portal
        return chosen(environ, start_response)

    waitress.serve(both, host="127.0.0.1", port=port, threads=8, _quiet=True)


def message() -> str:
    """A command of one of many people; no two are the same message."""
    number = next(_ids)
    told = {
        "id": f"bench-{number}",
        "from": f"+48600{number % SENDERS:06}",
        "to": ACCESS_NUMBER,
        "text": "Q.+48774417880",
    }
    return json.dumps(told)


def ask(line: Line, path: str) -> bool:
    """Post one message; whether it was taken."""
    headers = {"Content-Type": "application/json", "X-Secret": SECRET}
    line.request("POST", path, message(), headers)
    answer = line.getresponse()
    answer.read()
    return answer.status == http.client.OK


class Load:
    """So many connections that stay open, and what they ask."""

    def __init__(self, port: int, lines: int) -> None:
        self._lines = [Line("127.0.0.1", port, timeout=60) for _ in range(lines)]
        self.failed = 0

    def hurry(self, path: str, seconds: float) -> float:
        """Ask as fast as it is answered; requests a second."""
        until = time.monotonic() + seconds

        def go(line: Line) -> int:
            taken = 0
            while time.monotonic() < until:
                self.failed += not ask(line, path)
                taken += 1
            return taken

        return sum(self._together(go)) / seconds

    def pace(self, path: str, rate: float, seconds: float) -> list[float]:
        """Ask at a steady rate; how long each answer took, ms, from when it was due."""
        begun = time.monotonic() + 0.1
        turns = iter(range(int(rate * seconds)))

        def go(line: Line) -> list[float]:
            took = []
            for turn in turns:
                due = begun + turn / rate
                time.sleep(max(0.0, due - time.monotonic()))
                self.failed += not ask(line, path)
                took.append((time.monotonic() - due) * 1000)
            return took

        return [each for some in self._together(go) for each in some]

    def _together(self, go: Callable) -> list:
        with ThreadPoolExecutor(len(self._lines)) as threads:
            return list(threads.map(go, self._lines))


def worked(database: str) -> int:
    """How many messages the inbox has worked."""
    engine = engine_for(database)
    with engine.connect() as connection:
        found = connection.scalar(
            text("SELECT count(*) FROM inbound_sms WHERE state = 'worked'")
        )
    engine.dispose()
    return found or 0


def measure(database: str, port: int, wish: argparse.Namespace) -> Result:
    """Ask both in turn, then at a steady rate."""
    load = Load(port, wish.lines)
    load.hurry(BARE, 0.5)
    load.hurry(DOOR, 0.5)
    rates: dict[str, list[float]] = {BARE: [], DOOR: []}
    before, begun = worked(database), time.monotonic()
    for _ in range(wish.rounds):
        for path, seen in rates.items():
            seen.append(load.hurry(path, wish.seconds))
    done = (worked(database) - before) / (time.monotonic() - begun)
    door, bare = median(rates[DOOR]), median(rates[BARE])
    took = load.pace(DOOR, wish.rate, wish.seconds * 5)
    cuts = quantiles(took, n=100)
    return Result(
        requests_per_s=round(door, 1),
        bare_requests_per_s=round(bare, 1),
        ratio=round(door / bare, 3),
        p99_ms=round(cuts[98], 1),
        p50_ms=round(cuts[49], 1),
        worked_per_s=round(done, 1),
        failed=load.failed,
    )


def prepare(database: str) -> None:
    """Open an account for every sender."""
    town = Town(transactions(engine_for(database)))
    for number in range(SENDERS):
        town.welcome(f"bench{number}", number=E164(f"+48600{number:06}"))


def run(database: str, wish: argparse.Namespace) -> Result:
    """Start the portal as a program of its own, measure, stop it."""
    prepare(database)
    (port,) = free_ports(1)
    command = [sys.executable, __file__, "--serve", database, "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as portal:  # noqa: S603 - ourselves
        try:
            eventually(lambda: _serves(port))
            return measure(database, port, wish)
        finally:
            portal.terminate()


def _serves(port: int) -> bool:
    try:
        return ask(Line("127.0.0.1", port), BARE)
    except OSError:
        return False


def table(result: Result) -> str:
    """The figures, one a line."""
    return "\n".join(f"{name:<24}{value:>10}" for name, value in vars(result).items())


def main() -> None:
    """Read the wishes, run, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=2, help="of each round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--lines", type=int, default=8, help="open connections")
    parser.add_argument("--rate", type=float, default=50, help="SMS a second, paced")
    parser.add_argument(
        "--database", choices=["sqlite", "postgres"], default="postgres"
    )
    parser.add_argument("--json", action="store_true", help="one object, no table")
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    wish = parser.parse_args()
    if wish.serve:
        serve(wish.serve, wish.port)
        return
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if wish.database == "postgres":
            server = stack.enter_context(postgres_server(durable=True))
            database = Postgres(server).fresh()
        else:
            database = Sqlite(folder).fresh()
        result = run(database, wish)
    print(json.dumps(vars(result)) if wish.json else table(result))


if __name__ == "__main__":
    main()
