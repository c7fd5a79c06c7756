"""Registered numbers: which telephones prove who somebody is."""

from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from domain.numbers import E164
from portal.i18n import _
from portal.schemas.numbers import Registration
from portal.views.page import AccountPage


@view_defaults(route_name="numbers", permission="manage", renderer="numbers.jinja2")
class NumbersPage(AccountPage):
    """Shows the account's numbers, registers one, removes one."""

    @view_config(request_method="GET")
    def show(self) -> dict[str, object]:
        """Show the numbers."""
        return {
            "numbers": self.services.accounts.numbers_of(self.account),
            "allowed": self.account.numbers_allowed,
        }

    @view_config(request_method="POST")
    def register(self) -> Response:
        """Let a number identify the account."""
        form = Registration().bind(country=self.home_country())
        number = form.deserialize(self.request.POST)["number"]
        is_new = self.services.accounts.register(self.account, number, self.request.now)
        return self.done(
            _("The number is registered.")
            if is_new
            else _("The number was registered already.")
        )

    @view_config(request_method="POST", request_param="remove")
    def remove(self) -> Response:
        """Let a number identify the account no longer."""
        number = E164(self.request.POST["remove"])
        was_there = self.services.accounts.unregister(self.account, number)
        return self.done(
            _("The number is removed.")
            if was_there
            else _("The number was not registered.")
        )
