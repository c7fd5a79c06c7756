"""Every mapped class, in one place: importing this completes the metadata."""

from domain.accounts.models import (
    AccessNumber,
    Account,
    Card,
    ConfirmedLeg,
    RegisteredNumber,
    WrongLoginTry,
)
from domain.base import Base
from domain.calls.models import CallRequest, CallSession, Lease, Leg, RequestChange
from domain.ledger.models import Entry, Hold
from domain.messages.models import InboundSms, OutboundSms, StoredPart
from domain.phonebook.models import PhonebookEntry
from domain.routes.models import Gateway, Purchase, Route
from domain.tariffs.models import Plan, PrefixRule, PriceList, RateLine
from domain.vouchers.models import Batch, Voucher

__all__ = [
    "AccessNumber",
    "Account",
    "Base",
    "Batch",
    "CallRequest",
    "CallSession",
    "Card",
    "ConfirmedLeg",
    "Entry",
    "Gateway",
    "Hold",
    "InboundSms",
    "Lease",
    "Leg",
    "OutboundSms",
    "PhonebookEntry",
    "Plan",
    "PrefixRule",
    "PriceList",
    "Purchase",
    "RateLine",
    "RegisteredNumber",
    "RequestChange",
    "Route",
    "StoredPart",
    "Voucher",
    "WrongLoginTry",
]
