"""The domain's services, made together for one database session."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from domain.accounts.cards import Cards
from domain.accounts.service import Accounts
from domain.calls import audit as of_calls
from domain.calls.admission import Admission
from domain.calls.arrivals import Arrivals
from domain.calls.dialling import Dialling
from domain.calls.hangups import HangUps
from domain.calls.history import History
from domain.calls.leases import Leases
from domain.calls.legs import Legs
from domain.calls.models import CallRequest
from domain.calls.pricing import Prices
from domain.calls.progress import Progress
from domain.calls.quotes import Quotes
from domain.calls.requests import Requests
from domain.calls.rules import CallRules
from domain.calls.sessions import Sessions
from domain.calls.settlement import Settlement
from domain.calls.stays import Stays
from domain.calls.talks import Talks
from domain.ledger import audit as of_ledger
from domain.ledger.audit import Audit
from domain.ledger.cashier import Cashier
from domain.ledger.service import Ledger
from domain.messages.answers import Answers
from domain.messages.log import SmsLog
from domain.messages.missed import MissedCalls
from domain.messages.orders import Orders
from domain.messages.parts import Parts
from domain.messages.service import Messages
from domain.messages.waiting import WaitingRoom
from domain.messages.wanted import Wanted
from domain.phonebook.service import Phonebook
from domain.routes.book import Gateways
from domain.routes.service import Routing
from domain.tariffs.service import Tariffs
from domain.vouchers import audit as of_vouchers
from domain.vouchers.keys import PinKeys
from domain.vouchers.service import Vouchers

LAWS: Final = (*of_ledger.LAWS, *of_calls.LAWS, *of_vouchers.LAWS)
"""What must hold of the books, whatever happens."""


class Services:
    """All the books of the house. None of them commits; whoever opened this does.

    Without `pin_keys` no voucher is made or taken.
    """

    def __init__(
        self,
        session: Session,
        rules: CallRules | None = None,
        pin_keys: PinKeys | None = None,
    ) -> None:
        self._session = session
        self._rules = rules or CallRules()
        self._keep_books(pin_keys or PinKeys())
        self._queue_calls()
        self._make_calls()
        self._look_at_calls()
        self._exchange_messages()

    def _keep_books(self, pin_keys: PinKeys) -> None:
        session = self._session
        self.accounts = Accounts(session)
        self.cards = Cards(session)
        self.tariffs = Tariffs(session)
        self.gateways = Gateways(session)
        self.routing = Routing(session, self.tariffs)
        self.ledger = Ledger(session)
        self.cashier = Cashier(session, self.accounts, self.ledger)
        self.phonebook = Phonebook(session)
        self.vouchers = Vouchers(session, self.accounts, self.ledger, pin_keys)
        self.audit = Audit(session, LAWS)

    def _queue_calls(self) -> None:
        session = self._session
        self._prices = Prices(session, self.tariffs)
        self._admission = Admission(session, self.accounts, self._prices, self._rules)
        self._progress = Progress(session, self.ledger)
        self._dialling = Dialling(
            session,
            self.ledger,
            self._admission,
            self._progress,
            self.routing,
            self._rules,
        )
        self.requests = Requests(
            session,
            self.accounts,
            self.ledger,
            self._admission,
            self._progress,
            self._dialling,
            self._rules,
            given_up=self._tell_failure,
        )

    def _make_calls(self) -> None:
        session, rules = self._session, self._rules
        self.sessions = Sessions(
            session,
            self.accounts,
            self.ledger,
            self._prices,
            self.requests,
            Settlement(
                Legs(session), self.ledger, self.requests, self._progress, rules
            ),
            self.routing,
            rules,
        )
        self.arrivals = Arrivals(
            self.accounts,
            self.ledger,
            self._prices,
            self._admission,
            self.requests,
            self._dialling,
            self.sessions,
            rules,
        )

    def _look_at_calls(self) -> None:
        session, prices = self._session, self._prices
        self.history = History(session)
        self.quotes = Quotes(prices, self.ledger, self._rules)
        self.talks = Talks(session, prices, self.quotes, self._rules)
        self.stays = Stays(session)
        self.hangups = HangUps(session, self._progress)
        self.leases = Leases(session)

    def _exchange_messages(self) -> None:
        session = self._session
        orders = Orders(
            self.accounts,
            Wanted(self.accounts, self.phonebook, self.history),
            self.requests,
            self.quotes,
            self.history,
            self.vouchers,
            self.hangups,
        )
        self.answers = Answers(session)
        self.messages = Messages(session, self.accounts, orders, self.hangups)
        self.parts = Parts(session)
        self.waiting_room = WaitingRoom(session)
        self.missed_calls = MissedCalls(
            self.messages, self.accounts, self.arrivals, self.answers
        )
        self.sms_log = SmsLog(session)

    def _tell_failure(self, request: CallRequest, now: datetime) -> None:
        """Requests come before messages in the house, but not in life."""
        self.messages.tell_failure(request, now)
