"""The keys of one leg: combinations are acted on, all others wait to be read."""

from collections import deque
from collections.abc import Callable
from typing import Protocol

import gevent

from sandbox.switch.digits import Binding, DigitMachine, Outcome


class Owner(Protocol):
    """The leg whose keys these are."""

    def patience(self) -> float:
        """Say how many seconds a combination may take from key to key."""

    def act(self, binding: Binding, keyed: str) -> None:
        """Do what a combination was bound to."""

    def consumed(self, digit: str) -> None:
        """Note that a key was read."""

    def changed(self) -> None:
        """Wake whoever waits for keys."""


class Keypad:
    """Keys pressed, held back for a combination, or waiting to be read."""

    def __init__(self, owner: Owner) -> None:
        self.machine = DigitMachine()
        self._owner = owner
        self._digits: deque[str] = deque()
        self._holding: gevent.Greenlet[[], None] | None = None
        self._ear: Callable[[str], None] | None = None

    def press(self, digits: str) -> None:
        """Take the keys that somebody pressed."""
        for digit in digits:
            if self._holding is not None:
                self._holding.kill(block=False)
            self._settle(self.machine.key(digit))
            if self.machine.holding:
                patience = self._owner.patience()
                self._holding = gevent.spawn_later(patience, self._expire)

    def pass_to(self, ear: Callable[[str], None] | None) -> None:
        """Let somebody hear every key from now on; None lets keys wait again."""
        self._ear = ear

    def waiting(self) -> bool:
        """Say whether keys wait to be read."""
        return bool(self._digits)

    def take(self) -> str:
        """Read the next key."""
        digit = self._digits.popleft()
        self._owner.consumed(digit)
        return digit

    def flush(self) -> None:
        """Forget the keys that nobody read."""
        self._digits.clear()

    def _expire(self) -> None:
        self._holding = None
        self._settle(self.machine.expire())

    def _settle(self, outcome: Outcome) -> None:
        if outcome.fired is not None:
            self._owner.act(outcome.fired, outcome.keyed)
        self._digits.extend(outcome.passed)
        while self._ear is not None and self._digits:
            self._ear(self.take())
        self._owner.changed()
