"""Coming in and going out."""

import re
from typing import Final

from colander import Invalid
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.security import forget, remember
from pyramid.view import exception_view_config, view_config, view_defaults

from domain.accounts.models import Door
from domain.errors import Refusal, WrongLogin
from portal.faults import ask_again
from portal.schemas.entrance import LONGEST, SignIn
from portal.security import stamp

_PATH_HERE: Final = re.compile(r"/(?![/\\])[!-~]*")
"""One slash, not two and no backslash: browsers read those as another host."""


@view_config(route_name="home")
@view_config(route_name="original_home")
def home(request: Request) -> Response:
    """Lead everybody to where they are at home."""
    return HTTPSeeOther(
        request.route_path("account" if request.identity else "sign_in")
    )


@view_defaults(route_name="sign_in", renderer="sign_in.jinja2")
class SignInPage:
    """Asks for login and password."""

    def __init__(self, request: Request) -> None:
        self.request = request

    @view_config(request_method="GET")
    def show(self) -> dict[str, object] | Response:
        """Show the form, unless somebody is signed in already."""
        if self.request.identity:
            return HTTPSeeOther(self.request.route_path("account"))
        filled = self.request.faults.filled or self.request.GET
        return {"return_path": path_here(filled.get("return", ""))}

    @view_config(request_method="POST")
    def sign_in(self) -> Response:
        """Begin a session for whoever has the right password."""
        form = SignIn().deserialize(self.request.POST)
        # Reads only, in its own transaction: hashing must not hold SQLite's pen.
        with self.request.registry["transaction"](write=False) as services:
            account = services.accounts.prove(
                form["login"],
                form["password"],
                door=Door.WEB,
                sender=address_of(self.request),
                now=self.request.now,
            )
            remember(self.request, account.login, stamp=stamp(account))
        wanted = path_here(self.request.POST.get("return", ""))
        return HTTPSeeOther(wanted or self.request.route_path("account"))


@view_config(route_name="sign_out", request_method="POST")
def sign_out(request: Request) -> Response:
    """End the session."""
    forget(request)
    return HTTPSeeOther(request.route_path("sign_in"))


@exception_view_config(Invalid, route_name="sign_in", request_method="POST")
@exception_view_config(Refusal, route_name="sign_in", request_method="POST")
def not_signed_in(wrong: Invalid | Refusal, request: Request) -> Response:
    """Count a wrong password, in a transaction that lasts, and ask again."""
    if isinstance(wrong, WrongLogin):
        with request.registry["transaction"]() as services:
            services.accounts.remember_wrong_try(
                request.POST.get("login", "")[:LONGEST],
                door=Door.WEB,
                sender=address_of(request),
                now=request.now,
            )
    return ask_again(wrong, request)


def address_of(request: Request) -> str:
    """Where a request came from: what the server saw, never what a header claims."""
    return request.remote_addr or ""


def path_here(text: str) -> str:
    r"""The path to return to, empty unless it surely is one of this site.

    >>> path_here("/account?x=1"), path_here("//evil.example"), path_here("/\\evil")
    ('/account?x=1', '', '')
    """
    return text if _PATH_HERE.fullmatch(text) else ""
