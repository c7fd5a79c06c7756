"""One at a time: whoever counts before they act must not count side by side."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

_LOCK: Final = text("SELECT pg_advisory_xact_lock(hashtextextended(:whose, 0))")


def take_turn(session: Session, whose: str) -> None:
    """Wait until nobody else has the turn of `whose`; it ends with the transaction.

    For what is counted and has no row of its own to lock: a sender's messages, a
    login's and a sender's wrong passwords. SQLite lets only one write at a time anyway.
    Turns are taken before any account is locked, a sender's before a login's; whoever
    has one may take it again. A sender is a telephone number or a web client's address.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_LOCK, {"whose": whose})
