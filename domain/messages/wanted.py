"""Whom an order wants to ring: the user's own telephone, and whom they call."""

from dataclasses import dataclass

from domain.accounts.models import AccessNumber, Account
from domain.accounts.service import Accounts
from domain.calls.history import History
from domain.errors import (
    AmbiguousEntry,
    NotAPhoneNumber,
    NothingToRedial,
    NotYourNumber,
    UnknownEntry,
)
from domain.messages.masking import could_be_pin, said_back
from domain.messages.parsing import Action, Command
from domain.numbers import E164, parse
from domain.phonebook.service import Phonebook


@dataclass(frozen=True, slots=True)
class Order:
    """A command of a known account, and where it came from."""

    account: Account
    by_password: bool
    command: Command
    sender: E164
    access_number: AccessNumber


class Wanted:
    """Numbers, names and positions of an order, as numbers that can be rung."""

    def __init__(
        self, accounts: Accounts, phonebook: Phonebook, history: History
    ) -> None:
        self._accounts = accounts
        self._phonebook = phonebook
        self._history = history

    def leg_a(self, order: Order) -> E164:
        """Whom to ring first: a sender alone may only name the account's numbers."""
        if order.command.origin is None:
            return order.sender
        number = dialable(order, order.command.origin)
        if not order.by_password and number not in self._accounts.numbers_of(
            order.account
        ):
            raise NotYourNumber(number=number)
        return number

    def leg_b(self, order: Order) -> E164 | None:
        """Whom to ring then; None if they will key it."""
        value = order.command.value
        match order.command.action:
            case Action.CALL_BACK:
                return None
            case Action.REDIAL:
                return self._last_called(order.account)
            case Action.CALL_NAME:
                return self._named(order.account, value)
            case Action.CALL_POSITION:
                entry = self._phonebook.at_written(order.account, value)
                return E164(entry.number)
            case _:
                return dialable(order, value)

    def _last_called(self, account: Account) -> E164:
        last = self._history.last_destination(account)
        if last is None:
            raise NothingToRedial
        return last

    def _named(self, account: Account, name: str) -> E164:
        try:
            return E164(self._phonebook.named(account, name).number)
        except (UnknownEntry, AmbiguousEntry) as refusal:
            refusal.details["part"] = said_back(name)
            raise


def dialable(order: Order, text: str) -> E164:
    """A number as it was written. One that could be a PIN must be a valid number."""
    try:
        country = order.access_number.country
        return parse(text, country, valid=could_be_pin(text))
    except NotAPhoneNumber as refusal:
        refusal.details["part"] = said_back(text)
        raise
