"""Sessions on the line: quoted, admitted, extended, settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, select, update
from sqlalchemy.orm import Session, joinedload

from domain.accounts.models import Account
from domain.accounts.service import Accounts
from domain.calls.models import CallRequest, CallSession, Leg, Side
from domain.calls.requests import Requests
from domain.calls.rules import CallRules, cost_ahead, elapsed, paid_rate, seconds_paid
from domain.errors import InsufficientFunds, OwnNumber, SameNumber
from domain.ledger.models import Kind
from domain.ledger.service import Ledger
from domain.money import Micros
from domain.numbers import E164
from domain.tariffs.models import LegACharge
from domain.tariffs.rating import longest_talk, whole_seconds
from domain.tariffs.service import Price, Tariffs


@dataclass(frozen=True, slots=True)
class Ending:
    """How a leg ended, as the switch counted it."""

    cause: str
    answered_us: int
    answered_at: datetime | None
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Stop:
    """The money of a session ends: leg `uuid` must end `seconds` from now."""

    uuid: str
    seconds: int


class Sessions:
    """The business of a user on the line. Everything here is safe to do twice."""

    def __init__(
        self,
        session: Session,
        accounts: Accounts,
        tariffs: Tariffs,
        ledger: Ledger,
        requests: Requests,
        rules: CallRules,
    ) -> None:
        self._session = session
        self._accounts = accounts
        self._tariffs = tariffs
        self._ledger = ledger
        self._requests = requests
        self._rules = rules

    def get(self, session_id: int) -> CallSession:
        """The session of that id, which must exist, and its account."""
        whole = [joinedload(CallSession.account)]
        return self._session.get_one(CallSession, session_id, options=whole)

    def leg(self, uuid: str) -> Leg | None:
        """The leg whose channel UUID this is; None if it is none of ours."""
        return self._session.scalar(select(Leg).where(Leg.uuid == uuid))

    def open_legs(self, session_id: int) -> Sequence[Leg]:
        """The session's legs that have not ended."""
        return self._session.scalars(
            select(Leg)
            .where(Leg.session_id == session_id, Leg.ended_at.is_(None))
            .order_by(Leg.id)
        ).all()

    def all_open_legs(self) -> Sequence[Leg]:
        """Every leg, of any session, that has not ended."""
        return self._session.scalars(
            select(Leg).where(Leg.ended_at.is_(None)).order_by(Leg.id)
        ).all()

    # --- leg A -----------------------------------------------------------------

    def a_answered(
        self, session_id: int, uuid: str, now: datetime
    ) -> CallRequest | None:
        """Leg A was picked up; the request it was rung for."""
        self._session.execute(
            update(Leg).where(Leg.uuid == uuid).values(answered_at=now)
        )
        return self._requests.a_is_up(session_id, now)

    # --- leg B -----------------------------------------------------------------

    def admit(
        self, session_id: int, number: E164, *, uuid: str, gateway: str, now: datetime
    ) -> int:
        """Store a leg B about to be rung and hold for it; return its limit.

        The limit, in seconds, is what may be promised: leg A's time is counted on
        by the announcing and by a full ring, so that never more is promised than
        given. Raises a Refusal and stores nothing.
        """
        account, legs = self._locked(session_id)
        price = self._price_of(number, account, legs[0], now)
        funds = self._ledger.funds(account, session_id)
        limit = longest_talk(
            funds,
            paid_rate(legs[0]),
            price.rate,
            elapsed=elapsed(legs[0], now) + self._rules.announcing + self._rules.ring,
            tail=self._rules.tail,
            cap=self._cap(account),
        )
        if limit < self._rules.shortest:
            raise InsufficientFunds(available=funds, currency=account.currency)
        leg = Leg(
            uuid=uuid,
            session_id=session_id,
            side=Side.B,
            number=number,
            gateway=gateway,
            prefix=price.prefix,
            destination=price.destination,
            charge=LegACharge.ALWAYS,
            made_at=now,
        )
        leg.terms = price.rate
        self._session.add(leg)
        self._hold_ahead(funds, account, [*legs, leg], self._rules.shortest, now)
        return limit

    def b_answered(self, session_id: int, uuid: str, now: datetime) -> int:
        """B was picked up: hold the first window; return seconds until B's stop.

        The stop is the largest T that balance and credit can pay for both legs.
        """
        account, legs = self._locked(session_id)
        for leg in legs:
            if leg.uuid == uuid:
                leg.answered_at = now
        funds = self._ledger.funds(account, session_id)
        limit = seconds_paid(legs, now, funds, self._cap(account), self._rules)
        self._hold_ahead(funds, account, legs, min(limit, self._rules.window), now)
        return limit

    # --- while it lasts --------------------------------------------------------

    def extend(self, session_id: int, now: datetime) -> Stop | None:
        """Hold for the next window; where the money ends, say what must stop when."""
        account, legs = self._locked(session_id)
        if not legs:
            return None
        window = self._rules.window
        funds = self._ledger.funds(account, session_id)
        left = seconds_paid(legs, now, funds, window, self._rules)
        self._hold_ahead(funds, account, legs, left, now)
        return None if left == window else Stop(legs[-1].uuid, left)

    # --- the end ---------------------------------------------------------------

    def settle_lost(self, uuid: str, now: datetime) -> bool:
        """Charge a leg that is gone and whose end nobody heard.

        It is charged to the last moment it was known to live: when its session's
        hold was last extended. Who was not heard to answer did not.
        """
        leg = self.leg(uuid)
        if leg is None:
            return False
        known = self._ledger.held_at(leg.session_id) or leg.answered_at or now
        lived = elapsed(leg, max(known, leg.answered_at or known))
        ending = Ending("LOST", lived * 1_000_000, leg.answered_at, now)
        return self.settle(uuid, ending, now)

    def settle(self, uuid: str, ending: Ending, now: datetime) -> bool:
        """Charge a leg that has ended, once; False if it was, or is none of ours.

        It never refuses: the call has happened.
        """
        account = self._lock(CallSession.id == _session_of(uuid))
        leg = self._session.scalar(
            select(Leg)
            .where(Leg.uuid == uuid)
            .execution_options(populate_existing=True)
        )
        if account is None or leg is None or leg.ended_at is not None:
            return False
        leg.ended_at = ending.ended_at
        leg.cause = ending.cause
        leg.answered_us = ending.answered_us
        leg.answered_at = ending.answered_at
        self._charge(leg)
        self._ledger.post(
            account.id,
            Kind.CALL,
            -leg.price,
            reference=leg.uuid,
            now=now,
            note=leg.number,
        )
        self._let_go(leg, now)
        return True

    def _charge(self, leg: Leg) -> None:
        seconds = whole_seconds(leg.answered_us)
        if leg.answered_at is None or not self._is_charged(leg):
            return
        leg.price = leg.terms.cost(seconds)
        leg.billed_seconds = leg.terms.billed(seconds) if leg.price else 0

    def _is_charged(self, leg: Leg) -> bool:
        if leg.charge is LegACharge.IF_ANSWERED:
            legs = self.get(leg.session_id).legs
            return any(each.side is Side.B and each.answered_at for each in legs)
        return leg.charge is LegACharge.ALWAYS

    def _let_go(self, ended: Leg, now: datetime) -> None:
        session_id = ended.session_id
        still_open = self.open_legs(session_id)
        if still_open:
            ahead = cost_ahead(still_open, now, self._rules.window, self._rules)
            self._ledger.shrink(session_id, ahead)
            return
        request = self._requests.for_session(session_id)
        if request is None:
            return
        never_up = ended.side is Side.A and ended.answered_at is None
        if never_up and self._requests.tried_in_vain(request, ended.cause or "", now):
            return
        self._requests.finish(request, ended.cause or "", now)

    # --- in detail -------------------------------------------------------------

    def _locked(self, session_id: int) -> tuple[Account, Sequence[Leg]]:
        """The session's account, its row locked, and its open legs, A first."""
        account = self._lock(CallSession.id == session_id)
        if account is None:
            raise LookupError(f"there is no session {session_id}")
        return account, self.open_legs(session_id)

    def _lock(self, session: ColumnElement[bool]) -> Account | None:
        """Lock the account of that session; its row is fresh."""
        return self._session.scalar(
            select(Account)
            .join(CallSession, CallSession.account_id == Account.id)
            .where(session)
            .with_for_update(of=Account)
            .execution_options(populate_existing=True)
        )

    def _price_of(
        self, number: E164, account: Account, leg_a: Leg, now: datetime
    ) -> Price:
        if self._accounts.is_access_number(number):
            raise OwnNumber(number=number)
        if number == leg_a.number:
            raise SameNumber(number=number)
        return self._tariffs.price(self._tariffs.plan(account.plan_id), number, now)

    def _cap(self, account: Account) -> int:
        longest = self._rules.longest_call
        return min(account.longest_call or longest, longest)

    def _hold_ahead(
        self,
        funds: Micros,
        account: Account,
        legs: Sequence[Leg],
        ahead: int,
        now: datetime,
    ) -> None:
        """Hold for `ahead` seconds more, or for as long as there is money."""
        needed = cost_ahead(legs, now, ahead, self._rules)
        self._ledger.hold_within(funds, account, legs[0].session_id, needed, now)


def _session_of(uuid: str) -> ScalarSelect[int]:
    return select(Leg.session_id).where(Leg.uuid == uuid).scalar_subquery()
