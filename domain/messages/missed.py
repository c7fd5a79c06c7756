"""Missed calls that a carrier tells of: whoever rang us is rung back."""

import logging
from datetime import datetime, timedelta
from typing import Final

from domain.accounts.models import AccessNumber
from domain.accounts.service import Accounts, usable
from domain.calls.models import Source
from domain.calls.requests import Requests, Wish
from domain.errors import Refusal, UnknownSender
from domain.messages.models import InboundSms, Received
from domain.messages.service import NOT_ANSWERABLE, UNKNOWN_ACCESS_NUMBER, Messages
from domain.messages.sms import MissedCall, Sms
from domain.numbers import E164, is_e164, shortened

_log = logging.getLogger(__name__)

CALL_BACK_AFTER: Final = timedelta(seconds=5)
"""Whoever rang us has put their telephone down by then."""
RUNG_BACK: Final = "missed_call"


class MissedCalls:
    """Calls back registered callers, and nobody else."""

    def __init__(
        self, messages: Messages, accounts: Accounts, requests: Requests
    ) -> None:
        self._messages = messages
        self._accounts = accounts
        self._requests = requests

    def take(self, call: MissedCall, now: datetime) -> None:
        """Queue a call to whoever rang us; told again, it is the same call.

        Kept in the log of messages, as one without a text.
        """
        told = Sms(call.carrier, call.external_id, call.caller, call.recipient, "")
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
        access = self._accounts.access_number(row.recipient)
        if access is None:
            return UNKNOWN_ACCESS_NUMBER
        if not is_e164(row.sender) or self._accounts.is_access_number(row.sender):
            return NOT_ANSWERABLE
        try:
            row.account_id = self._ring_back(E164(row.sender), access, now)
        except Refusal as refusal:
            return refusal.code
        return RUNG_BACK

    def _ring_back(self, caller: E164, access: AccessNumber, now: datetime) -> int:
        owner = self._accounts.owner(caller)
        if owner is None:
            raise UnknownSender
        account = usable(self._accounts.locked(owner.id))
        wish = Wish(
            leg_a=caller,
            leg_b=None,
            source=Source.MISSED_CALL,
            sender=caller,
            access_number=access,
        )
        try:
            request = self._requests.ask(account, wish, now)
        except Refusal as refusal:
            self._requests.remember_refusal(account, wish, refusal, now)
            raise
        request.due_at = now + CALL_BACK_AFTER
        return account.id
