"""The times and durations that a leg's CHANNEL_HANGUP_COMPLETE carries. Pure.

Whole seconds are differences of whole seconds of the clock, as the switch
reckons them, so `billsec` may be one too many or too few; `billusec` is exact.
"""

from datetime import UTC, datetime

from sandbox.switch.headers import Profile, Times
from sandbox.switch.wire import Event

_NEVER = (
    "last_hold_epoch",
    "last_hold_uepoch",
    "hold_accum_seconds",
    "hold_accum_usec",
    "hold_accum_ms",
    "resurrect_epoch",
    "resurrect_uepoch",
)


def measured(times: Times) -> Event:
    """Give the stamps and durations of a leg that has ended."""
    moments = {
        "start": times.created,
        "profile_start": times.created,
        "answer": times.answered,
        "bridge": times.bridged,
        "progress": times.progress,
        "progress_media": times.progress_media,
        "end": times.hungup,
    }
    event: Event = {}
    for name, moment in moments.items():
        if moment:
            event[f"{name}_stamp"] = _stamp(moment)
        event[f"{name}_epoch"] = str(moment // 1_000_000)
        event[f"{name}_uepoch"] = str(moment)
    return event | dict.fromkeys(_NEVER, "0") | _durations(times)


def accounted(profile: Profile, application: str, argument: str) -> Event:
    """Give who called, and the last application that was run."""
    name, number = profile.caller_name, profile.caller_number
    account: Event = {"caller_id": f'"{name}" <{number}>' if name else number}
    if application:
        account["last_app"] = application
    if argument:
        account["last_arg"] = argument
    return account


def _durations(times: Times) -> Event:
    answered, end = times.answered, times.hungup
    spans = {
        "bill": (answered, end),
        "progress": (times.created, times.progress),
        "answer": (times.created, answered),
        "wait": (times.created, times.bridged),
        "progress_media": (times.created, times.progress_media),
        "flow_bill": (times.created if answered else 0, end),
    }
    event: Event = {
        "duration": _seconds(times.created, end),
        "mduration": _milliseconds(times.created, end),
        "uduration": _microseconds(times.created, end),
    }
    for name, (start, stop) in spans.items():
        event |= {
            f"{name}sec": _seconds(start, stop),
            f"{name}msec": _milliseconds(start, stop),
            f"{name}usec": _microseconds(start, stop),
        }
    return event


def _seconds(start: int, stop: int) -> str:
    return str(stop // 1_000_000 - start // 1_000_000 if start and stop else 0)


def _milliseconds(start: int, stop: int) -> str:
    return str(stop // 1000 - start // 1000 if start and stop else 0)


def _microseconds(start: int, stop: int) -> str:
    return str(stop - start if start and stop else 0)


def _stamp(moment: int) -> str:
    return f"{datetime.fromtimestamp(moment / 1e6, UTC):%Y-%m-%d %H:%M:%S}"
