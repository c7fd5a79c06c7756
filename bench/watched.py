"""The ESL service, made to say what it holds on to: at SIGUSR1, a line of JSON.

The line is appended to the file that WATCHED names: greenlets alive, and megabytes.
"""

from gevent import monkey

monkey.patch_all()

import gc
import json
import os
import signal
import sys
from pathlib import Path

import gevent
from greenlet import greenlet

from esl_service.__main__ import main


def tell() -> None:
    """Count what is alive, after everything that can be forgotten was."""
    gc.collect()
    alive = [each for each in gc.get_objects() if isinstance(each, greenlet)]
    told = {"greenlets": sum(1 for each in alive if not each.dead)}
    with Path(os.environ["WATCHED"]).open("a") as file:
        file.write(f"{json.dumps(told)}\n")


if __name__ == "__main__":
    gevent.signal_handler(signal.SIGUSR1, tell)
    sys.exit(main(sys.argv[1:]))
