"""Accounts, registered numbers, access numbers, and wrong logins."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.base import Base, Id, MicrosColumn


class Status(StrEnum):
    """Whether an account may be used."""

    ACTIVE = "active"
    BLOCKED = "blocked"


class Account(Base):
    """A callback client: one login, one prepaid balance, one tariff plan.

    `balance` is kept by the ledger alone and always equals the sum of the
    account's entries; nothing else writes it, least of all a form.
    """

    __tablename__ = "accounts"

    id: Mapped[Id]
    login: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    status: Mapped[Status] = mapped_column(default=Status.ACTIVE)
    language: Mapped[str | None]
    currency: Mapped[str]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    balance: Mapped[MicrosColumn] = mapped_column(default=0)
    credit_limit: Mapped[MicrosColumn] = mapped_column(default=0)
    numbers_allowed: Mapped[int] = mapped_column(default=1)
    calls_at_once: Mapped[int] = mapped_column(default=1)
    longest_call: Mapped[int | None]
    """Seconds; None leaves it to the site."""
    daily_spend: Mapped[MicrosColumn | None]
    """What may be spent in 24 hours; None for no limit of its own."""
    announces_balance: Mapped[bool] = mapped_column(default=True)
    announces_duration: Mapped[bool] = mapped_column(default=True)
    """Whether they hear how long they may talk, before a number is rung."""
    confirms_leg_a: Mapped[bool | None]
    """Press 1 first: always, never, or (None) while leg A was never confirmed."""
    made_at: Mapped[datetime]

    numbers: Mapped[list["RegisteredNumber"]] = relationship(
        back_populates="account", order_by="RegisteredNumber.id"
    )


class RegisteredNumber(Base):
    """A number that identifies an account when an SMS or a call comes from it."""

    __tablename__ = "registered_numbers"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    number: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]

    account: Mapped[Account] = relationship(back_populates="numbers")


class ConfirmedLeg(Base):
    """A number at which a person, not a mailbox, once pressed 1 for this account."""

    __tablename__ = "confirmed_legs"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    number: Mapped[str] = mapped_column(primary_key=True)
    confirmed_at: Mapped[datetime]


class Card(Base):
    """By what an account is known on the line: digits that can be keyed."""

    __tablename__ = "cards"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    """Digits, drawn by chance: no secret, for they stand on the portal's page."""
    pin_hash: Mapped[str]
    issued_at: Mapped[datetime]


class Service(StrEnum):
    """What happens when an access number is rung."""

    NONE = "none"
    """The call is rejected, as it is to whoever is unknown."""
    ANI_CALLBACK = "ani-callback"
    """The call is rejected, and a registered caller is called back."""
    CALLING_CARD = "calling-card"
    """The call is answered; the caller proves who they are, and dials."""


class AccessNumber(Base):
    """A number of ours that customers text or ring."""

    __tablename__ = "access_numbers"

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(unique=True)
    carrier: Mapped[str]
    """Who carries its messages; empty for a number that is only rung."""
    language: Mapped[str | None]
    country: Mapped[str | None]
    """ISO 3166: where short, national numbers in its messages belong."""
    leg_a_plan_id: Mapped[int | None] = mapped_column(ForeignKey("plans.id"))
    service: Mapped[Service] = mapped_column(default=Service.NONE)
    asks_pin: Mapped[bool] = mapped_column(default=False)
    """Whether a registered caller keys a PIN too: a caller's number can be forged."""


class Door(StrEnum):
    """Where a secret is asked for; each door locks by itself."""

    SMS = "sms"
    WEB = "web"
    VOICE = "voice"
    """Where a card's digits and PIN are keyed on the line."""
    VOUCHER = "voucher"
    """Where an account that is known redeems PINs, however it came."""


class WrongLoginTry(Base):
    """One wrong password or PIN, remembered for as long as it may lock a door."""

    __tablename__ = "wrong_login_tries"
    __table_args__ = (
        Index(None, "door", "login", "tried_at"),
        Index(None, "door", "sender", "tried_at"),
    )

    id: Mapped[Id]
    door: Mapped[Door]
    login: Mapped[str]
    """A digest of what was given as the login."""
    sender: Mapped[str]
    """Who tried: a telephone number at the doors of SMS and voice, an address at the
    web's; nothing where PINs are counted by account alone."""
    tried_at: Mapped[datetime]
