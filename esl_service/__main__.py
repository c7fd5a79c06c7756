"""Run the ESL service: `python -m esl_service development.ini`."""

from gevent import monkey

monkey.patch_all()

import logging.config
import os
import signal
import sys
from configparser import ConfigParser
from pathlib import Path

import gevent

from domain.settings import BadSettings
from esl_service.app import App, CallFilter
from esl_service.settings import Settings

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def main(arguments: list[str]) -> int:
    """Run until told to stop by SIGINT or SIGTERM; 2 if it may not start.

    Raises what a vital part died of: the program then ends with a traceback and 1.
    """
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        sys.stderr.write("usage: python -m esl_service FILE.ini\n")
        return 2
    return serve(Path(arguments[0]).resolve())


def serve(path: Path) -> int:
    """Read the settings, say what is wrong with them, or work."""
    ini = ConfigParser({"here": str(path.parent)})
    ini.read(path)
    try:
        section = ini["esl_service"] if "esl_service" in ini else ini["DEFAULT"]
        settings = Settings.from_ini(section, os.environ)
    except BadSettings as error:
        sys.stderr.write(f"{path.name} [esl_service]: {error}\n")
        return 2
    logging.config.fileConfig(ini, disable_existing_loggers=False)
    for handler in logging.getLogger().handlers:
        handler.addFilter(CallFilter())
    app = App(settings)
    stops = [gevent.signal_handler(number, app.stop) for number in STOP_SIGNALS]
    try:
        app.run()
    finally:
        for stop in stops:
            stop.cancel()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
