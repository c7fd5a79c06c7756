"""Wishes that became call requests: accepted and queued, or refused and kept."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.accounts.models import Account
from domain.accounts.service import Accounts
from domain.calls.admission import Admission, Wish
from domain.calls.models import CallRequest, CallSession, State
from domain.calls.progress import Progress
from domain.calls.rules import CallRules
from domain.errors import AlreadyCalling, Refusal
from domain.languages import chosen
from domain.ledger.service import NEW_SESSION, Ledger


class Wishes:
    """Where calls are asked for."""

    def __init__(
        self,
        session: Session,
        accounts: Accounts,
        ledger: Ledger,
        admission: Admission,
        progress: Progress,
        rules: CallRules,
    ) -> None:
        self._session = session
        self._accounts = accounts
        self._ledger = ledger
        self._admission = admission
        self._progress = progress
        self._rules = rules

    def ask(self, account: Account, wish: Wish, now: datetime) -> CallRequest:
        """Accept a call and hold what it needs to begin.

        Raises a Refusal, and then has stored nothing.
        """
        account = self._accounts.locked(account.id)
        terms = self._admission.judge(account, wish, now)
        least = max(terms.needed, terms.worth)
        funds = self._ledger.afford(account, NEW_SESSION, least, now)
        session, request = self._store(account, wish, now)
        self._progress.note(request.id, request.state, request.cause, now)
        self._ledger.hold_within(funds, account, session.id, terms.needed, now)
        return request

    def remember_refusal(
        self, account: Account, wish: Wish, refusal: Refusal, now: datetime
    ) -> None:
        """Keep what was asked and why it was refused."""
        request = _request(account, wish, State.REFUSED, now)
        request.cause = refusal.code
        self._session.add(request)
        self._session.flush()  # its id is wanted
        self._progress.note(request.id, request.state, request.cause, now)

    def _store(
        self, account: Account, wish: Wish, now: datetime
    ) -> tuple[CallSession, CallRequest]:
        access = wish.access_number
        session = CallSession(
            account_id=account.id,
            access_number_id=wish.access_number_id,
            language=chosen(
                account.language,
                access.language if access else None,
                self._rules.language,
            ),
            began_at=now,
        )
        request = _request(account, wish, State.QUEUED, now)
        try:
            with self._session.begin_nested():
                self._session.add(session)
                self._session.flush()
                request.session_id = session.id
                self._session.add(request)
                self._session.flush()
        except IntegrityError as rival:  # somebody is ringing that number
            raise AlreadyCalling(number=wish.leg_a) from rival
        return session, request


def _request(account: Account, wish: Wish, state: State, now: datetime) -> CallRequest:
    return CallRequest(
        account_id=account.id,
        leg_a=wish.leg_a,
        withheld=wish.withheld,
        leg_b=wish.leg_b,
        source=wish.source,
        sender=wish.sender,
        access_number_id=wish.access_number_id,
        state=state,
        asked_at=now,
        due_at=now + wish.after,
    )
