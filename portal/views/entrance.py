"""Coming in and going out."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypedDict

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.security import forget, remember
from pyramid.view import view_config, view_defaults

from domain.accounts.models import Door
from domain.errors import Refusal, WrongLogin
from portal.schemas.entrance import SignIn
from portal.security import stamp

_PATH_HERE: Final = re.compile(r"/(?![/\\])[!-~]*")
"""One slash, not two and no backslash: browsers read those as another host."""


class Who(TypedDict):
    """Who tries to come in, where and when."""

    door: Door
    sender: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Proof:
    """A right password, once the transaction it was looked at in is over."""

    login: str
    stamp: str


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
        proof = self._proof(form["login"], form["password"])
        self._count(form["login"], proof)
        if isinstance(proof, Refusal):
            raise proof
        remember(self.request, proof.login, stamp=proof.stamp)
        wanted = path_here(self.request.POST.get("return", ""))
        return HTTPSeeOther(wanted or self.request.route_path("account"))

    def _proof(self, login: str, password: str) -> Proof | Refusal:
        """Whether login and password are right; reads only.

        In a transaction of its own: hashing must not hold SQLite's pen.
        """
        with self.request.registry["transaction"](write=False) as services:
            try:
                account = services.accounts.prove(login, password, **self._who())
            except Refusal as refusal:
                return refusal
            return Proof(account.login, stamp(account))

    def _count(self, login: str, proof: Proof | Refusal) -> None:
        """Count a wrong password, and heed those counted since it was looked at.

        Of many guesses sent side by side none may count itself among the first five.
        Raises LockedOut.
        """
        with self.request.registry["transaction"]() as services:
            services.accounts.check_door(login, **self._who())
            if isinstance(proof, WrongLogin):
                services.accounts.remember_wrong_try(login, **self._who())

    def _who(self) -> Who:
        sender, now = address_of(self.request), self.request.now
        return {"door": Door.WEB, "sender": sender, "now": now}


@view_config(route_name="sign_out", request_method="POST")
def sign_out(request: Request) -> Response:
    """End the session."""
    forget(request)
    return HTTPSeeOther(request.route_path("sign_in"))


def address_of(request: Request) -> str:
    """Where a request came from: what the server saw, never what a header claims."""
    return request.remote_addr or ""


def path_here(text: str) -> str:
    r"""The path to return to, empty unless it surely is one of this site.

    >>> path_here("/account?x=1"), path_here("//evil.example"), path_here("/\\evil")
    ('/account?x=1', '', '')
    """
    return text if _PATH_HERE.fullmatch(text) else ""
