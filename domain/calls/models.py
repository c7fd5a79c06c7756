"""Call requests, sessions, legs."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.accounts.models import AccessNumber, Account
from domain.base import Base, Id, MicrosColumn
from domain.tariffs.models import LegACharge, Priced


class State(StrEnum):
    """How far a call request has come."""

    QUEUED = "queued"
    DIALLING_A = "dialling_a"
    A_UP = "a_up"
    DONE = "done"
    REFUSED = "refused"


LIVE = (State.QUEUED, State.DIALLING_A, State.A_UP)

THE_SWITCH: Final = "switch"
"""What the only switch of a site is called, unless its operator says otherwise."""
_LIVE_TELEPHONE_IN_SQL = text(
    "state IN ('queued', 'dialling_a', 'a_up') AND NOT withheld"
)
_HANGING_UP_IN_SQL = text("hangup_asked_at IS NOT NULL AND ended_at IS NULL")


class Source(StrEnum):
    """How a call was asked for."""

    SMS = "sms"
    WEB = "web"
    API = "api"
    MISSED_CALL = "missed_call"
    CARD = "card"
    """They rang us, and are on the line: there is nobody to ring back."""


class Side(StrEnum):
    """Whose leg it is: the user's (A) or a called party's (B)."""

    A = "a"
    B = "b"


class CallSession(Base):
    """One stay of a user on the line: one leg A, any number of legs B in turn."""

    __tablename__ = "sessions"
    __table_args__ = (
        Index(
            "ix_sessions_hanging_up",
            "id",
            sqlite_where=_HANGING_UP_IN_SQL,
            postgresql_where=_HANGING_UP_IN_SQL,
        ),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    access_number_id: Mapped[int | None] = mapped_column(
        ForeignKey("access_numbers.id")
    )
    language: Mapped[str]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    """When somebody pressed a key to say that no machine had answered."""
    hangup_asked_at: Mapped[datetime | None]
    """When the user asked, from elsewhere, that all its legs end."""

    account: Mapped[Account] = relationship()
    access_number: Mapped[AccessNumber | None] = relationship()
    legs: Mapped[list["Leg"]] = relationship(
        back_populates="session", order_by="Leg.id"
    )


class Leg(Priced, Base):
    """One channel, with the terms it is priced by for ever.

    The row, with the channel's UUID, is committed before the switch hears of it.
    """

    __tablename__ = "legs"
    __table_args__ = (
        Index(
            "ix_legs_open",
            "session_id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    uuid: Mapped[str] = mapped_column(unique=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"), index=True)
    side: Mapped[Side]
    number: Mapped[str]
    gateway: Mapped[str]
    """By which it left us; empty for a leg A that came to us."""
    switch: Mapped[str] = mapped_column(server_default=THE_SWITCH)
    """Which of several switches has it: nobody else can tell whether it lives."""
    prefix: Mapped[str]
    destination: Mapped[str]
    charge: Mapped[LegACharge]
    """When this leg is paid for; a leg B is always."""
    made_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    cause: Mapped[str | None]
    answered_us: Mapped[MicrosColumn] = mapped_column(default=0)
    """Microseconds from answer to end, as the switch counted them."""
    billed_seconds: Mapped[int] = mapped_column(default=0)
    price: Mapped[MicrosColumn] = mapped_column(default=0)

    session: Mapped[CallSession] = relationship(back_populates="legs")


class CallRequest(Base):
    """Ring A, then B: a row that waits until it is due."""

    __tablename__ = "call_requests"
    __table_args__ = (
        # One live session per leg-A number, whoever asks and however fast.
        Index(
            "uq_call_requests_live_leg_a",
            "leg_a",
            unique=True,
            sqlite_where=_LIVE_TELEPHONE_IN_SQL,
            postgresql_where=_LIVE_TELEPHONE_IN_SQL,
        ),
        Index(None, "state", "due_at"),
        Index(None, "sender", "asked_at"),
        Index(None, "account_id", "asked_at"),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id"))
    """None for a request that was refused."""
    leg_a: Mapped[str]
    """Whom to ring, or who rang us: the number they rang, if theirs was withheld."""
    withheld: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether leg A's own number is not known, and so may be many people's."""
    leg_b: Mapped[str | None]
    source: Mapped[Source]
    sender: Mapped[str]
    """Who asked: the SMS's number, or the account's login on the web and where no
    number was told."""
    access_number_id: Mapped[int | None] = mapped_column(
        ForeignKey("access_numbers.id")
    )
    state: Mapped[State]
    cause: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]


class RequestChange(Base):
    """One change of a call request's state, with its time."""

    __tablename__ = "request_changes"

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(ForeignKey("call_requests.id"), index=True)
    state: Mapped[State]
    cause: Mapped[str | None]
    changed_at: Mapped[datetime]


class Lease(Base):
    """The right to work at a switch: one service has it, others stand by.

    Whoever takes it writes a token of their own, and whoever has it lets `beat` grow.
    No clock is compared: others watch whether it still grows.
    """

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str]
    """Which program has it; empty once it has been given back."""
    token: Mapped[str] = mapped_column(unique=True)
    beat: Mapped[int]
