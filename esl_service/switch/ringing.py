"""Ringing leg A until they have answered and are ours to talk to."""

import logging
import uuid
from typing import Final

from domain.causes import SWITCH_REFUSED, is_carrier_fault
from domain.numbers import shortened
from esl_service.channel import Dial, Goodbye, NotReached
from esl_service.switch import dialstring
from esl_service.switch.commands import Commands
from esl_service.switch.framing import Event
from esl_service.switch.goodbyes import answered_at
from esl_service.switch.losses import Refused
from esl_service.switch.mailbox import (
    ANSWERED,
    JOB_DONE,
    PARKED,
    Deadline,
    Mailbox,
    PostOffice,
    Silence,
)

_log = logging.getLogger(__name__)

_NO_NEWS: Final = "RECOVERY_ON_TIMER_EXPIRE"

_MARGIN_SECONDS: Final = 10.0
"""The switch's own ring timeout may be late; then we stop waiting."""
_GOODBYE_SECONDS: Final = 5.0
"""A leg's last event and the end of its job come in either order."""


def ring(dial: Dial, commands: Commands, office: PostOffice) -> Mailbox:
    """Ring a leg, and return its mailbox once it is answered and parked.

    Raises NotReached, LinkLost, and ValueError before anything is sent.
    """
    arguments = dialstring.originate(dial)
    job = str(uuid.uuid4())
    mailbox = office.open(dial.uuid, job)
    try:
        _start(arguments, job, commands)
        _log.info("ringing %s by %s", shortened(dial.number), dial.gateway)
        _await_parking(dial, commands, mailbox)
    except NotReached as news:
        office.release(mailbox, dial.uuid, read=news.goodbye is not None)
        raise
    except BaseException:
        # Nobody is left to talk to them, whatever stopped us.
        office.release(mailbox, dial.uuid, read=False)
        commands.kill_if_possible(dial.uuid)
        raise
    finally:
        office.release(mailbox, job, read=True)
    return mailbox


def take_up(
    dial: Dial, commands: Commands, office: PostOffice, *, came_in: bool
) -> Mailbox | None:
    """Listen to a leg that was rung before; None if there is none.

    Returns its mailbox once it is answered, or at once for one that `came_in`. Raises
    NotReached and LinkLost.
    """
    mailbox = office.open(dial.uuid)  # before the state is asked: nothing is missed
    known = None
    try:
        known = commands.dump(dial.uuid)
        if known is not None and answered_at(known) is None and not came_in:
            _await_parking(dial, commands, mailbox)
    except NotReached as news:
        office.release(mailbox, dial.uuid, read=news.goodbye is not None)
        raise
    except BaseException:
        office.release(mailbox, dial.uuid, read=False)
        raise
    if known is None:
        office.release(mailbox, dial.uuid, read=False)
        return None
    return mailbox


def _start(arguments: str, job: str, commands: Commands) -> None:
    try:
        commands.originate(arguments, job)
    except Refused as refusal:
        _log.error("the switch refuses to originate: %s", refusal)
        raise NotReached(SWITCH_REFUSED) from refusal


def _await_parking(dial: Dial, commands: Commands, mailbox: Mailbox) -> None:
    deadline = Deadline(dial.ring_seconds + _MARGIN_SECONDS)
    seen: set[str] = set()
    failed_job: Event | None = None
    while not {ANSWERED, PARKED} <= seen:
        try:
            event = mailbox.next(deadline)
        except Silence:
            commands.kill_if_possible(dial.uuid)
            goodbye = _last_word(dial.uuid, mailbox)
            if goodbye is not None and goodbye.answered:
                raise NotReached(goodbye.cause, goodbye) from None
            raise NotReached(_reason(failed_job) if failed_job else _NO_NEWS) from None
        if (goodbye := mailbox.goodbyes.get(dial.uuid)) is not None:
            raise NotReached(goodbye.cause, goodbye)
        if event.get("Event-Name") != JOB_DONE:
            seen.add(event.get("Event-Name", ""))
        elif not event.get("_body", "").startswith("+OK"):
            failed_job, deadline = event, Deadline(_GOODBYE_SECONDS)
            if not seen:
                _log.error("the switch did not try to ring: %s", _reason(event))
                raise NotReached(_untried(_reason(event)))


def _untried(reason: str) -> str:
    """Why a switch made no leg: a gateway that fails, or itself.

    It says one and the same of its own limits, of a pause and of a UUID in use.
    """
    return reason if is_carrier_fault(reason) else SWITCH_REFUSED


def _last_word(leg: str, mailbox: Mailbox) -> Goodbye | None:
    """How a leg ended that was hung up: it may have been answered unheard."""
    deadline = Deadline(_GOODBYE_SECONDS)
    while (goodbye := mailbox.goodbyes.get(leg)) is None:
        try:
            mailbox.next(deadline)
        except Silence:
            return None
    return goodbye


def _reason(failed_job: Event) -> str:
    return failed_job.get("_body", "").removeprefix("-ERR").strip() or _NO_NEWS
