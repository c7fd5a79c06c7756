"""Call requests: asked, judged, queued, taken, tried again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.accounts.models import AccessNumber, Account
from domain.accounts.service import Accounts, usable
from domain.calls.models import (
    LIVE,
    CallRequest,
    CallSession,
    Leg,
    RequestChange,
    Side,
    Source,
    State,
)
from domain.calls.rules import RETRIED_CAUSES, CallRules, to_begin
from domain.errors import (
    AlreadyCalling,
    OwnNumber,
    Refusal,
    SameNumber,
    SpendLimit,
    TooManyCalls,
    TooManyRequests,
)
from domain.languages import chosen
from domain.ledger.service import Ledger
from domain.numbers import E164
from domain.tariffs.models import LegACharge, Plan
from domain.tariffs.rating import NOTHING, Rate, longest
from domain.tariffs.service import Price, Tariffs


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for."""

    leg_a: E164
    leg_b: E164 | None
    source: Source
    sender: str
    access_number: AccessNumber | None = None


@dataclass(frozen=True, slots=True)
class DueCall:
    """A leg A to be rung now; its row is stored already."""

    request_id: int
    session_id: int
    uuid: str
    number: E164
    caller_id: str
    gateway: str
    ring_seconds: int
    stop_seconds: int


class Requests:
    """The queue of calls to be made."""

    def __init__(
        self,
        session: Session,
        accounts: Accounts,
        tariffs: Tariffs,
        ledger: Ledger,
        rules: CallRules,
    ) -> None:
        self._session = session
        self._accounts = accounts
        self._tariffs = tariffs
        self._ledger = ledger
        self._rules = rules

    # --- asked -----------------------------------------------------------------

    def ask(self, account: Account, wish: Wish, now: datetime) -> CallRequest:
        """Accept a call and hold what it needs to begin, or raise a Refusal."""
        account = usable(self._accounts.locked(account.id))
        self._judge_numbers(wish)
        self._judge_pace(account, wish, now)
        needed = to_begin(*self._rates(account, wish, now), self._rules)
        self._judge_spending(account, now)
        request = self._queue(account, wish, now)
        self._ledger.hold(account, request.session_id or 0, needed, now)
        return request

    def remember_refusal(
        self, account: Account, wish: Wish, refusal: Refusal, now: datetime
    ) -> None:
        """Keep what was asked and why it was refused."""
        request = CallRequest(
            account_id=account.id,
            state=State.REFUSED,
            cause=refusal.code,
            asked_at=now,
            due_at=now,
            **_told(wish),
        )
        self._session.add(request)
        self._session.flush()
        self._note(request, now)

    def price_of_leg_a(
        self, account: Account, number: E164, access_number_id: int | None, at: datetime
    ) -> tuple[Price, LegACharge]:
        """Leg A's price and when it is paid: by the access number's plan, if any."""
        access = (
            self._session.get(AccessNumber, access_number_id)
            if access_number_id
            else None
        )
        own = self._tariffs.plan(account.plan_id)
        leg_a_plan = access.leg_a_plan_id if access else None
        plan = self._tariffs.plan(leg_a_plan) if leg_a_plan else own
        return self._tariffs.price(plan, number, at), own.leg_a_charge

    # --- taken -----------------------------------------------------------------

    def anything_due(self, now: datetime) -> bool:
        """Whether `take_due` would find something; reads only."""
        due = exists().where(
            CallRequest.state == State.QUEUED, CallRequest.due_at <= now
        )
        return bool(self._session.scalar(select(due)))

    def take_due(
        self,
        now: datetime,
        *,
        gateway: str,
        caller_id: str,
        new_uuid: Callable[[], str],
        limit: int = 20,
    ) -> list[DueCall]:
        """Take requests whose time has come, each with a stored leg A to ring.

        On PostgreSQL several services share the queue and none is taken twice.
        """
        waiting = self._session.scalars(
            select(CallRequest)
            .where(CallRequest.state == State.QUEUED, CallRequest.due_at <= now)
            .order_by(CallRequest.due_at, CallRequest.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        taken = []
        for request in waiting:
            if now - request.asked_at > self._rules.lifetime:
                self.finish(request, "TOO_LATE", now)
                continue
            taken.append(self._take(request, now, gateway, caller_id, new_uuid()))
        return taken

    def for_session(self, session_id: int) -> CallRequest | None:
        """The request a session came of."""
        wanted = select(CallRequest).where(CallRequest.session_id == session_id)
        return self._session.scalar(wanted)

    def a_is_up(self, session_id: int, now: datetime) -> CallRequest | None:
        """Leg A has answered; the request it was rung for."""
        request = self.for_session(session_id)
        if request is not None:
            self._move(request, State.A_UP, None, now)
        return request

    def tried_in_vain(self, request: CallRequest, cause: str, now: datetime) -> bool:
        """Leg A did not answer: queue it again if that may help; say whether."""
        retries = self._rules.retries
        if cause not in RETRIED_CAUSES or request.attempts > len(retries):
            return False
        due = now + timedelta(seconds=retries[request.attempts - 1])
        if due - request.asked_at > self._rules.lifetime:
            return False
        request.due_at = due
        self._move(request, State.QUEUED, cause, now)
        return True

    def finish(self, request: CallRequest, cause: str, now: datetime) -> None:
        """The request has come to its end; what its session held is let go."""
        self._move(request, State.DONE, cause, now)
        if request.session_id is not None:
            self._ledger.release(request.session_id)
            session = self._session.get_one(CallSession, request.session_id)
            session.ended_at = session.ended_at or now

    # --- in detail -------------------------------------------------------------

    def _judge_numbers(self, wish: Wish) -> None:
        for number in filter(None, (wish.leg_a, wish.leg_b)):
            if self._accounts.is_access_number(number):
                raise OwnNumber(number=number)
        if wish.leg_a == wish.leg_b:
            raise SameNumber(number=wish.leg_a)

    def _judge_pace(self, account: Account, wish: Wish, now: datetime) -> None:
        same = exists().where(
            CallRequest.account_id == account.id,
            CallRequest.leg_a == wish.leg_a,
            CallRequest.leg_b == wish.leg_b,
            CallRequest.state.in_(LIVE),
            CallRequest.asked_at > now - self._rules.same_call,
        )
        if self._session.scalar(select(same)):
            raise AlreadyCalling(number=wish.leg_a)
        minute = self._asked_by(wish.sender, now - timedelta(minutes=1))
        day = self._asked_by(wish.sender, now - timedelta(days=1))
        if minute >= self._rules.requests_a_minute or day >= self._rules.requests_a_day:
            raise TooManyRequests
        if self._live_calls(account) >= account.calls_at_once:
            raise TooManyCalls(limit=account.calls_at_once)

    def _judge_spending(self, account: Account, now: datetime) -> None:
        limit = account.daily_spend
        if limit is not None and self._ledger.spent_in_a_day(account, now) >= limit:
            raise SpendLimit

    def _asked_by(self, sender: str, since: datetime) -> int:
        asked = select(func.count()).where(
            CallRequest.sender == sender, CallRequest.asked_at > since
        )
        return self._session.scalar(asked) or 0

    def _live_calls(self, account: Account) -> int:
        live = select(func.count()).where(
            CallRequest.account_id == account.id, CallRequest.state.in_(LIVE)
        )
        return self._session.scalar(live) or 0

    def _rates(
        self, account: Account, wish: Wish, now: datetime
    ) -> tuple[Rate, Rate | None]:
        access_id = wish.access_number.id if wish.access_number else None
        price, charge = self.price_of_leg_a(account, wish.leg_a, access_id, now)
        rate_a = NOTHING if charge is LegACharge.NEVER else price.rate
        if wish.leg_b is None:
            return rate_a, None
        plan: Plan = self._tariffs.plan(account.plan_id)
        return rate_a, self._tariffs.price(plan, wish.leg_b, now).rate

    def _queue(self, account: Account, wish: Wish, now: datetime) -> CallRequest:
        access = wish.access_number
        session = CallSession(
            account_id=account.id,
            access_number_id=access.id if access else None,
            language=chosen(account.language, access.language if access else None),
            began_at=now,
        )
        try:
            with self._session.begin_nested():
                self._session.add(session)
                self._session.flush()
                request = CallRequest(
                    account_id=account.id,
                    session_id=session.id,
                    state=State.QUEUED,
                    asked_at=now,
                    due_at=now,
                    **_told(wish),
                )
                self._session.add(request)
                self._session.flush()
        except IntegrityError as rival:  # another account is ringing that number
            raise AlreadyCalling(number=wish.leg_a) from rival
        self._note(request, now)
        return request

    def _take(
        self,
        request: CallRequest,
        now: datetime,
        gateway: str,
        caller_id: str,
        uuid: str,
    ) -> DueCall:
        number = E164(request.leg_a)
        account = self._accounts.get(request.account_id)
        price, charge = self.price_of_leg_a(
            account, number, request.access_number_id, now
        )
        session_id = request.session_id or 0
        leg = Leg(
            uuid=uuid,
            session_id=session_id,
            side=Side.A,
            number=number,
            gateway=gateway,
            prefix=price.prefix,
            destination=price.destination,
            charge=charge,
            made_at=now,
        )
        leg.terms = price.rate
        self._session.add(leg)
        request.attempts += 1
        self._move(request, State.DIALLING_A, None, now)
        rate = NOTHING if charge is LegACharge.NEVER else price.rate
        funds = self._ledger.funds(account, session_id)
        return DueCall(
            request_id=request.id,
            session_id=session_id,
            uuid=uuid,
            number=number,
            caller_id=self._access_number_of(request) or caller_id,
            gateway=gateway,
            ring_seconds=self._rules.ring,
            stop_seconds=longest(
                lambda up: rate.cost(up) <= funds, self._rules.longest_session
            ),
        )

    def _access_number_of(self, request: CallRequest) -> str | None:
        if request.access_number_id is None:
            return None
        return self._session.get_one(AccessNumber, request.access_number_id).number

    def _move(
        self, request: CallRequest, state: State, cause: str | None, now: datetime
    ) -> None:
        request.state = state
        request.cause = cause
        self._note(request, now)

    def _note(self, request: CallRequest, now: datetime) -> None:
        self._session.add(
            RequestChange(
                request_id=request.id,
                state=request.state,
                cause=request.cause,
                changed_at=now,
            )
        )


def _told(wish: Wish) -> dict[str, object]:
    return {
        "leg_a": wish.leg_a,
        "leg_b": wish.leg_b,
        "source": wish.source,
        "sender": wish.sender,
        "access_number_id": wish.access_number.id if wish.access_number else None,
    }
