"""Call requests: asked, queued, taken, tried again, finished."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from domain.accounts.client import Client
from domain.accounts.service import Accounts
from domain.base import Base
from domain.calls.admission import Admission, Wish
from domain.calls.dialling import Dialling, DueCall, Exhausted, session_of
from domain.calls.hangups import HUNG_UP, ending
from domain.calls.models import THE_SWITCH, CallRequest, CallSession, Source, State
from domain.calls.progress import Progress
from domain.calls.queued import AnyRequest, Queue, Queued
from domain.calls.rules import CallRules
from domain.calls.wishes import Wishes
from domain.causes import NEVER_RUNG
from domain.errors import Refusal
from domain.ledger.service import Ledger
from domain.numbers import E164
from domain.routes.exits import Exits, NoRoom

__all__ = ["DueCall", "Requests", "Wish"]

TOO_LATE: Final = "TOO_LATE"

_OF_SESSION: Final = select(CallRequest).where(
    CallRequest.session_id == bindparam("session_id")
)
_REQUESTS: Final = Base.metadata.tables[CallRequest.__tablename__]
_ASKED: Final = (
    select(*(_REQUESTS.c[name] for name in ("id", "source", "attempts", "asked_at")))
    .add_columns(CallSession.hangup_asked_at)
    .join(CallSession, CallSession.id == _REQUESTS.c.session_id)
    .where(_REQUESTS.c.session_id == bindparam("of_session"))
)
_ANYTHING_DUE: Final = select(
    exists().where(
        CallRequest.state == State.QUEUED,
        CallRequest.due_at <= bindparam("now", type_=CallRequest.due_at.type),
    )
)


class Requests(Wishes):
    """The queue of calls to be made."""

    def __init__(
        self,
        session: Session,
        accounts: Accounts,
        ledger: Ledger,
        admission: Admission,
        progress: Progress,
        dialling: Dialling,
        rules: CallRules,
        given_up: Callable[[CallRequest, datetime], object],
    ) -> None:
        super().__init__(session, accounts, ledger, admission, progress, rules)
        self._given_up = given_up  # whoever asked is told
        self._queue = Queue(session)
        self._dialling = dialling

    # --- taken -----------------------------------------------------------------

    def anything_due(self, now: datetime) -> bool:
        """Whether `take_due` would find something; reads only."""
        return bool(self._session.scalar(_ANYTHING_DUE, {"now": now}))

    def take_due(
        self,
        now: datetime,
        *,
        exits: Exits,
        new_uuid: Callable[[], str],
        switch: str = THE_SWITCH,
        limit: int = 20,
    ) -> list[DueCall]:
        """Take requests whose time has come, each with a stored leg A to ring.

        One that is too late, was taken back, or may not be made any more, is given up.
        On PostgreSQL several services share the queue and none is taken twice.
        """
        taken = []
        waiting = self._queue.due(now, limit)
        accounts = self._accounts.locked_clients({each.account_id for each in waiting})
        # Asked now: whoever takes a call back has locked its account as well.
        taken_back = ending(self._session)
        for request in waiting:
            if request.session_id in taken_back:
                self._give_up(request, HUNG_UP, now)
                continue
            account = accounts[request.account_id]
            due = self._take(account, request, exits, new_uuid, now, switch)
            if due is not None:
                taken.append(due)
        return taken

    def for_session(self, session_id: int) -> CallRequest:
        """The request a session came of; there always is one."""
        return self._session.scalars(_OF_SESSION, {"session_id": session_id}).one()

    def a_is_up(self, session_id: int, now: datetime) -> E164 | None:
        """Leg A has answered; whom they want, if they have said so."""
        wanted = self._progress.begin(session_id, now)
        return E164(wanted) if wanted else None

    def tried_in_vain(self, session_id: int, cause: str, now: datetime) -> bool:
        """Leg A did not answer: queue it again if that may help; say whether.

        What the session holds stays held: the call is still to be made.
        """
        request = self._session.execute(_ASKED, {"of_session": session_id}).one()
        tries = request.attempts
        pause = self._rules.pause_before_retry(cause, tries)
        if pause is None or now + pause - request.asked_at > self._rules.lifetime:
            return False
        if request.source is Source.CARD or request.hangup_asked_at is not None:
            return False
        became = {"due_at": now + pause}
        if cause == NEVER_RUNG:
            became["attempts"] = tries - 1
        self._progress.move(request.id, State.QUEUED, cause, now, **became)
        return True

    def finish(self, request: AnyRequest, cause: str, now: datetime) -> None:
        """The request has come to its end; what its session held is let go."""
        self._progress.finish(session_of(request), cause, now)

    # --- in detail -------------------------------------------------------------

    def _take(
        self,
        account: Client,
        request: Queued,
        exits: Exits,
        new_uuid: Callable[[], str],
        now: datetime,
        switch: str,
    ) -> DueCall | None:
        """Ring a request that is due, let it wait for room, or give it up."""
        try:
            if now - request.asked_at <= self._rules.lifetime:
                uuid = new_uuid()
                return self._dialling.dial(account, request, exits, uuid, now, switch)
            cause = TOO_LATE
        except NoRoom:
            self._queue.postpone(request, now + timedelta(seconds=self._rules.breath))
            return None
        except Exhausted as failure:
            cause = failure.cause
        except Refusal as refusal:
            cause = refusal.code
        self._give_up(request, cause, now)
        return None

    def _give_up(self, request: Queued, cause: str, now: datetime) -> None:
        self.finish(request, cause, now)
        self._given_up(self._session.get_one(CallRequest, request.id), now)
