"""Messages: stored before anything else, worked once, answered once."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.models import AccessNumber, Account, Door
from domain.accounts.service import Accounts, usable
from domain.accounts.turns import take_turn
from domain.calls.hangups import HangUps
from domain.calls.models import CallRequest, Source
from domain.errors import Refusal, WrongLogin
from domain.messages import replies
from domain.messages.answers import Answers
from domain.messages.identity import Identity, Reading
from domain.messages.masking import masked
from domain.messages.models import InboundSms, OutboundSms, Received, Sending
from domain.messages.orders import Orders, Reply
from domain.messages.parsing import Command
from domain.messages.sms import Sms
from domain.messages.storing import Letter, Stored, store, store_all
from domain.messages.wanted import Order
from domain.messages.words import is_the_carriers
from domain.numbers import E164, is_e164, shortened

T = TypeVar("T")

_log = logging.getLogger(__name__)

UNKNOWN_ACCESS_NUMBER: Final = "unknown_access_number"
NOT_ANSWERABLE: Final = "not_answerable"


class Messages:
    """SMS in and out."""

    def __init__(
        self, session: Session, accounts: Accounts, orders: Orders, hangups: HangUps
    ) -> None:
        self._session = session
        self._accounts = accounts
        self._orders = orders
        self._hangups = hangups
        self._answers = Answers(session)

    def store(self, sms: Sms, now: datetime, sealed: str | None = None) -> Stored:
        """Keep a message, its secrets masked; told again, it is the same row.

        With its `sealed` text it waits to be worked after its carrier was answered.
        """
        return store(self._session, Letter(sms, now, sealed))

    def store_all(self, letters: Sequence[Letter]) -> None:
        """Keep many messages at once, each as `store` does."""
        store_all(self._session, letters)

    def inbound(self, message_id: int) -> InboundSms:
        """One message that came, its row locked."""
        return self._session.get_one(InboundSms, message_id, with_for_update=True)

    def work(
        self, stored: Stored, sms: Sms, reading: Reading, now: datetime
    ) -> list[OutboundSms]:
        """Do what a stored message says; the replies, none if it was done already.

        Everything it does is one transaction with the mark that it was done, so a
        crash leaves nothing half done and a carrier's second try does it.
        """
        # Requests, replies and wrong passwords of one sender are counted.
        take_turn(self._session, f"sender {sms.sender}")
        row = self.inbound(stored.id)
        if row.state is Received.WORKED:
            return []
        row.state, row.worked_at, row.sealed = Received.WORKED, now, None
        access = self._accounts.access_number(sms.recipient)
        if access is None:
            row.outcome = UNKNOWN_ACCESS_NUMBER
            _log.warning("an SMS came to %s, which is not ours", sms.recipient)
            return []
        if (
            not sms.from_a_telephone
            or self._accounts.is_access_number(sms.sender)
            or is_the_carriers(sms.text)
        ):
            row.outcome = NOT_ANSWERABLE
            return []
        return self._answer(row, sms, access, reading, now)

    def tell_failure(self, request: CallRequest, now: datetime) -> None:
        """Say by SMS that a call asked for by telephone could not be made.

        Whoever took it back knows that.
        """
        if self._hangups.asked(request.session_id):
            return
        access_id = request.access_number_id
        access = self._session.get(AccessNumber, access_id) if access_id else None
        rang_us = request.source is Source.CARD  # and nobody was to be reached
        if rang_us or access is None or not is_e164(request.sender):
            return
        account = self._accounts.get(request.account_id)
        reply = Reply(replies.CALL_FAILED, {"number": request.leg_a})
        self._answers.say(
            account, access, E164(request.sender), reply, inbound_id=None, now=now
        )

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
        if isinstance(reading.identity, Identity) and reading.identity.by_password:
            row.text = masked(sms.text)  # what is proven to be a login is no secret
        row.account_id = account.id if account else None
        if account is None:
            _log.info("%s from %s", reply.code, shortened(sms.sender))
            return []
        sender = E164(sms.sender)
        said = self._answers.say(
            account, access, sender, reply, inbound_id=row.id, now=now
        )
        return [said] if said else []

    def _outcome(
        self, sms: Sms, access: AccessNumber, reading: Reading, now: datetime
    ) -> tuple[Account | None, Reply]:
        """Whom to answer (nobody: None) and what."""
        account = None
        try:
            identity = self._identity(sms, reading, now)
            account = self._accounts.locked(identity.account_id)
            command = _or_refused(reading.command)
            order = Order(
                usable(account),  # an operator may have blocked it since
                identity.by_password,
                command,
                E164(sms.sender),
                access,
            )
            return account, self._orders.obey(order, now)
        except Refusal as refusal:
            # A stranger with a wrong password is a stranger: answered never.
            known = account or self._accounts.owner(E164(sms.sender))
            return known, _refused(refusal)

    def _identity(self, sms: Sms, reading: Reading, now: datetime) -> Identity:
        """Whose message it is, once nobody else's guess can be counted beside it."""
        command = reading.command
        if isinstance(command, Command) and command.login is not None:
            login, sender = command.login, sms.sender
            self._accounts.check_door(login, door=Door.SMS, sender=sender, now=now)
            if isinstance(reading.identity, WrongLogin):
                self._accounts.remember_wrong_try(
                    login, door=Door.SMS, sender=sender, now=now
                )
        return _or_refused(reading.identity)


def _or_refused(found: T | Refusal) -> T:
    if isinstance(found, Refusal):
        raise found
    return found


def _refused(refusal: Refusal) -> Reply:
    return Reply(refusal.code, dict(refusal.details))
