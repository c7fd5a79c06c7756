"""Money put on the account by a voucher."""

from pyramid.response import Response
from pyramid.view import view_config, view_defaults

from domain import money
from domain.errors import Refusal
from portal.i18n import _
from portal.schemas.top_up import TopUp
from portal.views.page import AccountPage


@view_defaults(route_name="top_up", permission="manage", renderer="top_up.jinja2")
class TopUpPage(AccountPage):
    """Asks for a voucher's PIN, and tells what it was worth."""

    @view_config(request_method="GET")
    def show(self) -> dict[str, object]:
        """Show the form, or that vouchers are not taken here."""
        return {
            "account": self.account,
            "are_taken": self.services.vouchers.are_taken,
        }

    @view_config(request_method="POST")
    def redeem(self) -> Response:
        """Redeem a voucher."""
        pin = TopUp().deserialize(self.request.POST)["pin"]
        account_id, now = self.account.id, self.request.now
        outcome = self.services.vouchers.redeem(account_id, pin, now)
        if isinstance(outcome, Refusal):
            self.keep()
            raise outcome
        value = money.spelled(outcome.value, outcome.currency, self.request.locale_name)
        return self.done(
            _("${value} is added to your balance.", mapping={"value": value})
        )
