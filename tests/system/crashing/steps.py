"""Programs made to die at a named step: `CRASH_AT='welcome is written'`.

Every writing transaction has two steps, named by its verb, which is the function of
ours that opened it: `welcome is written` (and not committed) and `welcome is kept`.
The second time a verb comes, it is called `settle 2`. Steps before there is a file
`CRASH_SINCE`, where one is named, do not count.
"""

import os
import signal
import sys
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

CRASH_AT = os.environ.get("CRASH_AT")
CRASH_SINCE = os.environ.get("CRASH_SINCE")

times = Counter()


def dangerous(make_transactions, *modules):
    """`transactions`, some of which are never left alive; `modules` name the verbs."""

    def transactions(engine, *rules, **more):
        transaction = make_transactions(engine, *rules, **more)

        @contextmanager
        def opened(*, write=True):
            verb = verb_of(sys._getframe(2), modules) if write else None
            with transaction(write=write) as services:
                yield services
                if verb:
                    reach(f"{verb} is written")
            if verb:
                reach(f"{verb} is kept")

        return opened

    return transactions


def noisy(command, name):
    """A command that dies once the switch has taken it: `bridge is sent`."""

    def sent(commands, *arguments):
        answer = command(commands, *arguments)
        reach(f"{name(*arguments)} is sent")
        return answer

    return sent


def verb_of(frame, modules):
    """What one of the modules is doing, and for which time; None if that is nothing."""
    while frame and frame.f_globals.get("__name__") not in modules:
        frame = frame.f_back
    if frame is None or (CRASH_SINCE and not Path(CRASH_SINCE).exists()):
        return None
    verb = frame.f_code.co_name.lstrip("_")
    times[verb] += 1
    return verb if times[verb] == 1 else f"{verb} {times[verb]}"


def reach(step):
    """Die here, as in a power cut, if this is the step."""
    if step == CRASH_AT:
        sys.stderr.write(f"crashed: {step}\n")
        sys.stderr.flush()
        os.kill(os.getpid(), signal.SIGKILL)
