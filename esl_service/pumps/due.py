"""Takes call requests whose time has come."""

from collections.abc import Callable

from domain.calls.requests import DueCall
from esl_service.desk import Desk


def step(desk: Desk, start: Callable[[DueCall], object]) -> None:
    """Start every call that is due; its leg A is stored before it is rung."""
    for due in desk.take_due():
        start(due)
