"""Standing still ourselves, which must not be taken for the switch's silence.

While a disk keeps a commit waiting nothing of us runs, for seconds on a bad day (4 s
seen). The event loop then rings every timer that has run out before it reads a socket:
each wait seems to have been in vain, and what was waited for lies there unread.
"""

from typing import Final

import gevent

BREATH: Final = 0.25
"""Seconds in which what has come is read and handed on, even if its reader rests."""


def catch_up() -> None:
    """Let everything that has come be read, before a wait is given up."""
    gevent.sleep(BREATH)
