"""Why legs end: the switch's names, the network's numbers, SIP's answers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """How SIP says no."""

    status: str
    phrase: str


Q850 = {
    "UNALLOCATED_NUMBER": 1,
    "NORMAL_CLEARING": 16,
    "USER_BUSY": 17,
    "NO_USER_RESPONSE": 18,
    "NO_ANSWER": 19,
    "CALL_REJECTED": 21,
    "DESTINATION_OUT_OF_ORDER": 27,
    "INVALID_NUMBER_FORMAT": 28,
    "NORMAL_UNSPECIFIED": 31,
    "NORMAL_CIRCUIT_CONGESTION": 34,
    "NETWORK_OUT_OF_ORDER": 38,
    "NORMAL_TEMPORARY_FAILURE": 41,
    "SWITCH_CONGESTION": 42,
    "RECOVERY_ON_TIMER_EXPIRE": 102,
}

# Causes of the switch's own, which the network hears as an ordinary end.
_OWN = {
    "ALLOTTED_TIMEOUT",
    "ORIGINATOR_CANCEL",
    "MANAGER_REQUEST",
    "ATTENDED_TRANSFER",
    "PROGRESS_TIMEOUT",
    "INVALID_GATEWAY",
    "SYSTEM_SHUTDOWN",
}

REFUSALS = {
    "USER_BUSY": Refusal("486", "Busy Here"),
    "UNALLOCATED_NUMBER": Refusal("404", "Not Found"),
    "NORMAL_TEMPORARY_FAILURE": Refusal("503", "Service Unavailable"),
    "CALL_REJECTED": Refusal("603", "Decline"),
}

_DIALSTATUS = {
    "SUCCESS": "SUCCESS",
    "USER_BUSY": "BUSY",
    "NO_ANSWER": "NOANSWER",
    "ORIGINATOR_CANCEL": "CANCEL",
    "INVALID_GATEWAY": "INVALIDARGS",
}

KNOWN = frozenset(Q850) | _OWN

# What a bridge that failed lets the calling leg live through when it says nothing.
SURVIVED = frozenset({"NO_ANSWER", "NO_USER_RESPONSE", "ORIGINATOR_CANCEL"})


def named(word: str) -> str:
    """Read a cause as commands give it; what is no cause is NORMAL_CLEARING.

    >>> named("call_rejected"), named("17"), named("")
    ('CALL_REJECTED', 'USER_BUSY', 'NORMAL_CLEARING')
    """
    wanted = word.strip().upper()
    numbers = {str(number): cause for cause, number in Q850.items()}
    wanted = numbers.get(wanted, wanted)
    return wanted if wanted in KNOWN else "NORMAL_CLEARING"


def q850(cause: str) -> str:
    """Give the number the network uses for a cause."""
    return str(Q850.get(cause, 16))


def dialstatus(disposition: str) -> str:
    """Give the word that DIALSTATUS uses for how an originate ended."""
    return _DIALSTATUS.get(disposition, disposition)
