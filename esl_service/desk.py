"""A flow's business questions, each one short transaction.

What goes in and out is plain and frozen: no database object leaves a transaction.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.calls.requests import DueCall
from domain.calls.rules import CallRules
from domain.calls.sessions import End, Stop
from domain.calls.talks import Talk
from domain.database import Transaction, Unavailable
from domain.errors import NothingToRedial
from domain.money import Micros
from domain.numbers import E164, parse
from domain.services import Services
from esl_service.channel import Dial, Goodbye
from esl_service.keypad import POSITION_DIGITS
from esl_service.till import Till, brief

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Balance:
    """Micro-units of a currency."""

    amount: Micros
    currency: str


@dataclass(frozen=True, slots=True)
class Status:
    """What is on an account, and how long it lasts to whom they called last."""

    balance: Balance
    seconds: int | None
    """None if they called nobody yet, or may call there no more."""


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
    announces_duration: bool
    """Whether they want to hear how long they may talk."""
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
        self.till = Till(transaction, clock)
        self.stops: dict[str, datetime] = {}
        """When the switch ends each leg, as it was told."""

    # --- the queue -------------------------------------------------------------

    def take_due(self) -> list[DueCall]:
        """Calls to be made now, their legs A stored; none of them comes twice."""
        now = self._clock()
        with self._transaction(write=False) as services:
            if not services.requests.anything_due(now):
                return []
        with self._transaction() as services:
            return services.requests.take_due(
                now,
                gateway=self._site.gateway,
                caller_id=self._site.caller_id,
                new_uuid=self._new_uuid,
            )

    # --- the session -----------------------------------------------------------

    def welcome(self, due: DueCall) -> Visit:
        """Leg A has answered: who is it, and what do they want?"""
        now = self._clock()
        with self._transaction() as services:
            guest = services.sessions.a_answered(due.session_id, due.uuid, now)
            self.stops[due.uuid] = now + timedelta(seconds=due.stop_seconds)
            account = guest.account
            confirms = account.confirms_leg_a
            if confirms is None:
                confirms = not services.accounts.was_confirmed(account.id, due.number)
            return Visit(
                session_id=due.session_id,
                account_id=account.id,
                uuid=due.uuid,
                leg_a=due.number,
                language=guest.language,
                balance=(
                    Balance(account.balance, account.currency)
                    if account.announces_balance
                    else None
                ),
                must_confirm=confirms,
                announces_duration=account.announces_duration,
                wanted=guest.wanted,
            )

    def confirmed(self, visit: Visit) -> None:
        """Somebody pressed 1: a person answers there."""
        with self._transaction() as services:
            services.accounts.confirm(visit.account_id, visit.leg_a, self._clock())

    def speak(self, visit: Visit, language: str, *, for_good: bool) -> None:
        """Speak that language in this session, or for good with this account."""
        with self._transaction() as services:
            if for_good:
                services.accounts.locked(visit.account_id).language = language
            services.talks.speak(visit.session_id, language)

    def status(self, visit: Visit) -> Status:
        """What is on the account, and what it buys."""
        with self._transaction(write=False) as services:
            account = services.accounts.get(visit.account_id)
            last = services.history.last_destination(account)
            return Status(
                Balance(account.balance, account.currency),
                services.talks.lasts(visit.session_id, last, self._clock())
                if last
                else None,
            )

    def understood(self, visit: Visit, keyed: str) -> E164:
        """Whom the keys mean: a phonebook position, or a number.

        Raises UnknownEntry, NotAPhoneNumber.
        """
        with self._transaction(write=False) as services:
            if keyed.isdecimal() and len(keyed) <= POSITION_DIGITS:
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
            seconds = services.sessions.admit(
                visit.session_id,
                number,
                uuid=uuid,
                gateway=self._site.gateway,
                now=self._clock(),
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
        now, uuid = self._clock(), line.dial.uuid
        try:
            with self._transaction() as services:
                limit = services.sessions.b_answered(visit.session_id, uuid, now)
        except Unavailable as trouble:
            _log.error("nothing held for %s yet: %s", uuid, brief(trouble))
            return line.seconds
        self.stops[uuid] = now + timedelta(seconds=limit)
        return limit

    def can_go_on(self, visit: Visit) -> bool:
        """Whether leg A can be paid for long enough to be asked again."""
        return self._lasts(self.extend(visit.session_id))

    def part(self, visit: Visit, goodbye: Goodbye) -> bool:
        """B has ended: charge them; whether leg A can go on, as `can_go_on` tells."""
        return self._lasts(self.till.part(visit.session_id, goodbye))

    def was_longest(self, visit: Visit, goodbye: Goodbye) -> bool:
        """Whether they were stopped because no call may be longer, money aside."""
        talked = timedelta(microseconds=goodbye.answered_us)
        with self._transaction(write=False) as services:
            return services.talks.was_longest(visit.session_id, talked, self._clock())

    def talk(self, uuid: str) -> Talk | None:
        """The talk of which that leg is the called party, if it is one."""
        with self._transaction(write=False) as services:
            return services.talks.of(uuid)

    def _lasts(self, stop: Stop | None) -> bool:
        return stop is None or stop.seconds >= self._site.rules.shortest

    def extend(self, session_id: int) -> Stop | None:
        """Hold for the next window; where the money ends, what must stop when."""
        with self._transaction() as services:
            return services.sessions.extend(session_id, self._clock())

    def renew(self, session_id: int) -> list[End]:
        """Hold for the next window; when each leg that is up must end."""
        with self._transaction() as services:
            return services.sessions.renew(session_id, self._clock())

    # --- the end ---------------------------------------------------------------

    def settle(self, goodbye: Goodbye) -> None:
        """A leg has ended: charge it. Waits for no database that is away."""
        self.till.settle(goodbye)


def _country(services: Services, visit: Visit) -> str | None:
    """The country that short numbers belong to: the access number's."""
    access = services.sessions.get(visit.session_id).access_number
    return access.country if access else None
