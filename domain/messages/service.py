"""Messages: stored before anything else, worked once, answered once."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.accounts.models import AccessNumber, Account, Door
from domain.accounts.service import Accounts
from domain.calls.models import CallRequest
from domain.errors import Refusal, UnknownSender, WrongLogin
from domain.languages import chosen
from domain.messages import replies
from domain.messages.identity import Reading
from domain.messages.models import InboundSms, OutboundSms, Received, Sending
from domain.messages.orders import Order, Orders, Reply
from domain.messages.parsing import Command, masked
from domain.messages.sms import Sms
from domain.numbers import E164, is_e164, shortened

_log = logging.getLogger(__name__)

REPLIES_A_MINUTE: Final = 3
REPLIES_AN_HOUR: Final = 20
UNKNOWN_ACCESS_NUMBER: Final = "unknown_access_number"
NOT_ANSWERABLE: Final = "not_answerable"


@dataclass(frozen=True, slots=True)
class Stored:
    """A message that is safe in the database."""

    id: int
    worked: bool


class Messages:
    """SMS in and out."""

    def __init__(self, session: Session, accounts: Accounts, orders: Orders) -> None:
        self._session = session
        self._accounts = accounts
        self._orders = orders

    def store(self, sms: Sms, now: datetime) -> Stored:
        """Keep a message, its secrets masked; told again, it is the same row."""
        row = InboundSms(
            carrier=sms.carrier,
            external_id=sms.external_id,
            sender=sms.sender,
            recipient=sms.recipient,
            text=masked(sms.text),
            received_at=now,
        )
        try:
            with self._session.begin_nested():
                self._session.add(row)
                self._session.flush()
        except IntegrityError:
            row = self._session.scalars(
                select(InboundSms).where(
                    InboundSms.carrier == sms.carrier,
                    InboundSms.external_id == sms.external_id,
                )
            ).one()
        return Stored(row.id, worked=row.state is Received.WORKED)

    def work(
        self, stored: Stored, sms: Sms, reading: Reading, now: datetime
    ) -> list[OutboundSms]:
        """Do what a stored message says; the replies, none if it was done already.

        Everything it does is one transaction with the mark that it was done, so a
        crash leaves nothing half done and a carrier's second try does it.
        """
        row = self._session.get_one(InboundSms, stored.id, with_for_update=True)
        if row.state is Received.WORKED:
            return []
        row.state, row.worked_at = Received.WORKED, now
        access = self._accounts.access_number(sms.recipient)
        if access is None:
            row.outcome = UNKNOWN_ACCESS_NUMBER
            _log.warning("an SMS came to %s, which is not ours", sms.recipient)
            return []
        if not sms.from_a_telephone or self._accounts.is_access_number(sms.sender):
            row.outcome = NOT_ANSWERABLE
            return []
        return self._answer(row, sms, access, reading, now)

    def tell_failure(self, request: CallRequest, now: datetime) -> None:
        """Say by SMS that a call asked for by SMS could not be made."""
        access_id = request.access_number_id
        access = self._session.get(AccessNumber, access_id) if access_id else None
        if access is None or not is_e164(request.sender):
            return
        account = self._accounts.get(request.account_id)
        reply = Reply(replies.CALL_FAILED, {"number": request.leg_a})
        self._say(account, access, E164(request.sender), reply, None, now)

    # --- the outbox ------------------------------------------------------------

    def due(self, now: datetime, limit: int = 20) -> list[OutboundSms]:
        """Messages to send now; nobody else takes them while this transaction lasts."""
        return list(
            self._session.scalars(
                select(OutboundSms)
                .where(OutboundSms.state == Sending.QUEUED, OutboundSms.due_at <= now)
                .order_by(OutboundSms.due_at)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
        )

    def outbound(self, message_id: int) -> OutboundSms:
        """One message to send, its row locked."""
        return self._session.get_one(OutboundSms, message_id, with_for_update=True)

    # --- in detail -------------------------------------------------------------

    def _answer(
        self,
        row: InboundSms,
        sms: Sms,
        access: AccessNumber,
        reading: Reading,
        now: datetime,
    ) -> list[OutboundSms]:
        account, reply = self._outcome(sms, access, reading, now)
        row.outcome = reply.code
        row.account_id = account.id if account else None
        if account is None:
            _log.info("%s from %s", reply.code, shortened(sms.sender))
            return []
        said = self._say(account, access, E164(sms.sender), reply, row.id, now)
        return [said] if said else []

    def _outcome(
        self, sms: Sms, access: AccessNumber, reading: Reading, now: datetime
    ) -> tuple[Account | None, Reply]:
        """Whom to answer (nobody: None) and what."""
        if isinstance(reading.identity, Refusal):
            refusal = reading.identity
            if isinstance(refusal, WrongLogin) and isinstance(reading.command, Command):
                self._accounts.remember_wrong_try(
                    reading.command.login or "",
                    door=Door.SMS,
                    sender=sms.sender,
                    now=now,
                )
            known = None if isinstance(refusal, UnknownSender) else self._owner(sms)
            return known, _refused(refusal)
        account = self._accounts.get(reading.identity.account_id)
        try:
            if isinstance(reading.command, Refusal):
                raise reading.command
            order = Order(
                account,
                reading.identity.by_password,
                reading.command,
                E164(sms.sender),
                access,
            )
            return account, self._orders.obey(order, now)
        except Refusal as refusal:
            return account, _refused(refusal)

    def _owner(self, sms: Sms) -> Account | None:
        """A stranger with a wrong password is a stranger: answered never."""
        return self._accounts.owner(E164(sms.sender))

    def _say(
        self,
        account: Account,
        access: AccessNumber,
        recipient: E164,
        reply: Reply,
        inbound_id: int | None,
        now: datetime,
    ) -> OutboundSms | None:
        if self._told_enough(recipient, now):
            _log.info("no more replies to %s for now", shortened(recipient))
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

    def _told_enough(self, recipient: str, now: datetime) -> bool:
        def told(within: timedelta) -> int:
            count = select(func.count()).where(
                OutboundSms.recipient == recipient, OutboundSms.made_at > now - within
            )
            return self._session.scalar(count) or 0

        return (
            told(timedelta(minutes=1)) >= REPLIES_A_MINUTE
            or told(timedelta(hours=1)) >= REPLIES_AN_HOUR
        )


def _refused(refusal: Refusal) -> Reply:
    return Reply(refusal.code, dict(refusal.details))
