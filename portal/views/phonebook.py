"""The phonebook: names and positions for numbers."""

from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from portal.i18n import _
from portal.schemas.phonebook import NewEntry, Removal
from portal.views.page import AccountPage


@view_defaults(route_name="phonebook", permission="manage", renderer="phonebook.jinja2")
class PhonebookPage(AccountPage):
    """Shows the account's entries, adds one, removes one."""

    @view_config(request_method="GET")
    def show(self) -> dict[str, object]:
        """Show the entries."""
        return {"entries": self.services.phonebook.of(self.account)}

    @view_config(request_method="POST")
    def add(self) -> Response:
        """Write an entry, at the next free position unless one is given."""
        form = NewEntry().bind(country=self.home_country())
        entry = form.deserialize(self.request.POST)
        self.services.phonebook.add(self.account, **entry)
        return self.done(_("The entry is in your phonebook."))

    @view_config(request_method="POST", request_param="remove")
    def remove(self) -> Response:
        """Strike an entry out."""
        position = Removal().deserialize(self.request.POST)["remove"]
        was_there = self.services.phonebook.remove(self.account, position)
        return self.done(
            _("The entry is removed.") if was_there else _("There was no such entry.")
        )
