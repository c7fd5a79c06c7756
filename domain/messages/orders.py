"""Obeying a command: each action, and the reply it earns."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final, TypeAlias

from domain.accounts.service import Accounts
from domain.calls.hangups import HangUps
from domain.calls.history import History
from domain.calls.models import Source
from domain.calls.quotes import Quotes
from domain.calls.requests import Requests, Wish
from domain.errors import (
    NeedsPassword,
    Refusal,
)
from domain.messages import replies
from domain.messages.parsing import Action
from domain.messages.wanted import Order, Wanted, dialable
from domain.vouchers.service import Vouchers


@dataclass(frozen=True, slots=True)
class Reply:
    """A code of `replies.TEXTS` and what fills its blanks."""

    code: str
    details: dict[str, object]


_Way: TypeAlias = Callable[[Order, datetime], Reply]
_NO_CALLS: Final = Reply(replies.NO_CALLS, {})


class Orders:
    """Does what an order says, or raises the Refusal that says why not."""

    def __init__(
        self,
        accounts: Accounts,
        wanted: Wanted,
        requests: Requests,
        quotes: Quotes,
        history: History,
        vouchers: Vouchers,
        hangups: HangUps,
    ) -> None:
        self._accounts = accounts
        self._wanted = wanted
        self._requests = requests
        self._quotes = quotes
        self._history = history
        self._vouchers = vouchers
        self._hangups = hangups
        self._ways: Mapping[Action, _Way] = {
            Action.REGISTER: self._register,
            Action.STATUS: self._status,
            Action.TOP_UP: self._top_up,
            Action.LANGUAGE: self._speak,
            Action.QUOTE: self._quote,
            Action.HANG_UP: self._hang_up,
            Action.HELP: lambda _order, _now: Reply(replies.HELP, {}),
        }

    def obey(self, order: Order, now: datetime) -> Reply:
        """Carry the order out and say what happens now. Raises a Refusal."""
        return self._ways.get(order.command.action, self._call)(order, now)

    def _register(self, order: Order, now: datetime) -> Reply:
        if not order.by_password:
            raise NeedsPassword
        number = dialable(order, order.command.value)
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

    def _speak(self, order: Order, _now: datetime) -> Reply:
        order.account.language = order.command.value
        return Reply(replies.LANGUAGE_SET, {})

    def _quote(self, order: Order, now: datetime) -> Reply:
        number = dialable(order, order.command.value)
        quote = self._quotes.quote(
            order.account,
            self._wanted.leg_a(order),
            number,
            now,
            order.access_number.id,
        )
        told = {"number": number, "price": quote.first_minute}
        currency = {"currency": quote.currency}
        return Reply(
            replies.QUOTED, {**told, **currency, "minutes": quote.longest // 60}
        )

    def _hang_up(self, order: Order, now: datetime) -> Reply:
        count = self._hangups.ask(order.account, now)
        return Reply(replies.HUNG_UP, {"count": count}) if count else _NO_CALLS

    def _call(self, order: Order, now: datetime) -> Reply:
        wish = Wish(
            leg_a=self._wanted.leg_a(order),
            leg_b=self._wanted.leg_b(order),
            source=Source.SMS,
            sender=order.sender,
            access_number=order.access_number,
        )
        try:
            self._requests.ask(order.account, wish, now)
        except Refusal as refusal:
            self._requests.remember_refusal(order.account, wish, refusal, now)
            raise
        if wish.leg_b is None:
            return Reply(replies.CALLING_BACK, {"leg_a": wish.leg_a})
        return Reply(replies.CALLING, {"leg_a": wish.leg_a, "leg_b": wish.leg_b})
