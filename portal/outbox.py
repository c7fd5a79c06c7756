"""The way out: a thread that hands waiting messages to their carriers.

A message is taken (its next try put off, so that a crash only delays it), sent with
no transaction open, and its fate recorded. Told at least once, and always with the
same id of ours; several portals may empty one outbox.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from pyramid.config import Configurator
from requests import Session

from domain.database import Transaction
from domain.messages.models import Sending
from portal.carriers.base import Carrier, OutgoingSms, Undelivered
from portal.carriers.door import outgoing
from portal.carriers.posting import PATIENCE_S
from portal.carriers.settings import CarrierBook
from portal.carriers.webhook import RepliesWait
from portal.worker import Worker, employ

_log = logging.getLogger(__name__)

TAKEN_AT_ONCE: Final = 10
LEASE: Final = timedelta(seconds=60 + TAKEN_AT_ONCE * 2 * PATIENCE_S)
"""How long a message that was taken is left to its taker."""
TRIES: Final = 8
FIRST_WAIT: Final = timedelta(seconds=10)
LONGEST_WAIT: Final = timedelta(minutes=10)


def wait_after(attempts: int) -> timedelta:
    """How long a message rests after so many tries.

    >>> [wait_after(attempts).seconds for attempts in (1, 2, 7)]
    [10, 20, 600]
    """
    return min(FIRST_WAIT * (1 << (attempts - 1)), LONGEST_WAIT)


class Outbox(Worker):
    """Sends what is due; `pump` is one step, `start` lets a thread take steps."""

    def __init__(
        self,
        transaction: Transaction,
        carriers: CarrierBook,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__("outbox")
        self._transaction = transaction
        self._carriers = carriers
        self._now = now
        self._http = Session()

    def stop(self) -> None:
        """Let the message that is being sent go out, end, and hang up."""
        super().stop()
        self._http.close()

    def pump(self) -> int:
        """Try every message that is due now; how many there were."""
        messages = self._take()
        for message in messages:
            if self._stopping.is_set():
                break
            self._try(message)
        return len(messages)

    # --- in detail -------------------------------------------------------------

    def _take(self) -> list[OutgoingSms]:
        with self._transaction(write=False) as services:
            if not services.messages.due(self._now(), limit=1):
                return []  # a look that takes nobody's pen
        now = self._now()
        with self._transaction() as services:
            taken = []
            for row in services.messages.due(now, limit=TAKEN_AT_ONCE):
                if row.attempts >= TRIES:
                    row.state = Sending.DEAD
                    row.fault = row.fault or "its sender stopped at every try"
                    continue
                row.attempts += 1
                row.due_at = now + LEASE
                taken.append(outgoing(row))
        return taken

    def _try(self, message: OutgoingSms) -> None:
        try:
            known_as = self._carrier(message.carrier).send(message, self._http)
        except Undelivered as fault:
            self._record_fault(message, fault)
        else:
            _log.info("message %s went out as %s", message.id, known_as or "itself")
            self._record_sent(message)

    def _carrier(self, name: str) -> Carrier:
        carrier = self._carriers.named(name)
        if carrier is None:
            raise Undelivered(f"carriers does not list {name}", retry=True)
        return carrier

    def _record_sent(self, message: OutgoingSms) -> None:
        with self._transaction() as services:
            row = services.messages.outbound(message.id)
            row.state, row.sent_at, row.fault = Sending.SENT, self._now(), None

    def _record_fault(self, message: OutgoingSms, fault: Undelivered) -> None:
        with self._transaction() as services:
            row = services.messages.outbound(message.id)
            if row.state is not Sending.QUEUED:
                return  # it was said in an answer meanwhile, or has been given up
            row.fault = str(fault)
            if fault.retry and row.attempts < TRIES:
                row.due_at = self._now() + wait_after(row.attempts)
            else:
                row.state = Sending.DEAD
            dead, attempts = row.state is Sending.DEAD, row.attempts
        told = "given up" if dead else "tried again later"
        _log.warning("message %s, try %s, %s: %s", message.id, attempts, told, fault)


def includeme(config: Configurator) -> None:
    """Start an outbox with the application, unless settings leave it to others."""
    settings = config.registry["settings"]
    if not settings.outbox_enabled:
        return
    outbox = Outbox(
        config.registry["transaction"], settings.carriers, lambda: datetime.now(UTC)
    )

    config.registry["outbox"] = outbox
    employ(config, outbox, RepliesWait)
