"""The account at a glance."""

from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from domain.accounts.models import Service
from domain.calls.quotes import Quote
from domain.errors import Refusal
from domain.numbers import E164
from portal.i18n import LANGUAGE_NAMES, _
from portal.schemas.account import Language
from portal.views.page import AccountPage


@view_defaults(route_name="account", permission="manage", renderer="account.jinja2")
class StatusPage(AccountPage):
    """Shows balance, plan and what the money buys; takes the choice of a language."""

    @view_config(request_method="GET")
    def show(self) -> dict[str, object]:
        """Show the account's status."""
        destination = self.services.history.last_destination(self.account)
        numbers = self.services.accounts.numbers_of(self.account)
        ours = self.services.accounts.access_numbers()
        return {
            "account": self.account,
            "available": self.services.ledger.available(self.account),
            "plan": self.services.tariffs.plan(self.account.plan_id),
            "numbers": numbers,
            "destination": destination,
            "quote": self._quote(numbers, destination),
            "texted": [each for each in ours if each.carrier],
            "rung": [each for each in ours if each.service is not Service.NONE],
            "card": self.services.cards.of(self.account),
            "language_names": LANGUAGE_NAMES,
        }

    @view_config(request_method="POST")
    def choose_language(self) -> Response:
        """Let the account speak another language, here and by SMS."""
        form = Language().deserialize(self.request.POST)
        self.account.language = form["language"]
        self.request.locale_name = form["language"]
        return self.done(_("From now on we speak this language with you."))

    def _quote(self, numbers: list[E164], destination: E164 | None) -> Quote | None:
        """What a call to the last destination costs; None if it cannot be made."""
        if destination is None or not numbers:
            return None
        try:
            return self.services.quotes.quote(
                self.account, numbers[0], destination, self.request.now
            )
        except Refusal:
            return None
