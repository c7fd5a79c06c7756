"""The way in: a message is stored, then understood, then obeyed.

Three short transactions. A crash between them loses nothing: the message is stored,
and the carrier's next try finds it not worked yet.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import TypeAlias

from domain.database import Transaction
from domain.errors import NotUnderstood, Refusal
from domain.messages import parsing
from domain.messages.identity import Reading, identify
from domain.messages.models import OutboundSms, Sending
from domain.messages.parsing import Command
from domain.messages.sms import Sms
from portal.carriers.base import OutgoingSms

Choice: TypeAlias = Callable[[Sequence[OutgoingSms]], Collection[int]]
"""Which of the replies (their ids) are said at once, and need no sending."""


def nothing_at_once(_replies: Sequence[OutgoingSms]) -> Collection[int]:
    """Leave every reply to the outbox."""
    return ()


def take(
    transaction: Transaction,
    sms: Sms,
    now: datetime,
    said_at_once: Choice = nothing_at_once,
) -> list[OutgoingSms]:
    """Work a message once, however often and by however many it is told.

    Returns the replies it earned now; a message that was worked before earns none.
    """
    with transaction() as services:
        stored = services.messages.store(sms, now)
    if stored.worked:
        return []
    reading = _read(transaction, sms, now)
    with transaction() as services:
        rows = services.messages.work(stored, sms, reading, now)
        replies = [outgoing(row) for row in rows]
        said = said_at_once(replies)
        for row in rows:
            # In the transaction that makes the reply: no outbox ever sees it waiting.
            if row.id in said:
                row.state, row.sent_at = Sending.ANSWERED, now
    return replies


def outgoing(row: OutboundSms) -> OutgoingSms:
    """A stored message as a value that outlives its transaction."""
    return OutgoingSms(row.id, row.carrier, row.sender, row.recipient, row.text)


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
