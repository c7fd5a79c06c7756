"""The domain's services for one database session, each made when it is asked for."""

from datetime import datetime
from functools import cached_property
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
        self._pin_keys = pin_keys or PinKeys()

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(self._session)

    @cached_property
    def cards(self) -> Cards:
        return Cards(self._session)

    @cached_property
    def tariffs(self) -> Tariffs:
        return Tariffs(self._session)

    @cached_property
    def gateways(self) -> Gateways:
        return Gateways(self._session)

    @cached_property
    def routing(self) -> Routing:
        return Routing(self._session, self.tariffs)

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger(self._session)

    @cached_property
    def cashier(self) -> Cashier:
        return Cashier(self._session, self.accounts, self.ledger)

    @cached_property
    def phonebook(self) -> Phonebook:
        return Phonebook(self._session)

    @cached_property
    def vouchers(self) -> Vouchers:
        return Vouchers(self._session, self.accounts, self.ledger, self._pin_keys)

    @cached_property
    def audit(self) -> Audit:
        return Audit(self._session, LAWS)

    # --- calls ------------------------------------------------------------------------

    @cached_property
    def requests(self) -> Requests:
        return Requests(
            self._session,
            self.accounts,
            self.ledger,
            self._admission,
            self._progress,
            self._dialling,
            self._rules,
            given_up=self._tell_failure,
        )

    @cached_property
    def sessions(self) -> Sessions:
        return Sessions(
            self._session,
            self.accounts,
            self.ledger,
            self._prices,
            self.requests,
            self._settlement,
            self.routing,
            self._rules,
        )

    @cached_property
    def arrivals(self) -> Arrivals:
        return Arrivals(
            self.accounts,
            self.ledger,
            self._prices,
            self._admission,
            self.requests,
            self._dialling,
            self.sessions,
            self._rules,
        )

    @cached_property
    def history(self) -> History:
        return History(self._session)

    @cached_property
    def quotes(self) -> Quotes:
        return Quotes(self._prices, self.ledger, self._rules)

    @cached_property
    def talks(self) -> Talks:
        return Talks(self._session, self._prices, self.quotes, self._rules)

    @cached_property
    def stays(self) -> Stays:
        return Stays(self._session)

    @cached_property
    def hangups(self) -> HangUps:
        return HangUps(self._session, self._progress)

    @cached_property
    def leases(self) -> Leases:
        return Leases(self._session)

    # --- messages ---------------------------------------------------------------------

    @cached_property
    def answers(self) -> Answers:
        return Answers(self._session)

    @cached_property
    def messages(self) -> Messages:
        return Messages(self._session, self.accounts, self._orders, self.hangups)

    @cached_property
    def parts(self) -> Parts:
        return Parts(self._session)

    @cached_property
    def waiting_room(self) -> WaitingRoom:
        return WaitingRoom(self._session)

    @cached_property
    def missed_calls(self) -> MissedCalls:
        return MissedCalls(self.messages, self.accounts, self.arrivals, self.answers)

    @cached_property
    def sms_log(self) -> SmsLog:
        return SmsLog(self._session)

    # --- what they are made of --------------------------------------------------------

    @cached_property
    def _prices(self) -> Prices:
        return Prices(self._session, self.tariffs)

    @cached_property
    def _admission(self) -> Admission:
        return Admission(self._session, self.accounts, self._prices, self._rules)

    @cached_property
    def _progress(self) -> Progress:
        return Progress(self._session, self.ledger)

    @cached_property
    def _dialling(self) -> Dialling:
        return Dialling(
            self._session,
            self.ledger,
            self._admission,
            self._progress,
            self.routing,
            self._rules,
        )

    @cached_property
    def _settlement(self) -> Settlement:
        return Settlement(
            Legs(self._session),
            self.ledger,
            self.requests,
            self._progress,
            self._rules,
        )

    @cached_property
    def _orders(self) -> Orders:
        return Orders(
            self.accounts,
            Wanted(self.accounts, self.phonebook, self.history),
            self.requests,
            self.quotes,
            self.history,
            self.vouchers,
            self.hangups,
        )

    def _tell_failure(self, request: CallRequest, now: datetime) -> None:
        """Requests come before messages in the house, but not in life."""
        self.messages.tell_failure(request, now)
