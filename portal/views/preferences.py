"""What a customer wants to hear and to press when they are rung."""

from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from portal.i18n import _
from portal.schemas.preferences import CONFIRMATION, Preferences
from portal.views.page import AccountPage


@view_defaults(
    route_name="preferences", permission="manage", renderer="preferences.jinja2"
)
class PreferencesPage(AccountPage):
    """Shows how the account's calls begin, and lets that be changed."""

    @view_config(request_method="GET")
    def show(self) -> dict[str, object]:
        """Show what is chosen."""
        confirms = self.account.confirms_leg_a
        words = {meaning: word for word, meaning in CONFIRMATION.items()}
        return {"account": self.account, "confirmation": words[confirms]}

    @view_config(request_method="POST")
    def choose(self) -> Response:
        """Keep what was chosen, from the next call on."""
        form = Preferences().deserialize(self.request.POST)
        self.account.confirms_leg_a = form["confirmation"]
        self.account.announces_balance = form["balance"]
        self.account.announces_duration = form["duration"]
        return self.done(_("Your next call begins as you have chosen."))
