"""Obeying a command: each action, and the reply it earns."""

from dataclasses import asdict, dataclass
from datetime import datetime

from domain.accounts.models import AccessNumber, Account
from domain.accounts.service import Accounts
from domain.calls.history import History
from domain.calls.models import Source
from domain.calls.quotes import Quotes
from domain.calls.requests import Requests, Wish
from domain.errors import NeedsPassword, NotYourNumber, Refusal
from domain.messages import replies
from domain.messages.parsing import Action, Command
from domain.numbers import E164, parse
from domain.phonebook.service import Phonebook
from domain.vouchers.service import Vouchers


@dataclass(frozen=True, slots=True)
class Order:
    """A command of a known account, and where it came from."""

    account: Account
    by_password: bool
    command: Command
    sender: E164
    access_number: AccessNumber


@dataclass(frozen=True, slots=True)
class Reply:
    """A code of `replies.TEXTS` and what fills its blanks."""

    code: str
    details: dict[str, object]


class Orders:
    """Does what an order says, or raises the Refusal that says why not."""

    def __init__(
        self,
        accounts: Accounts,
        phonebook: Phonebook,
        requests: Requests,
        quotes: Quotes,
        history: History,
        vouchers: Vouchers,
    ) -> None:
        self._accounts = accounts
        self._phonebook = phonebook
        self._requests = requests
        self._quotes = quotes
        self._history = history
        self._vouchers = vouchers

    def obey(self, order: Order, now: datetime) -> Reply:
        """Carry the order out and say what happens now. Raises a Refusal."""
        match order.command.action:
            case Action.REGISTER:
                return self._register(order, now)
            case Action.STATUS:
                return self._status(order, now)
            case Action.TOP_UP:
                return self._top_up(order, now)
            case _:
                return self._call(order, now)

    def _register(self, order: Order, now: datetime) -> Reply:
        if not order.by_password:
            raise NeedsPassword
        number = _dialable(order, order.command.value)
        before = self._accounts.numbers_of(order.account)
        self._accounts.register(order.account, number, now)
        gone = [n for n in before if n not in self._accounts.numbers_of(order.account)]
        if gone:
            return Reply(
                replies.REGISTERED_INSTEAD, {"number": number, "old": ", ".join(gone)}
            )
        return Reply(replies.REGISTERED, {"number": number})

    def _status(self, order: Order, now: datetime) -> Reply:
        account = order.account
        balance = {"balance": account.balance, "currency": account.currency}
        number = self._history.last_destination(account)
        own = self._accounts.numbers_of(account)
        if number is None or not own:
            return Reply(replies.STATUS, balance)
        try:
            quote = self._quotes.quote(
                account, own[0], number, now, order.access_number.id
            )
        except Refusal:
            return Reply(replies.STATUS, balance)
        return Reply(
            replies.STATUS_WITH_TALK,
            {**balance, "minutes": quote.longest // 60, "number": number},
        )

    def _top_up(self, order: Order, now: datetime) -> Reply:
        outcome = self._vouchers.redeem(order.account.id, order.command.value, now)
        if isinstance(outcome, Refusal):
            raise outcome  # answered in this transaction: a wrong try stays counted
        return Reply(replies.TOPPED_UP, asdict(outcome))

    def _call(self, order: Order, now: datetime) -> Reply:
        wish = Wish(
            leg_a=self._leg_a(order),
            leg_b=self._leg_b(order),
            source=Source.SMS,
            sender=order.sender,
            access_number=order.access_number,
        )
        try:
            self._requests.ask(order.account, wish, now)
        except Refusal as refusal:
            self._requests.remember_refusal(order.account, wish, refusal, now)
            raise
        return Reply(replies.CALLING, {"leg_a": wish.leg_a, "leg_b": wish.leg_b})

    def _leg_a(self, order: Order) -> E164:
        """Whom to ring first: a sender alone may only name the account's numbers."""
        if order.command.origin is None:
            return order.sender
        number = _dialable(order, order.command.origin)
        if not order.by_password and number not in self._accounts.numbers_of(
            order.account
        ):
            raise NotYourNumber(number=number)
        return number

    def _leg_b(self, order: Order) -> E164:
        value = order.command.value
        match order.command.action:
            case Action.CALL_NAME:
                return E164(self._phonebook.named(order.account, value).number)
            case Action.CALL_POSITION:
                entry = self._phonebook.at_written(order.account, value)
                return E164(entry.number)
            case _:
                return _dialable(order, value)


def _dialable(order: Order, text: str) -> E164:
    return parse(text, order.access_number.country)
