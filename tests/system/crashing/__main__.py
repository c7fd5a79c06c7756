"""The ESL service, made to die at a named step: `CRASH_AT='admit is written'`.

Every writing transaction of the desk and the till has two steps, named by its verb:
`welcome is written` (and not committed) and `welcome is kept`. The second time a verb
comes, it is called `settle 2`. Without CRASH_AT it is the service itself, only quicker
to look for legs that nobody serves.
"""

from gevent import monkey

monkey.patch_all()

import os
import signal
import sys
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import esl_service.app
from esl_service.__main__ import main
from esl_service.pumps import lost

CRASH_AT = os.environ.get("CRASH_AT")
VERBS = ("esl_service.desk", "esl_service.till")

make_transactions = esl_service.app.transactions
times = Counter()


def transactions(engine, rules):
    """The way to open transactions, some of which are never left alive."""
    transaction = make_transactions(engine, rules)

    @contextmanager
    def dangerous(*, write=True):
        verb = verb_of(sys._getframe(2)) if write else None
        with transaction(write=write) as services:
            yield services
            if verb:
                reach(f"{verb} is written")
        if verb:
            reach(f"{verb} is kept")

    return dangerous


def verb_of(frame):
    """What the desk or the till is doing, and for which time."""
    while frame.f_globals.get("__name__") not in VERBS:
        frame = frame.f_back
    verb = frame.f_code.co_name.lstrip("_")
    times[verb] += 1
    return verb if times[verb] == 1 else f"{verb} {times[verb]}"


def reach(step):
    """Die here, as in a power cut, if this is the step."""
    if step == CRASH_AT:
        sys.stderr.write(f"crashed: {step}\n")
        sys.stderr.flush()
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    esl_service.app.transactions = transactions
    esl_service.app.LOOK_FOR_LOST = 0.5
    lost.GRACE = timedelta(seconds=1)
    sys.exit(main(sys.argv[1:]))
