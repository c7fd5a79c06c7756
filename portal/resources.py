"""What the URLs are about, and who may touch it."""

from pyramid.authorization import DENY_ALL, Allow
from pyramid.request import Request

from portal.security import principal


class SignedOut(Exception):
    """The page belongs to somebody, and nobody is signed in."""


class OwnAccount:
    """The account of whoever is signed in. No URL names an account, so none leaks."""

    def __init__(self, request: Request) -> None:
        if request.identity is None:
            raise SignedOut
        self.account = request.services.accounts.get(request.identity.account_id)

    def __acl__(self) -> list[tuple[object, object, object]]:
        """Only the owner manages an account here."""
        return [(Allow, principal(self.account.id), "manage"), DENY_ALL]
