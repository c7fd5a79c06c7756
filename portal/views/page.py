"""What the pages of an account have in common."""

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from domain.services import Services
from portal.resources import OwnAccount


class AccountPage:
    """A page of whoever is signed in; its forms lead back to it."""

    def __init__(self, context: OwnAccount, request: Request) -> None:
        self.account = context.account
        self.request = request
        self.services: Services = request.services

    def done(self, sentence: str) -> Response:
        """Show the page anew, with a sentence about what was done."""
        self.request.session.flash(self.request.localizer.translate(sentence))
        return HTTPSeeOther(self.request.path)

    def keep(self) -> None:
        """Commit what was written so far, though a refusal is about to be raised."""
        self.request.tm.commit()
        self.request.tm.begin()

    def home_country(self) -> str | None:
        """Where numbers in national form belong: the one country we are reached in."""
        numbers = self.services.accounts.access_numbers()
        countries = {number.country for number in numbers}
        return countries.pop() if len(countries) == 1 else None
