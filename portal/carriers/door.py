"""The way in: a message is stored, then understood, then obeyed.

Three short transactions. A crash between them loses nothing: the message waits in the
database, sealed, until whoever stored it works it, or else the inbox does.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from domain.database import Transaction
from domain.errors import NotUnderstood, Refusal
from domain.messages import parsing
from domain.messages.identity import Reading, identify
from domain.messages.models import OutboundSms, Sending
from domain.messages.parsing import Command
from domain.messages.parts import Joined
from domain.messages.sms import Incoming, MissedCall, Sms, SmsPart
from domain.messages.storing import Stored
from domain.services import Services
from portal.carriers.base import OutgoingSms
from portal.carriers.posted import bounded
from portal.carriers.sealing import Seal

Choice: TypeAlias = Callable[[Sequence[OutgoingSms]], Collection[int]]
"""Which of the replies (their ids) are said at once, and need no sending."""


def nothing_at_once(_replies: Sequence[OutgoingSms]) -> Collection[int]:
    """Leave every reply to the outbox."""
    return ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A message that is safe, and may be worked now."""

    stored: Stored
    sms: Sms


def keep(
    transaction: Transaction, told: Sequence[Incoming], now: datetime, seal: Seal
) -> list[Kept]:
    """Store all that a post told of, in one transaction; the whole messages of it.

    Parts are joined, missed calls answered.
    """
    with transaction() as services:
        return [
            Kept(services.messages.store(sms, now, sealed=seal.close(sms.text)), sms)
            for sms in _whole(services, told, now, seal)
        ]


def take(transaction: Transaction, sms: Sms, now: datetime) -> list[OutgoingSms]:
    """Store and work a message for whoever waits beside us, and tells it again."""
    with transaction() as services:
        stored = services.messages.store(sms, now)
    return [] if stored.worked else work(transaction, stored, sms, now)


def work(
    transaction: Transaction,
    stored: Stored,
    sms: Sms,
    now: datetime,
    said_at_once: Choice = nothing_at_once,
) -> list[OutgoingSms]:
    """Do what a stored message says; the replies, none if it was done before."""
    reading = _read(transaction, sms, now)
    with transaction() as services:
        # In the transaction that makes the reply: no outbox ever sees it waiting.
        return _offered(
            services.messages.work(stored, sms, reading, now), now, said_at_once
        )


def answer_again(
    transaction: Transaction, stored: Stored, now: datetime, said_at_once: Choice
) -> list[OutgoingSms]:
    """The replies that still wait, of a message that was worked by somebody else.

    Only for carriers that take nothing from an outbox: it may be sending them.
    """
    with transaction() as services:
        return _offered(services.waiting_room.answers(stored), now, said_at_once)


def _offered(
    rows: Sequence[OutboundSms], now: datetime, said_at_once: Choice
) -> list[OutgoingSms]:
    """Replies, those that are said at once taken from the outbox."""
    replies = [outgoing(row) for row in rows]
    said = said_at_once(replies)
    for row in rows:
        if row.id in said:
            row.state, row.sent_at = Sending.ANSWERED, now
    return replies


def outgoing(row: OutboundSms) -> OutgoingSms:
    """A stored message as a value that outlives its transaction."""
    return OutgoingSms(row.id, row.carrier, row.sender, row.recipient, row.text)


def _whole(
    services: Services, told: Sequence[Incoming], now: datetime, seal: Seal
) -> list[Sms]:
    found = []
    for each in told:
        match each:
            case Sms():
                found.append(each)
            case SmsPart():
                joined = services.parts.keep(each, seal.close(each.sms.text), now)
                if joined is not None:
                    found.append(_joined(each.sms, joined, seal))
            case MissedCall():
                services.missed_calls.take(each, now)
    return found


def _joined(last: Sms, joined: Joined, seal: Seal) -> Sms:
    return replace(
        last,
        external_id=joined.external_id,
        text="".join(map(seal.open, joined.sealed)),
        posted=bounded(joined.posted),
    )


def _read(transaction: Transaction, sms: Sms, now: datetime) -> Reading:
    """What it means and whose it is. Hashing is slow, so nothing is locked here."""
    command: Command | Refusal
    try:
        command = parsing.read(sms.text)
    except NotUnderstood as refusal:
        command = refusal
    with transaction(write=False) as services:
        identity = identify(services.accounts, command, sms, now)
    return Reading(command, identity)
