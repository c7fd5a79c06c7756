"""A flow's business questions, each one short transaction.

What goes in and out is plain and frozen: no database object leaves a transaction.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from domain.calls.models import THE_SWITCH
from domain.calls.requests import DueCall
from domain.calls.rules import CallRules
from domain.calls.sessions import End, Guest, Stop
from domain.database import Transaction, Unavailable
from domain.errors import NothingToRedial
from domain.money import Micros
from domain.numbers import E164, parse
from domain.services import Services
from esl_service.channel import Dial, Goodbye
from esl_service.till import Till, brief

_log = logging.getLogger(__name__)

POSITIONS_UP_TO = 2
"""Digits: one or two are a phonebook position, more are a number."""


@dataclass(frozen=True, slots=True)
class Balance:
    """Micro-units of a currency."""

    amount: Micros
    currency: str


@dataclass(frozen=True, slots=True)
class Visit:
    """A user on the line, as the script needs to know them."""

    session_id: int
    account_id: int
    uuid: str
    leg_a: E164
    language: str
    balance: Balance | None
    """To be announced; None if they do not want to hear it."""
    must_confirm: bool
    wanted: E164 | None
    """Whom they asked for; None if they will key a number."""


@dataclass(frozen=True, slots=True)
class Line:
    """A leg B about to be dialled, and the seconds that may be promised."""

    dial: Dial
    seconds: int


@dataclass(frozen=True, slots=True)
class Site:
    """What the operator has chosen for every call."""

    gateway: str
    caller_id: str
    rules: CallRules
    switch: str = THE_SWITCH
    """What the switch of this service is called, among several."""


class Desk:
    """Where the telephone asks the business."""

    def __init__(
        self,
        transaction: Transaction,
        site: Site,
        *,
        clock: Callable[[], datetime],
        new_uuid: Callable[[], str],
    ) -> None:
        self._transaction = transaction
        self._site = site
        self._clock = clock
        self._new_uuid = new_uuid
        self.till = Till(transaction, clock, site.switch)
        self.stops: dict[str, datetime] = {}
        """When the switch ends each leg, as it was told."""
        self.reads_records: Callable[[], bool] = lambda: True
        """Settles what the switch has written down; whether that is all of it."""
        self.fence: Callable[[Services], None] = lambda _services: None
        """Refuses to let us write once another service works here: Superseded."""

    # --- the queue -------------------------------------------------------------

    def take_due(self) -> list[DueCall]:
        """Calls to be made now, their legs A stored; none of them comes twice."""
        now = self._clock()
        with self._transaction(write=False) as services:
            if not services.requests.anything_due(now):
                return []
        with self._transaction() as services:
            self.fence(services)
            return services.requests.take_due(
                now,
                gateway=self._site.gateway,
                caller_id=self._site.caller_id,
                new_uuid=self._new_uuid,
                switch=self._site.switch,
            )

    # --- the session -----------------------------------------------------------

    def welcome(self, due: DueCall) -> Visit:
        """Leg A has answered: who is it, and what do they want?"""
        now = self._clock()
        with self._transaction() as services:
            guest = services.sessions.a_answered(due.session_id, due.uuid, now)
            self.stops[due.uuid] = now + timedelta(seconds=due.stop_seconds)
            return visit_of(services, guest, due)

    def confirmed(self, visit: Visit) -> None:
        """Somebody pressed 1: a person answers there."""
        with self._transaction() as services:
            now = self._clock()
            services.accounts.confirm(visit.account_id, visit.leg_a, now)
            services.stays.confirm(visit.session_id, now)

    def balance(self, visit: Visit) -> Balance:
        """What is on the account."""
        with self._transaction(write=False) as services:
            account = services.accounts.get(visit.account_id)
            return Balance(account.balance, account.currency)

    def understood(self, visit: Visit, keyed: str) -> E164:
        """Whom the keys mean: a phonebook position, or a number.

        Raises UnknownEntry, NotAPhoneNumber.
        """
        with self._transaction(write=False) as services:
            if keyed.isdecimal() and len(keyed) <= POSITIONS_UP_TO:
                account = services.accounts.get(visit.account_id)
                return E164(services.phonebook.at(account, int(keyed)).number)
            return parse(keyed, _country(services, visit))

    def last_called(self, visit: Visit) -> E164:
        """Whom they called last. Raises NothingToRedial."""
        with self._transaction(write=False) as services:
            account = services.accounts.get(visit.account_id)
            last = services.history.last_destination(account)
        if last is None:
            raise NothingToRedial
        return last

    def admit(self, visit: Visit, number: E164) -> Line:
        """A leg B, stored and held for, ready to be rung. Raises a Refusal."""
        uuid = self._new_uuid()
        with self._transaction() as services:
            self.fence(services)
            seconds = services.sessions.admit(
                visit.session_id,
                number,
                uuid=uuid,
                gateway=self._site.gateway,
                now=self._clock(),
                switch=self._site.switch,
            )
        dial = Dial(
            uuid=uuid,
            number=number,
            gateway=self._site.gateway,
            caller_id=visit.leg_a,
            ring_seconds=self._site.rules.ring,
            stop_seconds=seconds,
            tag=f"cb:{visit.session_id}:B",
        )
        return Line(dial, seconds)

    @contextmanager
    def until_dialled(self, line: Line) -> Iterator[None]:
        """Whoever leaves before their leg B is dialled does not pay for it."""
        try:
            yield
        except BaseException:
            self.settle(
                Goodbye(line.dial.uuid, "ORIGINATOR_CANCEL", 0, None, self._clock())
            )
            raise

    def answered(self, visit: Visit, line: Line) -> int:
        """B has answered: hold for the first window; seconds until B must stop.

        While the database is away that is what was promised, which the account could
        pay when B was dialled; the hold follows with the session's next extension.
        """
        limit = self.rejoined(visit, line, None)
        return line.seconds if limit is None else limit

    def rejoined(self, visit: Visit, line: Line, at: datetime | None) -> int | None:
        """B, rung before a restart, has answered: as `answered`; None if unknown.

        `at` tells when, if that was unheard.
        """
        now, uuid = self._clock(), line.dial.uuid
        try:
            with self._transaction() as services:
                limit = services.sessions.b_answered(visit.session_id, uuid, now, at)
        except Unavailable as trouble:
            _log.error("nothing held for %s yet: %s", uuid, brief(trouble))
            return None
        self.stops[uuid] = now + timedelta(seconds=limit)
        return limit

    def can_go_on(self, visit: Visit) -> bool:
        """Whether leg A can be paid for long enough to be asked again."""
        return self._lasts(self.extend(visit.session_id))

    def part(self, visit: Visit, goodbye: Goodbye) -> bool:
        """B has ended: charge them; whether leg A can go on, as `can_go_on` tells."""
        return self._lasts(self.till.part(visit.session_id, goodbye))

    def missed(self, line: Line) -> None:
        """B has ended and nobody heard how: charge what was written down, or is known.

        What cannot be known yet is left to whoever looks after lost legs.
        """
        if self.reads_records():
            self.till.settle_lost(line.dial.uuid)

    def _lasts(self, stop: Stop | None) -> bool:
        return stop is None or stop.seconds >= self._site.rules.shortest

    def extend(self, session_id: int) -> Stop | None:
        """Hold for the next window; where the money ends, what must stop when."""
        with self._transaction() as services:
            return services.sessions.extend(session_id, self._clock())

    def renew(self, session_id: int) -> list[End]:
        """Hold for the next window; when each leg that is up must end."""
        with self._transaction() as services:
            self.fence(services)
            return services.sessions.renew(session_id, self._clock())

    # --- the end ---------------------------------------------------------------

    def settle(self, goodbye: Goodbye) -> None:
        """A leg has ended: charge it. Waits for no database that is away."""
        self.till.settle(goodbye)


class Rung(Protocol):
    """A leg A that somebody has been rung by."""

    @property
    def session_id(self) -> int:
        """Whose leg it is."""

    @property
    def uuid(self) -> str:
        """The UUID that we chose for it."""

    @property
    def number(self) -> E164:
        """Whom it rang."""


def visit_of(services: Services, guest: Guest, leg: Rung) -> Visit:
    """Who has answered a leg A, as its script needs to know them."""
    account = guest.account
    confirms = account.confirms_leg_a
    if confirms is None:
        confirms = not services.accounts.was_confirmed(account.id, leg.number)
    return Visit(
        session_id=leg.session_id,
        account_id=account.id,
        uuid=leg.uuid,
        leg_a=leg.number,
        language=guest.language,
        balance=(
            Balance(account.balance, account.currency)
            if account.announces_balance
            else None
        ),
        must_confirm=confirms,
        wanted=guest.wanted,
    )


def _country(services: Services, visit: Visit) -> str | None:
    """The country that short numbers belong to: the access number's."""
    access = services.sessions.get(visit.session_id).access_number
    return access.country if access else None
