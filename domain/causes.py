"""Why a leg ended, by FreeSWITCH's name, and what follows from it. Pure.

The one place that knows: whether leg A is rung again, whether another gateway is
tried, what a caller hears and what a page says all ask here.

The names up to 127 are those of ITU-T Q.850; the switch maps SIP's answers to them
(`sofia_glue_sip_cause_to_freeswitch` in its mod_sofia: 503 and 500 are
NORMAL_TEMPORARY_FAILURE, 502 is NETWORK_OUT_OF_ORDER, 480 NO_USER_RESPONSE, 403
CALL_REJECTED, 408 and 504 RECOVERY_ON_TIMER_EXPIRE). Others are the switch's own
(`switch_call_cause_t` in switch_types.h), and a few are ours.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final

SWITCH_REFUSED: Final = "SWITCH_REFUSED"
"""Ours: the switch never tried (no capacity, paused, a UUID in use)."""
SWITCH_AWAY: Final = "SWITCH_AWAY"
"""Ours: nobody could ask the switch in time."""
LOST: Final = "LOST"
"""Ours: nobody heard the leg's end."""
NEVER_RUNG: Final = "NEVER_RUNG"
"""Ours: the leg was stored and not rung, because its service died."""
CALLED_OFF: Final = "ORIGINATOR_CANCEL"
"""Nobody waited for the leg any more, or it was never rung."""


class Outcome(Enum):
    """What became of a leg that was rung and not answered."""

    BUSY = "busy"
    SILENT = "silent"
    """It rang and nobody came."""
    ABSENT = "absent"
    """Their telephone is off, or out of reach."""
    INVALID = "invalid"
    """There is no such number."""
    REJECTED = "rejected"
    """Somebody, or some rule of theirs, said no."""
    CARRIER_FAULT = "carrier fault"
    """The way there failed, and says nothing of who was called."""
    OURS = "ours"
    """Our own switch or service ended it."""
    LEFT = "left"
    """Who had it rung gave up first."""
    UNKNOWN = "unknown"


_NAMES: Final[Mapping[Outcome, str]] = {
    Outcome.BUSY: "USER_BUSY BUSY_EVERYWHERE",
    # ALLOTTED_TIMEOUT is also what ends a call: here the ringing was too long.
    Outcome.SILENT: "NO_ANSWER NO_USER_RESPONSE ALLOTTED_TIMEOUT PROGRESS_TIMEOUT",
    Outcome.ABSENT: "SUBSCRIBER_ABSENT DESTINATION_OUT_OF_ORDER USER_NOT_REGISTERED",
    Outcome.INVALID: (
        "UNALLOCATED_NUMBER NO_ROUTE_DESTINATION INVALID_NUMBER_FORMAT NUMBER_CHANGED"
        " DOES_NOT_EXIST_ANYWHERE"
    ),
    Outcome.REJECTED: (
        "CALL_REJECTED DECLINE REJECT_ALL UNWANTED FACILITY_REJECTED"
        " INCOMING_CALL_BARRED OUTGOING_CALL_BARRED"
    ),
    Outcome.CARRIER_FAULT: (
        "NO_ROUTE_TRANSIT_NET EXCHANGE_ROUTING_ERROR NORMAL_CIRCUIT_CONGESTION"
        " NETWORK_OUT_OF_ORDER NORMAL_TEMPORARY_FAILURE SWITCH_CONGESTION"
        " REQUESTED_CHAN_UNAVAIL SERVICE_UNAVAILABLE SERVICE_NOT_IMPLEMENTED"
        " BEARERCAPABILITY_NOTAVAIL RECOVERY_ON_TIMER_EXPIRE PROTOCOL_ERROR"
        " INTERWORKING INVALID_GATEWAY GATEWAY_DOWN INVALID_PROFILE"
    ),
    Outcome.OURS: (
        f"{SWITCH_REFUSED} {SWITCH_AWAY} {LOST} {NEVER_RUNG}"
        " MANAGER_REQUEST SYSTEM_SHUTDOWN CRASH"
    ),
    Outcome.LEFT: f"{CALLED_OFF} NORMAL_CLEARING",
}

OUTCOMES: Final[Mapping[str, Outcome]] = {
    name: each for each, names in _NAMES.items() for name in names.split()
}
"""Of every cause that we know."""


def outcome(cause: str) -> Outcome:
    """What became of a leg that was never answered and ended with this cause.

    >>> outcome("USER_BUSY"), outcome("SOMETHING_NEW")
    (<Outcome.BUSY: 'busy'>, <Outcome.UNKNOWN: 'unknown'>)
    """
    return OUTCOMES.get(cause, Outcome.UNKNOWN)


def may_come_round(cause: str) -> bool:
    """Whether leg A was there, perhaps, but did not pick up: it is rung again later."""
    return cause == LOST or outcome(cause) in (Outcome.BUSY, Outcome.SILENT)


def is_carrier_fault(cause: str) -> bool:
    """Whether another gateway may do better, at once."""
    return outcome(cause) is Outcome.CARRIER_FAULT
