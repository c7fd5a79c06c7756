"""Who is signed in, what they may do, and what browsers are told to forbid."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from pyramid.authorization import ACLHelper, Authenticated, Everyone
from pyramid.config import Configurator
from pyramid.registry import Registry
from pyramid.request import Request, RequestLocalCache
from pyramid.response import Response
from pyramid.session import SignedCookieSessionFactory
from pyramid.tweens import INGRESS

from domain.accounts.models import Account, Status

IDLE: Final = 2 * 60 * 60
"""Seconds after which a browser that asked for nothing is signed out."""

_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_HTTPS_ONLY: Final = {"Strict-Transport-Security": "max-age=31536000"}


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in. It outlives the database transaction it was read in."""

    account_id: int
    login: str
    language: str | None

    @property
    def principal(self) -> str:
        """The name under which access lists know this account's owner."""
        return principal(self.account_id)


class SecurityPolicy:
    """A signed cookie names the login and, by a stamp, the password of that day.

    A new password therefore ends every session that was begun with the old one.
    """

    def __init__(self) -> None:
        self._signed_in = RequestLocalCache(_signed_in)
        self._access = ACLHelper()

    def identity(self, request: Request) -> SignedIn | None:
        """Who is signed in; None for everybody else."""
        found: SignedIn | None = self._signed_in.get_or_create(request)
        return found

    def authenticated_userid(self, request: Request) -> str | None:
        """The login of whoever is signed in."""
        identity = self.identity(request)
        return identity.login if identity else None

    def permits(self, request: Request, context: object, permission: str) -> object:
        """Whether the context's access list lets this person do it."""
        principals = [Everyone]
        if identity := self.identity(request):
            principals += [Authenticated, identity.principal]
        return self._access.permits(context, principals, permission)

    def remember(
        self, request: Request, userid: str, **proof: str
    ) -> list[tuple[str, str]]:
        """Begin a session anew: nothing of a guest's, least of all its CSRF token."""
        request.session.invalidate()
        request.session.update({"login": userid, **proof})
        request.session.new_csrf_token()
        self._signed_in.clear(request)
        return []

    def forget(self, request: Request, **_: object) -> list[tuple[str, str]]:
        """End the session."""
        request.session.invalidate()
        self._signed_in.clear(request)
        return []


def includeme(config: Configurator) -> None:
    """Ask for a session, a CSRF token on every form, and safe headers."""
    settings = config.registry["settings"]
    config.set_session_factory(
        SignedCookieSessionFactory(
            settings.session_secret,
            httponly=True,
            samesite="Lax",
            secure=settings.is_public_by_https,
            timeout=IDLE,
            reissue_time=IDLE // 12,
        )
    )
    config.set_security_policy(SecurityPolicy())
    config.set_default_csrf_options(require_csrf=True)
    # A proxy that speaks https for us may call us by another name.
    config.add_settings(
        {"pyramid.csrf_trusted_origins": urlsplit(settings.public_url).netloc}
    )
    config.add_tween("portal.security.safe_headers", under=INGRESS)


def principal(account_id: int) -> str:
    """The name under which access lists know an account's owner."""
    return f"account:{account_id}"


def stamp(account: Account) -> str:
    """A mark of the account's present password; it tells nothing about it."""
    return hashlib.sha256(account.password_hash.encode()).hexdigest()[:32]


def safe_headers(
    handler: Callable[[Request], Response], registry: Registry
) -> Callable[[Request], Response]:
    """Tell browsers what our pages never do; keep pages out of shared caches."""
    headers = dict(_HEADERS)
    if registry["settings"].is_public_by_https:
        headers |= _HTTPS_ONLY

    def tween(request: Request) -> Response:
        response = handler(request)
        response.headers.update(headers)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return tween


def _signed_in(request: Request) -> SignedIn | None:
    login = request.session.get("login")
    if login is None:
        return None
    # Its own short transaction: pages about errors ask for the identity as well.
    with request.registry["transaction"](write=False) as services:
        account = services.accounts.by_login(login)
        if account is None or account.status is not Status.ACTIVE:
            return None
        if not hmac.compare_digest(stamp(account), request.session.get("stamp", "")):
            return None
        return SignedIn(account.id, account.login, account.language)
