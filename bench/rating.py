"""What a quote takes among a million prefixes, and what it takes to bring them in.

    python bench/rating.py
    python bench/rating.py --json --database sqlite --rows 100000

Starts a database of its own and brings two price lists in by `sms-callback rates
import`: one of a thousand prefixes, one of a million. Then quotes two-leg calls by
either in turn, so that whatever else the machine does falls on both. A quote finds
plan, rules and both rates, sees what is held, and searches the limit; each is timed in
a transaction of its own, alone and with the transaction and the reading of the account
around it. Every number has six prefixes that match, and none is asked twice. `ratio`
is that of the medians, the large list to the small one.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from subprocess import DEVNULL, Popen

sys.path.insert(0, str(Path(__file__).parent.parent))

from domain.accounts.service import NewAccount
from domain.database import Transaction, engine_for, transactions
from domain.ledger.models import Kind
from domain.numbers import E164, is_costly
from tests.databases import ROOT, Postgres, Sqlite, postgres_server
from tests.people import NOON

COUNTRIES = ("48", "44", "33", "49", "34", "39", "31", "32", "43")
SMALL = 1_000
STRIDE = 611_953
"""A prime: going round by it, every prefix is met once."""
WARMING = 200
WRITE_EVERY_S = 0.05
DATABASES = ("sqlite", "postgres")


@dataclass(frozen=True)
class Brought:
    """What one import took."""

    seconds: float
    megabytes: float
    others_ms: float
    """A small write meanwhile: of a hundred ninety-nine took no longer."""


@dataclass(frozen=True)
class Result:
    """What was seen on one database; times in milliseconds."""

    large_ms: list[float]
    small_ms: list[float]
    whole_ms: list[float]
    """By the large list, the transaction around it included."""
    brought: Brought

    @property
    def ratio(self) -> float:
        """How much longer a quote takes by the large list, in the median."""
        return median(self.large_ms) / median(self.small_ms)


def p99(times: list[float]) -> float:
    """Of a hundred ninety-nine took no longer."""
    return quantiles(times, n=100)[98]


def prefix(number: int) -> str:
    """Each country's code, then each of them with a digit more, and so on."""
    digits = 0
    while number >= (level := len(COUNTRIES) * 10**digits):
        number -= level
        digits += 1
    country, tail = divmod(number, 10**digits)
    return f"{COUNTRIES[country]}{tail:0{digits}}" if digits else COUNTRIES[country]


def write_sheet(file: Path, rows: int) -> None:
    """A price list as an operator is sent it: by no order in particular.

    Written without a list of it all: an import begins with the memory of whoever
    started it, and would be charged for ours.
    """
    with file.open("w") as sheet:
        sheet.write("prefix,destination,per_minute,setup,first_block,step\n")
        for number in range(rows):
            dialled = prefix(number * STRIDE % rows)
            price = number * STRIDE % 500_000 + 1
            sheet.write(f"{dialled},Place {dialled[:5]},0.{price:06},0.01,30,6\n")


def bring_in(url: str, file: Path, plan: str, write: Callable[[], None]) -> Brought:
    """Import a sheet as an operator would, in a process of its own.

    Meanwhile `write` is done again and again, as live calls would.
    """
    command = [str(Path(sys.executable).with_name("sms-callback")), "rates", "import"]
    waits = []
    began = time.perf_counter()
    process = Popen(  # noqa: S603 - our own program
        [*command, str(file), "--plan", plan],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        stdout=DEVNULL,
    )
    while True:
        pid, status, used = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        wished = time.perf_counter()
        write()
        waits.append((time.perf_counter() - wished) * 1000)
        time.sleep(WRITE_EVERY_S)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit("the import failed")
    seconds = time.perf_counter() - began
    return Brought(seconds, used.ru_maxrss / 1024, p99(waits))


def settle_in(transaction: Transaction, name: str) -> int:
    """A plan, and an account on it with money; the account's id."""
    with transaction() as services:
        plan = services.tariffs.create(name, "USD")
        new = NewAccount(name, "a password", plan.id, "USD")
        account = services.accounts.create(new, NOON)
        services.ledger.post(
            account.id, Kind.TOP_UP, 10_000_000, reference=name, now=NOON
        )
        return account.id


def touch(transaction: Transaction, account_id: int) -> None:
    """The smallest thing that a call writes: an account, locked and changed."""
    with transaction() as services:
        account = services.accounts.locked(account_id)
        account.announces_balance = not account.announces_balance


