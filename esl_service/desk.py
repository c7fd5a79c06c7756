"""A flow's business questions, each one short transaction.

What goes in and out is plain and frozen: no database object leaves a transaction.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from domain.calls.requests import DueCall
from domain.calls.sessions import End, Guest
from domain.errors import NothingToRedial
from domain.numbers import E164, parse
from domain.services import Services
from esl_service.keypad import POSITION_DIGITS
from esl_service.lines import Lines
from esl_service.visit import Balance, Line, Parting, Site, Status, Visit

__all__ = ["Balance", "Desk", "Line", "Parting", "Site", "Status", "Visit"]


class Desk(Lines):
    """Where the telephone asks the business."""

    # --- the queue -------------------------------------------------------------

    def take_due(self) -> list[DueCall]:
        """Calls to be made now, their legs A stored; none of them comes twice."""
        with self._transaction() as services:
            self._fence(services)
            return services.requests.take_due(
                self._clock(),
                exits=self._exits,
                new_uuid=self._new_uuid,
                switch=self._site.switch,
            )

    # --- the session -----------------------------------------------------------

    def welcome(self, due: DueCall, at: datetime | None = None) -> Visit:
        """Leg A has answered, now or `at` a moment: who is it, what do they want?

        Whoever need not confirm is about to be connected: their leg B is admitted as
        well. If it is refused, `admit` tells why.
        """
        now, uuid_b = self._clock(), self._new_uuid()
        at = min(at or now, now)
        with self._room_for(uuid_b), self._transaction() as services:
            guest = services.sessions.a_answered(due.session_id, due.uuid, at)
            self.stops[due.uuid] = at + timedelta(seconds=due.stop_seconds)
            visit = visit_of(services, guest, due)
            if visit.wanted is None or visit.must_confirm:
                return visit
            line = self._if_admitted(services, visit, visit.wanted, uuid_b)
            return replace(visit, line=line)

    def confirmed(self, visit: Visit) -> None:
        """Somebody pressed 1: a person answers there."""
        with self._transaction() as services:
            now = self._clock()
            services.accounts.confirm(visit.account_id, visit.leg_a, now)
            services.stays.confirm(visit.session_id, now)

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

    def renew(self, session_id: int) -> list[End]:
        """Hold for the next window; when each leg that is up must end."""
        with self._transaction() as services:
            self._fence(services)
            return services.sessions.renew(session_id, self._clock())


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
        announces_duration=account.announces_duration,
        wanted=guest.wanted,
    )


def _country(services: Services, visit: Visit) -> str | None:
    """The country that short numbers belong to: the access number's."""
    access = services.sessions.get(visit.session_id).access_number
    return access.country if access else None
