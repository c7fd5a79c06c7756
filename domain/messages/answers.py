"""What we say by SMS: one message for one request, and never too many."""

import logging
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from domain import errors
from domain.accounts.models import AccessNumber, Account
from domain.errors import AlreadyCalling, Refusal
from domain.languages import chosen
from domain.messages import replies
from domain.messages.models import InboundSms, OutboundSms
from domain.messages.orders import Reply
from domain.numbers import E164, shortened

_log = logging.getLogger(__name__)

_MINUTE: Final = timedelta(minutes=1)
_RATIONS: Final = ((_MINUTE, 3), (timedelta(hours=1), 20))
"""How many messages one telephone is sent within a time; after that silence."""

_TOLD: Final = select(func.count()).where(
    OutboundSms.recipient == bindparam("recipient"),
    OutboundSms.made_at > bindparam("since"),
)


_IN_VAIN: Final = {
    errors.NotUnderstood.code,
    errors.NumberOrPin.code,
    errors.NotAPhoneNumber.code,
    errors.UnknownEntry.code,
    errors.AmbiguousEntry.code,
    errors.TooManyRequests.code,
}
_RUNNING: Final = 5
"""Who was not understood so often, and never in between, may be a machine that answers
every message of ours: told nothing more, it falls silent too."""
_MEMORY: Final = timedelta(days=7)

_LAST: Final = (
    select(InboundSms.outcome)
    .where(
        InboundSms.sender == bindparam("sender"),
        InboundSms.received_at > bindparam("since"),
        InboundSms.id < bindparam("before"),
    )
    .order_by(InboundSms.id.desc())
    .limit(_RUNNING)
)


class Answers:
    """Stores messages for the outbox to send."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def say(
        self,
        account: Account,
        access: AccessNumber,
        recipient: E164,
        reply: Reply,
        *,
        inbound_id: int | None,
        now: datetime,
    ) -> OutboundSms | None:
        """Answer in the account's language.

        None if they were told enough, or if the number sends no messages.
        """
        if not access.carrier:
            return None
        if self._told_enough(recipient, now):
            _log.info("no more replies to %s for now", shortened(recipient))
            return None
        if reply.code in _IN_VAIN and self._talks_past_us(recipient, inbound_id, now):
            _log.info("%s is not understood and told so no more", shortened(recipient))
            return None
        language = chosen(account.language, access.language)
        message = OutboundSms(
            inbound_id=inbound_id,
            account_id=account.id,
            carrier=access.carrier,
            sender=access.number,
            recipient=recipient,
            text=replies.text(reply.code, language, reply.details),
            made_at=now,
            due_at=now,
        )
        self._session.add(message)
        self._session.flush()  # the carrier is told its id
        return message

    def say_why_not(
        self,
        account: Account,
        access: AccessNumber,
        caller: E164,
        refusal: Refusal,
        now: datetime,
    ) -> None:
        """Tell whoever rang us in vain why, where we can.

        Not twice a minute, however often they ring; and not that a call is on its
        way already.
        """
        if isinstance(refusal, AlreadyCalling) or self._told(caller, now - _MINUTE):
            return
        reply = Reply(refusal.code, dict(refusal.details))
        self.say(account, access, caller, reply, inbound_id=None, now=now)

    def _talks_past_us(
        self, sender: E164, inbound_id: int | None, now: datetime
    ) -> bool:
        told = {"sender": sender, "since": now - _MEMORY, "before": inbound_id}
        last = self._session.scalars(_LAST, told).all()
        return len(last) == _RUNNING and _IN_VAIN.issuperset(last)

    def _told_enough(self, recipient: E164, now: datetime) -> bool:
        return any(self._told(recipient, now - time) >= n for time, n in _RATIONS)

    def _told(self, recipient: E164, since: datetime) -> int:
        return (
            self._session.scalar(_TOLD, {"recipient": recipient, "since": since}) or 0
        )
