"""Judging a wish: may this call be made, and what must be held for it?"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, bindparam, exists, func, select
from sqlalchemy.orm import Session

from domain.accounts.client import Payer
from domain.accounts.models import AccessNumber, Account
from domain.accounts.service import Accounts, usable
from domain.calls.models import LIVE, CallRequest, Source
from domain.calls.pricing import LegPrice, Prices
from domain.calls.queued import AnyRequest
from domain.calls.rules import CallRules, to_begin, worth_making
from domain.errors import (
    AlreadyCalling,
    OwnNumber,
    SameNumber,
    TooManyCalls,
    TooManyRequests,
)
from domain.money import Micros
from domain.numbers import E164

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)

# Built once: these are asked for every request, by a writer others wait for.
_LIVE_CALL: Final = and_(
    CallRequest.account_id == bindparam("account_id"), CallRequest.state.in_(LIVE)
)
_SAME: Final = select(
    exists().where(
        _LIVE_CALL,
        CallRequest.leg_a == bindparam("leg_a"),
        CallRequest.leg_b.is_not_distinct_from(bindparam("leg_b")),
        CallRequest.asked_at > bindparam("since"),
    )
)
_ASKED: Final = select(func.count()).where(
    CallRequest.sender == bindparam("sender"), CallRequest.asked_at > bindparam("since")
)
_CALLS: Final = select(func.count()).where(_LIVE_CALL)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for."""

    leg_a: E164
    leg_b: E164 | None
    source: Source
    sender: str
    access_number: AccessNumber | None = None
    after: timedelta = timedelta(0)
    """How long to wait before leg A is rung."""
    withheld: bool = False
    """Whether A's own number is not known: `leg_a` is the number of ours they rang."""

    @property
    def access_number_id(self) -> int | None:
        """The access number's row, if the wish came by one."""
        return self.access_number.id if self.access_number else None


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms a call may be made."""

    leg_a: LegPrice
    needed: Micros
    """What must be held before leg A is rung."""
    worth: Micros
    """What must be there for the call to be worth making."""


class Admission:
    """Judges wishes. Whoever asks has locked the account; nothing is written here."""

    def __init__(
        self, session: Session, accounts: Accounts, prices: Prices, rules: CallRules
    ) -> None:
        self._session = session
        self._accounts = accounts
        self._prices = prices
        self._rules = rules

    def judge(self, account: Account, wish: Wish, now: datetime) -> Terms:
        """The terms of a call that is asked for. Raises a Refusal."""
        usable(account)
        self._judge_numbers(wish)
        self._judge_pace(account, wish, now)
        legs = (wish.leg_a, wish.leg_b)
        return self._terms(account, *legs, wish.access_number_id, now)

    def judge_again(self, account: Payer, request: AnyRequest, now: datetime) -> Terms:
        """The terms of a queued call that is about to be rung. Raises a Refusal.

        Since it was asked, a price may have changed or an operator have said no.
        """
        usable(account)
        leg_b = E164(request.leg_b) if request.leg_b else None
        legs = (E164(request.leg_a), leg_b)
        return self._terms(account, *legs, request.access_number_id, now)

    def _terms(
        self,
        account: Payer,
        leg_a: E164,
        leg_b: E164 | None,
        access_number_id: int | None,
        now: datetime,
    ) -> Terms:
        a, b = self._prices.of_both(account, leg_a, leg_b, access_number_id, now)
        rate_b = b.held if b else None
        return Terms(
            a,
            needed=to_begin(a.held, rate_b, self._rules),
            worth=worth_making(a.held, rate_b, self._rules),
        )

    def _judge_numbers(self, wish: Wish) -> None:
        rung = None if wish.withheld else wish.leg_a
        for number in filter(None, (rung, wish.leg_b)):
            if self._accounts.is_access_number(number):
                raise OwnNumber(number=number)
        if wish.leg_a == wish.leg_b:
            raise SameNumber(number=wish.leg_a)

    def _judge_pace(self, account: Account, wish: Wish, now: datetime) -> None:
        if not wish.withheld and self._is_told_twice(account, wish, now):
            raise AlreadyCalling(number=wish.leg_a)
        minute = self._asked_by(wish.sender, now - _MINUTE)
        day = self._asked_by(wish.sender, now - _DAY)
        if minute >= self._rules.requests_a_minute or day >= self._rules.requests_a_day:
            raise TooManyRequests
        if self._live_calls(account) >= account.calls_at_once:
            raise TooManyCalls(limit=account.calls_at_once)

    def _is_told_twice(self, account: Account, wish: Wish, now: datetime) -> bool:
        told = {
            "account_id": account.id,
            "leg_a": wish.leg_a,
            "leg_b": wish.leg_b,
            "since": now - self._rules.same_call,
        }
        return bool(self._session.scalar(_SAME, told))

    def _asked_by(self, sender: str, since: datetime) -> int:
        return self._session.scalar(_ASKED, {"sender": sender, "since": since}) or 0

    def _live_calls(self, account: Account) -> int:
        return self._session.scalar(_CALLS, {"account_id": account.id}) or 0
