"""The domain's services, made together for one database session."""

from sqlalchemy.orm import Session

from domain.accounts.service import Accounts
from domain.calls.history import History
from domain.calls.quotes import Quotes
from domain.calls.requests import Requests
from domain.calls.rules import CallRules
from domain.calls.sessions import Sessions
from domain.ledger.service import Ledger
from domain.messages.orders import Orders
from domain.messages.service import Messages
from domain.phonebook.service import Phonebook
from domain.tariffs.service import Tariffs


class Services:
    """All the books of the house. None of them commits; whoever opened this does."""

    def __init__(self, session: Session, rules: CallRules | None = None) -> None:
        rules = rules or CallRules()
        self.accounts = Accounts(session)
        self.tariffs = Tariffs(session)
        self.ledger = Ledger(session)
        self.phonebook = Phonebook(session)
        self.history = History(session)
        self.requests = Requests(
            session, self.accounts, self.tariffs, self.ledger, rules
        )
        self.sessions = Sessions(
            session, self.accounts, self.tariffs, self.ledger, self.requests, rules
        )
        self.quotes = Quotes(self.tariffs, self.ledger, self.requests, rules)
        orders = Orders(
            session,
            self.accounts,
            self.phonebook,
            self.requests,
            self.quotes,
            self.history,
        )
        self.messages = Messages(session, self.accounts, orders)
