"""What goes wrong at the switch, in JSON: look at it, choose it, let it happen once."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from pyramid.request import Request

from sandbox.faults import BadFault, Faults
from sandbox.switch.server import EventSocket
from sandbox.web.bodies import read_object

JsonObject = dict[str, Any]  # what the JSON renderer writes

_LONGEST_AWAY = 600.0  # seconds

ACCIDENTS: dict[str, Callable[[EventSocket, float], None]] = {
    "crash": lambda door, away: door.restart(away=away, crashed=True),
    "cut": lambda door, _: door.cut(),
    "cut_commands": lambda door, _: door.cut(listening=False),
    "cut_events": lambda door, _: door.cut(listening=True),
    "cut_in_frame": lambda door, _: door.cut_in_frame(),
    "leave_unanswered": lambda door, _: door.leave_unanswered(),
    "lose_events": lambda door, _: door.lose_events(),
    "restart": lambda door, away: door.restart(away=away),
}
"""What can happen, by its name in the URL."""


def show(request: Request) -> JsonObject:
    """Tell what goes wrong now."""
    return asdict(request.door.faults)


def choose(request: Request) -> JsonObject:
    """Let this go wrong from now on, and nothing else."""
    request.door.faults = Faults.parse(read_object(request))
    return show(request)


def happen(request: Request) -> JsonObject:
    """Let one accident happen now."""
    name = request.matchdict["accident"]
    if name not in ACCIDENTS:
        raise BadFault(f"The accidents are {', '.join(ACCIDENTS)}, but not {name}.")
    ACCIDENTS[name](request.door, _away(read_object(request)))
    return {"happened": name}


def _away(body: JsonObject) -> float:
    """For how many seconds nobody is let in after a restart."""
    away = body.pop("away", 0)
    is_number = isinstance(away, int | float) and not isinstance(away, bool)
    if body or not is_number or not 0 <= away <= _LONGEST_AWAY:
        raise BadFault(
            f"An accident takes only away, a number of seconds up to"
            f" {_LONGEST_AWAY:.0f}."
        )
    return float(away)
