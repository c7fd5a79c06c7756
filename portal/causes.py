"""Why a leg ended, in words: the switch speaks in names of its own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pyramid.i18n import make_localizer

from portal.i18n import _

_LOCALE: Final = str(Path(__file__).parent / "locale")

_ENDED: Final = _("Hung up")
_SILENT: Final = _("No answer")
_UNAVAILABLE: Final = _("The network was busy or out of order")
_NO_SUCH_NUMBER: Final = _("There is no such number")

_WORDS: Final[Mapping[str, str]] = {
    "NORMAL_CLEARING": _ENDED,
    "NORMAL_UNSPECIFIED": _ENDED,
    "ORIGINATOR_CANCEL": _("Given up before it was answered"),
    "ALLOTTED_TIMEOUT": _("The time was up"),
    "MANAGER_REQUEST": _("Ended by the service"),
    "USER_BUSY": _("Busy"),
    "NO_ANSWER": _SILENT,
    "NO_USER_RESPONSE": _SILENT,
    "PROGRESS_TIMEOUT": _SILENT,
    "CALL_REJECTED": _("Rejected"),
    "SUBSCRIBER_ABSENT": _("Switched off or out of reach"),
    "DESTINATION_OUT_OF_ORDER": _("Switched off or out of reach"),
    "UNALLOCATED_NUMBER": _NO_SUCH_NUMBER,
    "NO_ROUTE_DESTINATION": _NO_SUCH_NUMBER,
    "INVALID_NUMBER_FORMAT": _NO_SUCH_NUMBER,
    "NORMAL_CIRCUIT_CONGESTION": _UNAVAILABLE,
    "SWITCH_CONGESTION": _UNAVAILABLE,
    "NETWORK_OUT_OF_ORDER": _UNAVAILABLE,
    "NORMAL_TEMPORARY_FAILURE": _UNAVAILABLE,
    "RECOVERY_ON_TIMER_EXPIRE": _UNAVAILABLE,
    "GATEWAY_DOWN": _UNAVAILABLE,
    "INVALID_GATEWAY": _UNAVAILABLE,
    "SYSTEM_SHUTDOWN": _("The service was restarted"),
}


_WHILE_RINGING: Final[Mapping[str, str]] = {
    "ALLOTTED_TIMEOUT": _SILENT,  # the switch's one name for two ends of patience
}


def cause_in_words(name: str, *, answered: bool) -> str:
    """The words for a cause; an unknown one is told as the switch named it."""
    if not answered and name in _WHILE_RINGING:
        return _WHILE_RINGING[name]
    return _WORDS.get(name) or _("Ended: ${name}", mapping={"name": name})


def cause_said(name: str, language: str, *, answered: bool) -> str:
    """The same in a language, where there is no page that would translate it."""
    localizer = make_localizer(language, [_LOCALE])
    return str(localizer.translate(cause_in_words(name, answered=answered)))
