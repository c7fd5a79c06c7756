"""Why a leg ended, in words: the switch speaks in names of its own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pyramid.i18n import make_localizer

from domain.causes import Outcome, outcome
from portal.i18n import _

_LOCALE: Final = str(Path(__file__).parent / "locale")

_ENDED: Final = _("Hung up")
_UNAVAILABLE: Final = _("The network was busy or out of order")

_BY_NAME: Final[Mapping[str, str]] = {
    "NORMAL_CLEARING": _ENDED,
    "NORMAL_UNSPECIFIED": _ENDED,
    "MANAGER_REQUEST": _("Ended by the service"),
    "SYSTEM_SHUTDOWN": _("The service was restarted"),
}
_BY_OUTCOME: Final[Mapping[Outcome, str]] = {
    Outcome.BUSY: _("Busy"),
    Outcome.SILENT: _("No answer"),
    Outcome.ABSENT: _("Switched off or out of reach"),
    Outcome.INVALID: _("There is no such number"),
    Outcome.REJECTED: _("Rejected"),
    Outcome.CARRIER_FAULT: _UNAVAILABLE,
    Outcome.OURS: _UNAVAILABLE,
    Outcome.LEFT: _("Given up before it was answered"),
}
_TIME_WAS_UP: Final = "ALLOTTED_TIMEOUT"
"""The switch's one name for two ends of patience."""


def cause_in_words(name: str, *, answered: bool) -> str:
    """The words for a cause; an unknown one is told as the switch named it."""
    if answered and name == _TIME_WAS_UP:
        return _("The time was up")
    words = _BY_NAME.get(name) or _BY_OUTCOME.get(outcome(name))
    return words or _("Ended: ${name}", mapping={"name": name})


def cause_said(name: str, language: str, *, answered: bool) -> str:
    """The same in a language, where there is no page that would translate it."""
    localizer = make_localizer(language, [_LOCALE])
    return str(localizer.translate(cause_in_words(name, answered=answered)))
