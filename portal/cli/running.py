"""`sms-callback run`: the whole system on one machine, from nothing."""

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import click
from alembic import command
from alembic.config import Config

from domain.settings import BadSettings, SettingsReader
from portal.cli.demo import ACCESS_NUMBER, LOGIN, NUMBER, PASSWORD, Seeded, seed
from portal.cli.household import Household, Program, Unwell, look_for_strangers
from portal.cli.secret_file import SecretFile
from portal.cli.site import Site
from portal.settings import Settings

_SEED_LINE: Final = "U.callback P.pass D.48774417880 O.12345678"


@click.command()
@click.pass_obj
def run(site: Site) -> None:
    """Prepare and run everything here: sandbox, ESL service, portal.

    Makes what is missing (secrets, database, prompts, a demo account), then runs
    until Ctrl-C. Logs are in var/log.
    """
    environ = SecretFile(site.folder).make(os.environ)
    _check_settings(site, environ)
    addresses = Addresses(site)
    programs = _programs(site, addresses)
    try:
        for program in programs:
            look_for_strangers(program)  # before anything is made
        _build_prompts(site, environ)
        command.upgrade(Config(site.config), "head")
        told = screen(addresses, seed(site))
        # The outer `with` lasts longest: a second Ctrl-C must not stop the stopping.
        with _until_told() as is_told, Household(site.folder, environ) as household:
            _watch(household, programs, told, is_told)
    except Unwell as trouble:
        raise click.ClickException(str(trouble)) from trouble
    click.echo("stopped")


def _watch(
    household: Household,
    programs: list[Program],
    told: str,
    is_told_to_stop: Callable[[], bool],
) -> None:
    """Start the programs, tell that they serve, and wait for the end."""
    for program in programs:
        household.start(program)
    household.wait_until_all_serve(is_told_to_stop)
    if not is_told_to_stop():
        click.echo(told)
    household.wait(is_told_to_stop)


class Addresses:
    """Where each program serves, as the settings say."""

    def __init__(self, site: Site) -> None:
        server = SettingsReader("server", site.section("server:main"), {})
        sandbox = site.reader("sandbox", "sandbox")
        self.portal = server.address("listen", "127.0.0.1:6543")
        self.sandbox = sandbox.address("web", "127.0.0.1:6544")
        self.event_socket = sandbox.address("event_socket", "127.0.0.1:18021")
        server.check()
        sandbox.check()


def _programs(site: Site, addresses: Addresses) -> list[Program]:
    config = str(site.config)
    python = (sys.executable, "-m")
    return [
        Program(
            "sandbox",
            (*python, "sandbox", config),
            (addresses.sandbox, addresses.event_socket),
        ),
        Program("esl_service", (*python, "esl_service", config)),
        Program(
            "portal", (*python, "pyramid.scripts.pserve", config), (addresses.portal,)
        ),
    ]


def _check_settings(site: Site, environ: Mapping[str, str]) -> None:
    """Let every program read its settings; tell all that is wrong before a start."""
    faults = []
    for program in ("sandbox", "esl_service"):
        read = subprocess.run(  # noqa: S603 - our own program
            (sys.executable, "-m", program, str(site.config), "--check"),
            cwd=site.folder,
            env=dict(environ),
            capture_output=True,
            text=True,
            check=False,
        )
        if read.returncode:
            faults.append(read.stderr.strip())
    try:
        Settings.from_ini(site.section("app:main"), environ)
    except BadSettings as bad:
        faults.append(f"{site.config.name} [app:main]: {bad}")
    if faults:
        raise click.ClickException("\n".join(faults))


def _build_prompts(site: Site, environ: Mapping[str, str]) -> None:
    reader = site.reader()
    command = [sys.executable, "-m", "sounds", "build"]
    command += ["--to", reader.text("sounds.folder", "var/sounds")]
    if synthesizer := reader.text("sounds.synthesizer", ""):
        command += ["--synthesizer", synthesizer]
    click.echo("building the prompts: all of them take a minute or two")
    with subprocess.Popen(  # noqa: S603 - our own program
        command,
        cwd=site.folder,
        env=dict(environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as building:
        try:
            said, trouble = building.communicate()
        except KeyboardInterrupt:
            building.wait()  # it was told too, and lets its workers go
            raise
    if building.returncode:
        raise click.ClickException(f"the prompts were not built: {trouble.strip()}")
    click.echo(f"prompts: {said.strip()}")


@contextmanager
def _until_told() -> Iterator[Callable[[], bool]]:
    """Yield whether Ctrl-C, SIGTERM or a closed terminal told us to stop."""
    told: list[int] = []
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    for number in numbers:
        signal.signal(number, lambda told_by, _frame: told.append(told_by))
    try:
        yield lambda: bool(told)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def screen(addresses: Addresses, seeded: Seeded) -> str:
    """What somebody sees who has just begun: where things are, and what to try."""
    portal, sandbox, switch = (
        f"{host}:{port}"
        for host, port in (
            addresses.portal,
            addresses.sandbox,
            addresses.event_socket,
        )
    )
    body = f'{{"to":"{ACCESS_NUMBER}","text":"{_SEED_LINE}"}}'
    curl = [
        "curl -s -X POST",
        f"http://{sandbox}/handsets/{NUMBER}/sms",
        "-H 'Content-Type: application/json'",
        f"-d {shlex.quote(body)}",
    ]
    return "\n".join(
        [
            "",
            f"  portal        http://{portal}",
            f"  sandbox       http://{sandbox}",
            f"  event socket  {switch}, where the sandbox plays FreeSWITCH",
            "",
            f"  login         {LOGIN}, password {PASSWORD}",
            f"  number        {seeded.number}, registered",
            f"  balance       {seeded.balance}",
            "",
            "  Open the sandbox first: it shows the telephones. Then text us by this",
            "  line (or there, from the handset of the registered number). The phone",
            "  behind O. rings, +4812345678, for 30 seconds: answer it, press 1. Then",
            "  the one behind D. rings, +48774417880:",
            "",
            f"  {' '.join(curl)}",
            "",
            "  Ctrl-C stops everything. Logs are in var/log.",
        ]
    )
