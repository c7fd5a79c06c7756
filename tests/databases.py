"""Real databases for tests: a file of SQLite, a private server of PostgreSQL."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from domain.database import engine_for

ROOT = Path(__file__).parent.parent

on_both = pytest.mark.parametrize(
    "database",
    ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)],
    indirect=True,
)
"""Run a test on SQLite and on PostgreSQL: money and queues must hold on both."""


def migrate(url: str, *, down_to: str | None = None) -> None:
    """Bring a database to the newest revision, or down to one, as an operator would."""
    config = Config(ROOT / "development.ini")
    engine = engine_for(url)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        if down_to is None:
            command.upgrade(config, "head")
        else:
            command.downgrade(config, down_to)
        connection.commit()
    engine.dispose()


class Sqlite:
    """Databases as files, each a copy of one that was migrated once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template.sqlite"
        migrate(f"sqlite:///{self._template}")
        with create_engine(f"sqlite:///{self._template}").connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        self._made = 0

    def fresh(self) -> str:
        """The URL of a new, empty, migrated database."""
        self._made += 1
        path = self._folder / f"{self._made}.sqlite"
        shutil.copy(self._template, path)
        return f"sqlite:///{path}"


class Postgres:
    """Databases of one server, each made from a template that was migrated once."""

    def __init__(self, socket_folder: Path) -> None:
        self._folder = socket_folder
        self._made = 0
        self._execute("CREATE DATABASE template")
        migrate(self._url("template"))

    def fresh(self) -> str:
        """The URL of a new, empty, migrated database."""
        self._made += 1
        self._execute(f"CREATE DATABASE t{self._made} TEMPLATE template")
        return self._url(f"t{self._made}")

    def _url(self, name: str) -> str:
        return f"postgresql+psycopg://tests@/{name}?host={self._folder}"

    def _execute(self, statement: str) -> None:
        engine = create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


@contextmanager
def postgres_server(*, durable: bool = False) -> Iterator[Path]:
    """Start a private server; yield the folder of its socket.

    Only a `durable` one waits for the disk at each commit, as in life.
    """
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL's programs (initdb, postgres) are not installed")
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    user = _unprivileged(folder)
    data = folder / "data"
    _run(user, programs / "initdb", "-D", data, "-U", "tests", "-A", "trust", "-N")
    _start(user, programs, folder, durable=durable)
    try:
        yield folder
    finally:
        _stop(user, programs, folder)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def stopped(folder: Path) -> Iterator[None]:
    """End a server at once, as a power cut would; start it again after the block."""
    programs, user = _programs(), "nobody" if os.geteuid() == 0 else None
    assert programs is not None
    _stop(user, programs, folder)
    try:
        yield
    finally:
        _start(user, programs, folder)


@contextmanager
def frozen(folder: Path) -> Iterator[None]:
    """Let a server and all its processes stand still until the end of the block."""
    first = int((folder / "data" / "postmaster.pid").read_text().split()[0])
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    pids = [first, *map(int, children)]
    try:
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def _start(
    user: str | None, programs: Path, folder: Path, *, durable: bool = False
) -> None:
    # Sockets in the folder only: no port to collide on.
    fsync = "on" if durable else "off"
    options = (
        f"-k {folder} -c listen_addresses= -c fsync={fsync} -c max_connections=200"
    )
    how = ("-w", "-l", folder / "log", "-o", options)
    _run(user, programs / "pg_ctl", "-D", folder / "data", *how, "start")


def _stop(user: str | None, programs: Path, folder: Path) -> None:
    _run(user, programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")


def _programs() -> Path | None:
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return installed[-1].parent if installed else None


def _unprivileged(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root: hand the folder to somebody else."""
    if os.geteuid() != 0:
        return None
    shutil.chown(folder, "nobody")
    return "nobody"


def _run(user: str | None, *command_line: object) -> None:
    subprocess.run(
        [str(part) for part in command_line],
        check=True,
        capture_output=True,
        user=user,
        cwd="/",
    )
