"""Users who ring us: called back, or let onto the line."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.accounts.models import AccessNumber, Account, Service
from domain.accounts.service import Accounts
from domain.calls.admission import Admission, Wish
from domain.calls.dialling import Dialling, DueCall
from domain.calls.models import THE_SWITCH, Source
from domain.calls.pricing import Prices
from domain.calls.requests import Requests
from domain.calls.rules import CallRules
from domain.calls.sessions import Sessions
from domain.errors import InsufficientFunds, NotAPhoneNumber, Refusal
from domain.ledger.service import NEW_SESSION, Ledger
from domain.numbers import E164, told


@dataclass(frozen=True, slots=True)
class Ring:
    """Somebody rings an access number that has a service."""

    access: AccessNumber
    caller: E164 | None
    """Told by the network: an identifier, not a proof. None if nobody told it."""
    switch: str
    """At which of several switches."""

    @property
    def number(self) -> E164:
        """What stands for the caller: their number, else the one they rang."""
        return self.caller or E164(self.access.number)


class Arrivals:
    """Judges those who ring us by the rules of every other call."""

    def __init__(
        self,
        accounts: Accounts,
        ledger: Ledger,
        prices: Prices,
        admission: Admission,
        requests: Requests,
        dialling: Dialling,
        sessions: Sessions,
        rules: CallRules,
    ) -> None:
        self._accounts = accounts
        self._ledger = ledger
        self._prices = prices
        self._admission = admission
        self._requests = requests
        self._dialling = dialling
        self._sessions = sessions
        self._rules = rules

    def ring(self, called: str, caller: str, switch: str = THE_SWITCH) -> Ring | None:
        """Who rings which number of ours; None where nobody is to be served.

        Both numbers as the network sent them. Nobody is whose number is one of ours;
        nor, except on a calling card, whose number is withheld or cannot be dialled.
        """
        number = _read(called)
        access = self._accounts.access_number(number) if number else None
        if access is None or access.service is Service.NONE:
            return None
        known = _read(caller, access.country)
        if known is None and access.service is not Service.CALLING_CARD:
            return None
        if known is not None and self._accounts.is_access_number(known):
            return None
        return Ring(access, known, switch)

    def may_be_paid(self, ring: Ring, now: datetime) -> bool:
        """Whether anybody could pay for their leg A, whoever they turn out to be."""
        return self._prices.may_have_leg_a(ring.access, ring.number, now)

    def call_back(self, account: Account, ring: Ring, now: datetime) -> None:
        """Queue a call to whoever rang us. Raises a Refusal, and has kept it."""
        wish = self._wish(Source.MISSED_CALL, account, ring)
        try:
            self._judge_money(account, now)
            self._requests.ask(account, wish, now)
        except Refusal as refusal:
            self._requests.remember_refusal(account, wish, refusal, now)
            raise

    def judge(self, account: Account, ring: Ring, now: datetime) -> None:
        """Refuse now what would be refused once they have proved who they are."""
        self._judge_money(account, now)
        wish = self._wish(Source.CARD, account, ring)
        terms = self._admission.judge(account, wish, now)
        least = max(terms.needed, terms.worth)
        self._ledger.afford(account, NEW_SESSION, least, now)

    def come_in(
        self, account: Account, ring: Ring, uuid: str, now: datetime
    ) -> DueCall:
        """Store the leg A of whoever rang us, and hold for it as for any.

        `stop_seconds` counts from its answer. Raises a Refusal, and has kept it.
        """
        wish = self._wish(Source.CARD, account, ring)
        try:
            self._judge_money(account, now)
            request = self._requests.ask(account, wish, now)
        except Refusal as refusal:
            self._requests.remember_refusal(account, wish, refusal, now)
            raise
        return self._dialling.dial(account, request, None, uuid, now, ring.switch)

    def come_in_later(
        self,
        account: Account,
        ring: Ring,
        uuid: str,
        answered_at: datetime,
        now: datetime,
    ) -> DueCall:
        """The same, for one who was answered before it was known who they are.

        Their leg is paid for from its answer; `stop_seconds` counts from now. Raises a
        Refusal, and then what it wrote is to be rolled back.
        """
        due = self.come_in(account, ring, uuid, now)
        up = -(-(now - answered_at) // timedelta(seconds=1))
        left = due.stop_seconds - up
        if left < self._rules.shortest:
            free = self._ledger.available(account)
            raise InsufficientFunds(available=free, currency=account.currency)
        self._sessions.a_answered(due.session_id, uuid, answered_at)
        self._sessions.extend(due.session_id, now)
        return replace(due, stop_seconds=left)

    def _judge_money(self, account: Account, now: datetime) -> None:
        """Whoever is to be paid for must have something, even where leg A is free."""
        self._ledger.afford(account, NEW_SESSION, 1, now)

    def _wish(self, source: Source, account: Account, ring: Ring) -> Wish:
        missed = source is Source.MISSED_CALL
        return Wish(
            leg_a=ring.number,
            leg_b=None,
            source=source,
            sender=ring.caller or account.login,
            access_number=ring.access,
            after=self._rules.call_back_after if missed else timedelta(0),
            withheld=ring.caller is None,
        )


def _read(digits: str, country: str | None = None) -> E164 | None:
    """A number as networks tell it; None if it is none."""
    try:
        return told(digits, country)
    except NotAPhoneNumber:
        return None
