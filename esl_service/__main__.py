"""Run the ESL service: `python -m esl_service development.ini`."""

from gevent import monkey

monkey.patch_all()

import gc
import logging.config
import os
import signal
import sys
from configparser import ConfigParser
from pathlib import Path

import gevent

from domain.settings import BadSettings
from esl_service.app import App
from esl_service.journal import CallFilter
from esl_service.settings import Settings

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)

CHECK = "--check"
"""Read the settings, tell what is wrong with them, and end."""


def main(arguments: list[str]) -> int:
    """Run until told to stop by SIGINT or SIGTERM; 2 if it may not start.

    Raises what a vital part died of: the program then ends with a traceback and 1.
    """
    files = [each for each in arguments if each != CHECK]
    if len(files) != 1 or not Path(files[0]).is_file():
        sys.stderr.write(f"usage: python -m esl_service FILE.ini [{CHECK}]\n")
        return 2
    return serve(Path(files[0]).resolve(), checks_only=CHECK in arguments)


def serve(path: Path, *, checks_only: bool = False) -> int:
    """Read the settings, say what is wrong with them, or work."""
    ini = ConfigParser({"here": str(path.parent)})
    ini.read(path)
    try:
        section = ini["esl_service"] if "esl_service" in ini else ini["DEFAULT"]
        settings = Settings.from_ini(section, os.environ)
    except BadSettings as error:
        sys.stderr.write(f"{path.name} [esl_service]: {error}\n")
        return 2
    if checks_only:
        return 0
    logging.config.fileConfig(ini, disable_existing_loggers=False)
    for handler in logging.getLogger().handlers:
        handler.addFilter(CallFilter())
    app = App(settings)
    gc.freeze()  # what is loaded stays, and need not be looked through again and again
    stops = [gevent.signal_handler(number, app.stop) for number in STOP_SIGNALS]
    try:
        app.run()
    finally:
        for stop in stops:
            stop.cancel()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