def pairs(many: int) -> list[tuple[E164, E164]]:
    """Pairs of numbers that may be rung, each another."""
    chance = random.Random(many)
    found: set[E164] = set()
    while len(found) < 2 * many:
        digits = chance.randrange(10**8, 10**9)
        number = E164(f"+{chance.choice(COUNTRIES)}{digits}")
        if not is_costly(number):
            found.add(number)
    in_order = sorted(found)
    chance.shuffle(in_order)
    return list(zip(in_order[::2], in_order[1::2], strict=True))


def quote(
    transaction: Transaction, account_id: int, legs: tuple[E164, E164]
) -> tuple[float, float]:
    """How many milliseconds one quote takes, alone and with its transaction."""
    now = NOON.replace(year=NOON.year + 1)
    is_costly.cache_clear()  # no other quote has looked at these numbers
    began = time.perf_counter()
    with transaction(write=False) as services:
        account = services.accounts.get(account_id)
        asked = time.perf_counter()
        services.quotes.quote(account, *legs, now)
        told = time.perf_counter()
    return (told - asked) * 1000, (time.perf_counter() - began) * 1000


def measure(url: str, folder: Path, rows: int, quotes: int) -> Result:
    """Fill a database and quote by both of its lists in turn."""
    engine = engine_for(url)
    transaction = transactions(engine)
    accounts = {size: settle_in(transaction, f"of {size}") for size in (SMALL, rows)}
    for size, account_id in accounts.items():
        file = folder / f"{size}.csv"
        if not file.exists():
            write_sheet(file, size)
        brought = bring_in(
            url, file, f"of {size}", partial(touch, transaction, account_id)
        )
    took: dict[int, list[tuple[float, float]]] = {size: [] for size in accounts}
    for legs in pairs(quotes + WARMING):
        for size, account_id in accounts.items():
            took[size].append(quote(transaction, account_id, legs))
    engine.dispose()
    large, whole = zip(*took[rows][WARMING:], strict=True)
    small, _ = zip(*took[SMALL][WARMING:], strict=True)
    return Result(list(large), list(small), list(whole), brought)


def as_json(results: dict[str, Result], rows: int) -> dict[str, object]:
    """What the table tells; the import's figures are those of the worst database."""
    return {
        "rows": rows,
        "quote_p99_ms": {
            name: round(p99(r.large_ms), 3) for name, r in results.items()
        },
        "quote_median_ms": {
            name: round(median(r.large_ms), 3) for name, r in results.items()
        },
        "transaction_p99_ms": {
            name: round(p99(r.whole_ms), 3) for name, r in results.items()
        },
        "ratio": {name: round(r.ratio, 3) for name, r in results.items()},
        "import_s": round(max(r.brought.seconds for r in results.values()), 1),
        "import_others_p99_ms": {
            name: round(r.brought.others_ms, 1) for name, r in results.items()
        },
        "import_mb": round(max(r.brought.megabytes for r in results.values())),
    }


def print_table(results: dict[str, Result], rows: int) -> None:
    """The same for people."""
    print(f"{rows} prefixes")
    print("                quote        | transaction |       | import")
    print("database   median ms  p99 ms |      p99 ms | ratio | s  MB  others' p99 ms")
    for name, each in results.items():
        brought = each.brought
        print(
            f"{name:9} {median(each.large_ms):10.2f} {p99(each.large_ms):7.2f} |"
            f" {p99(each.whole_ms):11.2f} | {each.ratio:5.2f} | {brought.seconds:.1f}"
            f"  {brought.megabytes:.0f}  {brought.others_ms:.0f}"
        )


def main() -> None:
    """Read the wishes, measure, tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--quotes", type=int, default=2_000)
    parser.add_argument("--database", choices=[*DATABASES, "both"], default="both")
    parser.add_argument("--json", action="store_true")
    wish = parser.parse_args()
    if wish.rows <= SMALL:
        parser.error(f"--rows must be more than the {SMALL} of the small list")
    names = DATABASES if wish.database == "both" else (wish.database,)
    results = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for name in names:
            if name == "sqlite":
                url = Sqlite(folder).fresh()
            else:
                url = Postgres(stack.enter_context(postgres_server())).fresh()
            results[name] = measure(url, folder, wish.rows, wish.quotes)
    if wish.json:
        print(json.dumps(as_json(results, wish.rows), indent=2))
    else:
        print_table(results, wish.rows)


if __name__ == "__main__":
    main()
