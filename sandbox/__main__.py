"""Run the sandbox: `python -m sandbox development.ini`."""

from gevent import monkey

monkey.patch_all()

import argparse
import logging.config
import os
import signal
import sys
from collections.abc import Mapping
from configparser import ConfigParser
from configparser import Error as ConfigParserError

import gevent
from gevent.event import Event

from sandbox.app import Sandbox
from sandbox.settings import BadSettings, Settings

log = logging.getLogger("sandbox")


def main(arguments: list[str], environ: Mapping[str, str]) -> int:
    """Serve until told to stop; returns the program's exit status."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("ini", nargs="?", help="the file with a [sandbox] section")
    parser.add_argument("--check", action="store_true", help="only read the settings")
    options = parser.parse_args(arguments)
    try:
        settings = Settings.from_ini(_section(options.ini), environ)
        if options.check:
            return 0
        sandbox = Sandbox(settings)
        sandbox.start()
    except (BadSettings, ConfigParserError, OSError) as error:
        sys.stderr.write(f"the sandbox did not start: {error}\n")
        return 1
    _announce(sandbox)
    _wait_for_the_end()
    sandbox.stop()
    return 0


def _section(ini: str | None) -> Mapping[str, str]:
    """Read the [sandbox] section and set up the file's logging, if it has any."""
    if ini is None:
        logging.basicConfig(level=logging.INFO)
        return {}
    here = os.path.dirname(os.path.abspath(ini))  # noqa: PTH100, PTH120
    parser = ConfigParser({"here": here})
    with open(ini, encoding="utf-8") as file:  # noqa: PTH123
        parser.read_file(file)
    if parser.has_section("loggers"):
        logging.config.fileConfig(parser, disable_existing_loggers=False)
    return parser["sandbox"] if parser.has_section("sandbox") else {}


def _announce(sandbox: Sandbox) -> None:
    """Say where the doors are: on two lines that a program can read as well."""
    for name, (host, port) in (
        ("event socket", sandbox.event_socket),
        ("web", sandbox.web),
    ):
        sys.stdout.write(f"{name}: {host}:{port}\n")
    sys.stdout.flush()


def _wait_for_the_end() -> None:
    told = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        gevent.signal_handler(number, told.set)
    told.wait()
    log.info("stopped")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
