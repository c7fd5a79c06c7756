"""Everything that can go wrong on a page, and how it is told.

A form that was filled in badly, or asked for what the domain refuses, is shown again
with a sentence: beside the field where one is to blame, else above the form. Whatever
the view had begun is rolled back.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from colander import Invalid
from pyramid.config import Configurator
from pyramid.exceptions import BadCSRFOrigin, BadCSRFToken
from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from domain.errors import AccountBlocked, LockedOut, PinsLocked, Refusal, WrongLogin
from domain.messages import replies
from portal.i18n import _, browser_language
from portal.resources import SignedOut

Page = dict[str, object]
"""What `fault.jinja2` shows."""

_log = logging.getLogger(__name__)

_FORMS: Final = (
    "sign_in",
    "account",
    "numbers",
    "card",
    "phonebook",
    "top_up",
    "preferences",
)

_STATUSES: Final[Mapping[str, HTTPStatus]] = {
    WrongLogin.code: HTTPStatus.FORBIDDEN,
    AccountBlocked.code: HTTPStatus.FORBIDDEN,
    LockedOut.code: HTTPStatus.TOO_MANY_REQUESTS,
    PinsLocked.code: HTTPStatus.TOO_MANY_REQUESTS,
}
"""Any other refusal is 422: understood, and not done."""


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong with a form, and what had been filled in."""

    sentence: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    filled: Mapping[str, str] = field(default_factory=dict)


def includeme(config: Configurator) -> None:
    """Translate every exception, our own mistakes included."""
    config.add_request_method(lambda _: Faults(), "faults", reify=True)
    for wrong in (Invalid, Refusal):
        for route in _FORMS:
            config.add_exception_view(
                ask_again, context=wrong, route_name=route, request_method="POST"
            )
    config.add_exception_view(ask_who_it_is, context=SignedOut)
    pages = {
        Refusal: refused,
        BadCSRFToken: form_too_old,
        BadCSRFOrigin: form_too_old,
        UnicodeDecodeError: unreadable,
        HTTPNotFound: nothing_there,
        Exception: our_mistake,
    }
    for wrong, page in pages.items():
        config.add_exception_view(page, context=wrong, renderer="fault.jinja2")


def ask_again(wrong: Invalid | Refusal, request: Request) -> Response:
    """Show the form's page again, as a GET would, with what was wrong on it."""
    page = request.copy_get()
    filled = {name: str(value) for name, value in request.POST.items()}
    if isinstance(wrong, Refusal):
        page.faults = Faults(in_words(wrong, request), filled=filled)
    else:
        fields = wrong.asdict(translate=request.localizer.translate)
        page.faults = Faults(fields=fields, filled=filled)
    # The page is read from what is true now, and SQLite's pen is put down.
    request.tm.abort()
    request.tm.begin()
    # Through the tweens: a page that fails as well is told as any other.
    response = request.invoke_subrequest(page, use_tweens=True)
    if response.status_int == HTTPStatus.OK:
        response.status_int = _status(wrong)
    return response


def in_words(refusal: Refusal, request: Request) -> str:
    """The sentence for a refusal, in the page's language."""
    return replies.text(refusal.code, request.locale_name, refusal.details)


def ask_who_it_is(_: SignedOut, request: Request) -> Response:
    """Lead to the sign-in page, and from there back."""
    wanted = {"return": request.path_qs if request.method == "GET" else request.path}
    return HTTPSeeOther(request.route_path("sign_in", _query=wanted))


def refused(refusal: Refusal, request: Request) -> Page:
    """Tell a refusal that no form can show."""
    heading = _("This cannot be done")
    return _told(request, _status(refusal), heading, in_words(refusal, request))


def form_too_old(wrong: Exception, request: Request) -> Page:
    """Tell that a form came without the mark that our own page sent it."""
    _log.info("a form for %s came without its mark: %s", request.path, wrong)
    return _told(
        request,
        HTTPStatus.BAD_REQUEST,
        _("This page was open for too long"),
        _("Nothing was done. Please open the page again and try once more."),
    )


def unreadable(_error: UnicodeDecodeError, request: Request) -> Page:
    """Tell that an address or a form is no text."""
    return _told(
        request,
        HTTPStatus.BAD_REQUEST,
        _("We could not read this"),
        _("The address or the form is not written in UTF-8."),
    )


def nothing_there(_missing: HTTPNotFound, request: Request) -> Page:
    """Tell that no such page exists."""
    return _told(
        request,
        HTTPStatus.NOT_FOUND,
        _("There is no such page"),
        _("The address may be old or mistyped."),
    )


def our_mistake(error: Exception, request: Request) -> Page:
    """Log a bug where it can be found, and apologise."""
    _log.error("%s %s failed", request.method, request.path, exc_info=error)
    # The database may be what failed: the apology must not ask it anything.
    request.locale_name = browser_language(request)
    return _told(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        _("Something went wrong here"),
        _("It is our fault, and nothing was done. Please try again later."),
        knows_who=False,
    )


def _told(
    request: Request,
    status: int,
    heading: str,
    sentence: str,
    *,
    knows_who: bool = True,
) -> Page:
    request.response.status_int = status
    return {"heading": heading, "sentence": sentence, "knows_who": knows_who}


def _status(wrong: Invalid | Refusal) -> int:
    if isinstance(wrong, Refusal):
        return _STATUSES.get(wrong.code, HTTPStatus.UNPROCESSABLE_ENTITY)
    return HTTPStatus.UNPROCESSABLE_ENTITY
