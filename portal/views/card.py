"""The calling card: by what an account is known on the line."""

from pyramid.httpexceptions import HTTPNotFound
from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from portal.i18n import _
from portal.schemas.card import NewPin, alike
from portal.views.page import AccountPage


@view_defaults(route_name="card", permission="manage", renderer="card.jinja2")
class CardPage(AccountPage):
    """Shows the card's digits, and takes a new PIN."""

    @view_config(request_method="GET")
    def show(self) -> dict[str, object]:
        """Show the card, if there is one."""
        return {"card": self.services.cards.of(self.account)}

    @view_config(request_method="POST")
    def choose_pin(self) -> Response:
        """Let another PIN prove who somebody is on the line."""
        card = self.services.cards.of(self.account)
        if card is None:
            raise HTTPNotFound
        form = NewPin(validator=alike).deserialize(self.request.POST)
        self.services.cards.set_pin(card, form["pin"])
        return self.done(_("Your new PIN holds from now on."))
