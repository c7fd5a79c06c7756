"""A switch for the machine of money: it honours its stops, whatever programs do.

And a power supply that fails before or after a commit, as if the program had died.
"""

from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum

from domain.calls.sessions import Ending
from tests.people import ACCESS_NUMBER, after


class PowerCut(Exception):
    """The program died."""


class Moment(Enum):
    """When in a transaction the power fails."""

    BEFORE_THE_COMMIT = "before"
    AFTER_THE_COMMIT = "after"


class Power:
    """Opens transactions; in the middle of some the program dies."""

    def __init__(self, transaction):
        self._transaction = transaction
        self._countdown = 0
        self._moment = Moment.BEFORE_THE_COMMIT

    def fails(self, writes, moment):
        """Let it fail at so many transactions from now that write."""
        self._countdown, self._moment = writes, moment

    def lasts(self):
        """Let it not fail any more."""
        self._countdown = 0

    @contextmanager
    def __call__(self, *, write=True):
        self._countdown -= write
        cut = self._moment if write and self._countdown == 0 else None
        with self._transaction(write=write) as services:
            yield services
            if cut is Moment.BEFORE_THE_COMMIT:
                raise PowerCut
        if cut is Moment.AFTER_THE_COMMIT:
            raise PowerCut


@dataclass
class Call:
    """One that came to us, from the n-th telephone, at a second after noon."""

    n: int
    uuid: str
    login: str
    at: float

    def come_in(self, services, proves_after, now):
        """Store its leg A. Raises a Refusal."""
        account = services.accounts.by_login(self.login)
        ring = services.arrivals.ring(ACCESS_NUMBER, f"+4860000{self.n:04}")
        if proves_after is None:
            return services.arrivals.come_in(account, ring, self.uuid, now)
        return services.arrivals.come_in_later(
            account, ring, self.uuid, after(self.at), now
        )


@dataclass
class Channel:
    """A leg as the switch knows it; times are seconds after noon."""

    uuid: str
    session_id: int
    is_a: bool
    rings_until: float
    stops_after: int
    answered: float | None = None
    stop: float | None = None
    ended: Ending | None = None

    def pick_up(self, at):
        """Somebody answers; the switch's own stop counts from now."""
        self.answered, self.stop = at, at + self.stops_after


@dataclass
class Switch:
    """Who is on the line, and how everybody ended."""

    channels: list[Channel] = field(default_factory=list)

    def live(self, *, answered: bool | None = None, is_a: bool | None = None):
        return [
            each
            for each in self.channels
            if each.ended is None
            and answered in (None, each.answered is not None)
            and is_a in (None, each.is_a)
        ]

    def ended(self):
        return [each for each in self.channels if each.ended is not None]

    def beside(self, channel):
        """Who is in the same session, alive."""
        return [
            each
            for each in self.live()
            if each.session_id == channel.session_id and each is not channel
        ]

    def end(self, channel, at, cause):
        talked = 0 if channel.answered is None else at - channel.answered
        answered_at = None if channel.answered is None else after(channel.answered)
        channel.ended = Ending(cause, round(talked * 1e6), answered_at, after(at))

    def stops(self):
        """When the switch will end somebody by itself."""
        return [
            each.stop if each.answered is not None else each.rings_until
            for each in self.live()
        ]
