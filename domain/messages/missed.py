"""Missed calls that a carrier tells of: whoever rang us is rung back."""

import logging
from datetime import datetime
from typing import Final

from domain.accounts.models import Service
from domain.accounts.service import Accounts
from domain.calls.arrivals import Arrivals, Ring
from domain.errors import Refusal, UnknownSender
from domain.messages.answers import Answers
from domain.messages.models import InboundSms, Received
from domain.messages.service import NOT_ANSWERABLE, UNKNOWN_ACCESS_NUMBER, Messages
from domain.messages.sms import MissedCall, Sms
from domain.numbers import shortened

_log = logging.getLogger(__name__)

RUNG_BACK: Final = "missed_call"


class MissedCalls:
    """Calls back registered callers, and nobody else.

    Only where the access number's service is to call back, as for a call that the
    switch sees.
    """

    def __init__(
        self,
        messages: Messages,
        accounts: Accounts,
        arrivals: Arrivals,
        answers: Answers,
    ) -> None:
        self._messages = messages
        self._accounts = accounts
        self._arrivals = arrivals
        self._answers = answers

    def take(self, call: MissedCall, now: datetime) -> None:
        """Queue a call to whoever rang us; told again, it is the same call.

        Kept in the log of messages, as one without a text.
        """
        called = call.recipient
        told = Sms(call.carrier, call.external_id, call.caller, called, "", call.posted)
        stored = self._messages.store(told, now)
        if stored.worked:
            return
        row = self._messages.inbound(stored.id)
        if row.state is Received.WORKED:
            return
        row.state, row.worked_at = Received.WORKED, now
        row.outcome = self._outcome(row, now)
        _log.info("%s rang: %s", shortened(call.caller), row.outcome)

    def _outcome(self, row: InboundSms, now: datetime) -> str:
        if self._accounts.access_number(row.recipient) is None:
            return UNKNOWN_ACCESS_NUMBER
        ring = self._arrivals.ring(row.recipient, row.sender)
        if ring is None or ring.access.service is not Service.ANI_CALLBACK:
            return NOT_ANSWERABLE
        owner = self._accounts.owner(ring.number)
        if owner is None:
            return UnknownSender.code
        row.account_id = owner.id
        return self._ring_back(owner.id, ring, now)

    def _ring_back(self, account_id: int, ring: Ring, now: datetime) -> str:
        account = self._accounts.locked(account_id)
        try:
            self._arrivals.call_back(account, ring, now)
        except Refusal as refusal:
            self._answers.say_why_not(account, ring.access, ring.number, refusal, now)
            return refusal.code
        return RUNG_BACK
