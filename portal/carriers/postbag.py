"""Posts that arrive side by side are stored together: one transaction for all of them.

Whoever comes while nobody stores does so; those who come meanwhile wait, and one of
them then stores what all of them brought. A post that comes alone waits for nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event, Lock

from domain.database import Transaction, Unavailable
from domain.messages.sms import Sms
from domain.messages.storing import Letter
from portal.carriers.sealing import Seal


@dataclass(slots=True)
class _Post:
    """What one post brought, until it is stored."""

    letters: Sequence[Letter]
    done: bool = False
    trouble: Exception | None = None
    woken: Event = field(default_factory=Event)
    """It is done, or it is its turn to store."""


class Postbag:
    """Stores messages that wait to be worked."""

    def __init__(self, transaction: Transaction, seal: Seal) -> None:
        self._transaction = transaction
        self._seal = seal
        self._lock = Lock()
        self._waiting: list[_Post] = []
        self._somebody_stores = False

    @property
    def is_busy(self) -> bool:
        """Whether a post is being stored at this moment."""
        return self._somebody_stores

    def put(self, told: Sequence[Sms], now: datetime) -> None:
        """Return when all of it is safe; raise what kept it from being."""
        post = _Post([Letter(sms, now, self._seal.close(sms.text)) for sms in told])
        with self._lock:
            self._waiting.append(post)
            is_first, self._somebody_stores = not self._somebody_stores, True
        if not is_first:
            post.woken.wait()
        if not post.done:
            self._empty()
        if post.trouble is not None:
            raise post.trouble

    def _empty(self) -> None:
        """Store what is there, and let the next one store what came meanwhile."""
        with self._lock:
            posts, self._waiting = self._waiting, []
        try:
            self._store(posts)
        finally:
            for post in posts:
                post.done = True
                post.woken.set()
            with self._lock:
                if self._waiting:
                    self._waiting[0].woken.set()
                else:
                    self._somebody_stores = False

    def _store(self, posts: Sequence[_Post]) -> None:
        try:
            self._write(posts)
        except Unavailable as trouble:
            for post in posts:
                post.trouble = trouble
        except Exception as trouble:  # noqa: BLE001 - raised again by whose it is
            if len(posts) == 1:
                posts[0].trouble = trouble
                return
            for post in posts:  # one of them cannot be stored: the others can
                self._store([post])

    def _write(self, posts: Sequence[_Post]) -> None:
        with self._transaction() as services:
            services.messages.store_all(
                [letter for post in posts for letter in post.letters]
            )
