"""What was called, and why it cost what it did."""

from typing import Final

from pyramid.view import view_config, view_defaults

from domain.calls.models import CallSession, Side
from domain.money import Micros
from portal.views.page import AccountPage

NEWEST: Final = 50


def price_of(session: CallSession) -> Micros:
    """What a session cost, all its legs together."""
    return sum(leg.price for leg in session.legs)


@view_defaults(route_name="calls", permission="manage", renderer="calls.jinja2")
class CallsPage(AccountPage):
    """Shows every session with each of its legs."""

    @view_config(request_method="GET")
    def show(self) -> dict[str, object]:
        """Show the newest sessions."""
        sessions = self.services.history.sessions(self.account, limit=NEWEST)
        return {
            "currency": self.account.currency,
            "sessions": [(session, price_of(session)) for session in sessions],
            "total": sum(price_of(session) for session in sessions),
            "are_all": len(sessions) < NEWEST,
            "side_a": Side.A,
        }
