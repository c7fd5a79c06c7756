"""Money in and out."""

from typing import Final

from pyramid.view import view_config, view_defaults

from domain.ledger.models import Kind
from portal.i18n import _
from portal.views.page import AccountPage

NEWEST: Final = 100

KINDS: Final = {
    Kind.CALL: _("Call"),
    Kind.TOP_UP: _("Top-up"),
    Kind.VOUCHER: _("Voucher"),
    Kind.ADJUSTMENT: _("Adjustment"),
    Kind.REFUND: _("Refund"),
    Kind.TRANSFER: _("Transfer"),
}


@view_defaults(route_name="ledger", permission="manage", renderer="ledger.jinja2")
class LedgerPage(AccountPage):
    """Shows what moved the balance."""

    @view_config(request_method="GET")
    def show(self) -> dict[str, object]:
        """Show the newest entries."""
        entries = self.services.ledger.entries(self.account, limit=NEWEST)
        return {
            "account": self.account,
            "entries": entries,
            "kinds": KINDS,
            "are_all": len(entries) < NEWEST,
        }
