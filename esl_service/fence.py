"""Keeps a service from writing at a switch at which another one works by now."""

from collections.abc import Callable

from domain.services import Services

Fence = Callable[[Services], None]
"""Asked within a transaction, before somebody is rung for. Raises Superseded."""


def no_fence(_services: Services) -> None:
    """Let everything be written: nobody else works at this switch."""
