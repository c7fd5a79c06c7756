"""Reading how a leg ended from what the switch says about it. Pure."""

import re
from datetime import UTC, datetime

from esl_service.channel import Goodbye
from esl_service.switch.framing import Event


def goodbye_of(event: Event) -> Goodbye:
    """Read a CHANNEL_HANGUP_COMPLETE.

    `billusec` counts from this leg's own answer; `billsec` differs from it by up
    to a second and is never used.
    """
    answered_at = _moment(event, "variable_answer_uepoch")
    ended_at = _moment(event, "variable_end_uepoch") or occurred_at(event)
    billed_us = _integer(event, "variable_billusec")
    return Goodbye(
        uuid=event.get("Unique-ID", ""),
        cause=event.get("Hangup-Cause") or "NONE",
        answered_us=billed_us if answered_at else 0,
        answered_at=answered_at,
        ended_at=ended_at,
    )


def goodbye_pieced_together(
    leg: str, *, cause: str, answered_at: datetime | None, ended_at: datetime
) -> Goodbye:
    """Say how a leg ended whose own last word never came."""
    talked = ended_at - answered_at if answered_at else None
    return Goodbye(
        uuid=leg,
        cause=cause,
        answered_us=round(talked.total_seconds() * 1_000_000) if talked else 0,
        answered_at=answered_at,
        ended_at=ended_at,
    )


def answered_at(event: Event) -> datetime | None:
    """When the leg that an event is about was answered; None if it was not yet."""
    return _moment(event, "Caller-Channel-Answered-Time")


def occurred_at(event: Event) -> datetime:
    """When the switch made this event, by its own clock."""
    return _moment(event, "Event-Date-Timestamp") or datetime.now(UTC)


def _moment(event: Event, name: str) -> datetime | None:
    """A moment given in microseconds since 1970; FreeSWITCH's 0 means never."""
    microseconds = _integer(event, name)
    if not microseconds:
        return None
    seconds, rest = divmod(microseconds, 1_000_000)
    try:
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)
    except (ValueError, OverflowError, OSError):
        return None


def _integer(event: Event, name: str) -> int:
    text = event.get(name, "")
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else 0
