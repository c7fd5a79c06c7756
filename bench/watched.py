"""The ESL service, made to say what it holds on to: at SIGUSR1, a line of JSON.

The line is appended to the file that WATCHED names: objects that the collector knows,
blocks of memory (texts and numbers have one, and no such object), greenlets alive.
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
    objects = gc.get_objects()
    alive = [each for each in objects if isinstance(each, greenlet) and not each.dead]
    told = {
        "objects": len(objects),
        "blocks": sys.getallocatedblocks(),
        "greenlets": len(alive),
    }
    with Path(os.environ["WATCHED"]).open("a") as file:
        file.write(f"{json.dumps(told)}\n")


if __name__ == "__main__":
    gevent.signal_handler(signal.SIGUSR1, tell)
    sys.exit(main(sys.argv[1:]))
