"""The inbox: a thread that works the messages whose carriers were answered already.

They wait in the database, sealed. Several portals may work side by side: a message
that two of them take is worked once.
"""

import logging
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from pyramid.config import Configurator

from domain.database import Transaction, Unavailable
from domain.messages.waiting import Waiting
from portal.carriers.door import work
from portal.carriers.sealing import BrokenSeal, Seal
from portal.carriers.webhook import MessagesWait, RepliesWait
from portal.worker import Worker, employ

_log = logging.getLogger(__name__)

AT_ONCE: Final = 20
REST_S: Final = 0.02
"""Between two messages, while posts come: only one thread computes at a time."""
TIDY_EVERY: Final = timedelta(hours=1)
BROKEN_SEAL: Final = "broken_seal"
FAULT: Final = "fault"


class Inbox(Worker):
    """Works what waits, and each hour deletes what is kept no longer."""

    def __init__(
        self,
        transaction: Transaction,
        seal: Seal,
        now: Callable[[], datetime],
        *,
        kept: timedelta,
        answered: Callable[[], object] = lambda: None,
        yields: Callable[[], bool] = lambda: False,
        at_once: Collection[str] = (),
    ) -> None:
        super().__init__("inbox")
        self._transaction = transaction
        self._seal = seal
        self._now = now
        self._kept = kept
        self._answered = answered  # told when there are replies to send
        self._yields = yields  # whether posts come, whose answers are waited for
        self._at_once = at_once  # carriers whose requests work what they bring
        self._tidied: datetime | None = None

    def pump(self) -> int:
        """Work some messages, the oldest first; how many there were."""
        with self._transaction(write=False) as services:
            waiting = services.waiting_room.next(
                AT_ONCE, self._now(), at_once=self._at_once
            )
        for each in waiting:
            if self._stopping.is_set():
                break
            self._work(each)
            if self._yields():
                self._stopping.wait(REST_S)
        if not waiting:
            self._tidy()
        return len(waiting)

    def _work(self, waiting: Waiting) -> None:
        try:
            sms = replace(waiting.sms, text=self._seal.open(waiting.sealed))
            if work(self._transaction, waiting.stored, sms, self._now()):
                self._answered()
        except Unavailable:
            raise  # it waits for a better time
        except BrokenSeal:
            _log.error("message %s was sealed by another secret", waiting.stored.id)
            self._give_up(waiting, BROKEN_SEAL)
        except Exception:  # noqa: BLE001 - one message must not hold up the others
            _log.exception("message %s could not be worked", waiting.stored.id)
            self._give_up(waiting, FAULT)

    def _give_up(self, waiting: Waiting, outcome: str) -> None:
        with self._transaction() as services:
            services.waiting_room.give_up(waiting.stored, outcome, self._now())

    def _tidy(self) -> None:
        now = self._now()
        if self._tidied is not None and now - self._tidied < TIDY_EVERY:
            return
        self._tidied = now
        forgotten = 0
        while not self._stopping.is_set():
            with self._transaction() as services:
                deleted = services.waiting_room.forget(now, self._kept)
            forgotten += deleted
            if not deleted:
                break
        if forgotten:
            _log.info("%s old rows of messages were deleted", forgotten)


def includeme(config: Configurator) -> None:
    """Start an inbox with the application, if it has carriers."""
    settings = config.registry["settings"]
    registry = config.registry
    if not settings.carriers.carriers:
        return
    inbox = Inbox(
        registry["transaction"],
        registry["seal"],
        lambda: datetime.now(UTC),
        kept=settings.messages_kept,
        answered=lambda: registry.notify(RepliesWait()),
        yields=lambda: registry["postbag"].is_busy,
        at_once=settings.carriers.replying_at_once,
    )
    registry["inbox"] = inbox
    employ(config, inbox, MessagesWait)
