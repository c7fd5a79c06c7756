"""One beat for all that is done again and again, so that it is done together.

A program that sleeps pays for being woken: 0.1 ms and more, until its code is in the
processor's caches again. What wakes it at the same moment as something else is nearly
free.
"""

import math
from collections.abc import Callable
from typing import Final

_JUST: Final = 0.1
"""The share of a period after which the next beat is not the one just heard."""


class Beat:
    """Counts from when it was made; whole multiples of a period are its beats."""

    def __init__(self, watch: Callable[[], float]) -> None:
        """`watch` tells seconds that never go back."""
        self._watch = watch
        self._began = watch()

    def left(self, period: float) -> float:
        """Seconds until the next beat of this period: a tenth of it at least.

        >>> now = 100.0
        >>> beat = Beat(lambda: now)
        >>> now = 100.7
        >>> round(beat.left(0.5), 3)
        0.3
        """
        since = self._watch() - self._began
        beats = math.floor(since / period + _JUST) + 1
        return beats * period - since
