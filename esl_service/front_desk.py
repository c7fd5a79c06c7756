"""The business questions of a call that comes to us, each one short transaction."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from domain.accounts.models import Account, Service
from domain.calls.arrivals import Ring
from domain.calls.models import THE_SWITCH
from domain.calls.requests import DueCall
from domain.database import Transaction
from domain.errors import LockedOut, Refusal, WrongLogin
from domain.languages import chosen
from domain.numbers import E164, shortened
from domain.services import Services
from esl_service.channel import Arrival
from esl_service.fence import Fence, no_fence

Who = TypeVar("Who")

_log = logging.getLogger(__name__)


Guest = DueCall
"""A user whose leg A is stored: they may come onto the line."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """A caller who has to prove who they are."""

    arrival: Arrival
    number: E164
    """By which their tries are counted: theirs, or the one they rang if it is withheld.
    """
    withheld: bool
    language: str
    login: str | None
    """Their card, if it is known: then the PIN alone is asked for."""


class FrontDesk:
    """Where the telephone asks whom to serve."""

    def __init__(
        self,
        transaction: Transaction,
        *,
        clock: Callable[[], datetime],
        switch: str = THE_SWITCH,
        fence: Fence = no_fence,
    ) -> None:
        self._transaction = transaction
        self._clock = clock
        self._switch = switch
        self._fence = fence
        self.taking: AbstractContextManager[object] = nullcontext()
        """While we hold it nobody looks for users who are served by nobody."""
        self.taken: Callable[[Guest], object] = lambda _guest: None
        """Told of everyone whose leg is stored, before others can find it."""

    def judge(self, arrival: Arrival) -> Guest | Stranger | None:
        """Whom to let in: a user whose leg A is stored, or a caller to be asked.

        None for everybody else; a registered caller is called back then, or told why
        not. Whoever has no number that is registered costs no lock.
        """
        with self._transaction(write=False) as services:
            ring = self._ring(services, arrival)
            if ring is None:
                _log.info("nobody to be served rang %s", shortened(arrival.called))
                return None
            owner = services.accounts.owner(ring.caller) if ring.caller else None
            if owner is None:
                return self._unknown(services, ring, arrival)
            owner_id = owner.id
        return self._take(lambda services: self._known(services, owner_id, arrival))

    def prove(self, stranger: Stranger, login: str, pin: str) -> int:
        """The account whose card and PIN these are.

        Raises WrongLogin, LockedOut, AccountBlocked.
        """
        told, now = {"caller": stranger.number}, self._clock()
        found: int | Refusal
        with self._transaction(write=False) as services:
            try:
                found = services.cards.prove(login, pin, now=now, **told).id
            except Refusal as refusal:
                found = refusal
        # Counted one by one: of many guesses at once none is among the first five.
        with self._transaction() as services:
            services.cards.check_door(login, now=now, **told)
            if isinstance(found, WrongLogin):
                services.cards.remember_wrong_try(login, now=now, **told)
        if isinstance(found, Refusal):
            _log.info("%s from %s", found.code, shortened(stranger.number))
            raise found
        return found

    def let_in(
        self, stranger: Stranger, account_id: int, answered_at: datetime
    ) -> Guest:
        """Store the leg A of one who has proved who they are. Raises a Refusal."""
        arrival = stranger.arrival

        def come_in(services: Services) -> Guest:
            ring = self._again(services, arrival)
            account = services.accounts.locked(account_id)
            return services.arrivals.come_in_later(
                account, ring, arrival.uuid, answered_at, self._clock()
            )

        return self._take(come_in)

    def is_ours(self, uuid: str) -> bool:
        """Whether a leg of that UUID is stored."""
        with self._transaction(write=False) as services:
            return services.sessions.leg(uuid) is not None

    def _unknown(
        self, services: Services, ring: Ring, arrival: Arrival
    ) -> Stranger | None:
        if ring.access.service is not Service.CALLING_CARD:
            _log.info("%s is unknown and not called back", shortened(ring.number))
            return None
        now = self._clock()
        try:
            services.cards.check_caller(ring.number, now)
        except LockedOut as refusal:
            _log.info("%s from %s", refusal.code, shortened(ring.number))
            return None
        if not services.arrivals.may_be_paid(ring, now):
            _log.info("nobody could pay for leg A of %s", shortened(ring.number))
            return None
        return _stranger(arrival, ring, None, None)

    def _known(
        self, services: Services, account_id: int, arrival: Arrival
    ) -> Guest | Stranger | None:
        ring, now = self._again(services, arrival), self._clock()
        account = services.accounts.locked(account_id)
        try:
            if ring.access.service is Service.ANI_CALLBACK:
                services.arrivals.call_back(account, ring, now)
                _log.info("%s is to be called back", shortened(ring.number))
                return None
            if ring.access.asks_pin:
                card = services.cards.of(account)
                services.arrivals.judge(account, ring, now)
                services.cards.check_caller(ring.number, now)
                return _stranger(arrival, ring, account, card.login if card else None)
            return services.arrivals.come_in(account, ring, arrival.uuid, now)
        except Refusal as refusal:
            _log.info("refused %s: %s", shortened(ring.number), refusal.code)
            services.answers.say_why_not(
                account, ring.access, ring.number, refusal, now
            )
            return None

    def _take(self, judge: Callable[[Services], Who]) -> Who:
        """Write what becomes of somebody; nobody but us serves whom we let in."""
        with self.taking:
            with self._transaction() as services:
                self._fence(services)
                who = judge(services)
            if isinstance(who, Guest):
                self.taken(who)
            return who

    def _ring(self, services: Services, arrival: Arrival) -> Ring | None:
        return services.arrivals.ring(arrival.called, arrival.caller, self._switch)

    def _again(self, services: Services, arrival: Arrival) -> Ring:
        """The same ring, in another transaction. LookupError if it is no more."""
        ring = self._ring(services, arrival)
        if ring is None:
            raise LookupError(f"{shortened(arrival.called)} is not served any more")
        return ring


def _stranger(
    arrival: Arrival, ring: Ring, account: Account | None, login: str | None
) -> Stranger:
    language = chosen(account.language if account else None, ring.access.language)
    withheld = ring.caller is None
    return Stranger(arrival, ring.number, withheld, language, login)
