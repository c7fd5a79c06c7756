"""The page of handsets."""

from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response

from sandbox.network import Kind

HANDSETS = ("+48600316058", "+4812345678", "+48774417880")
ACCESS_NUMBER = "+48221000000"
MESSAGE = "U.callback P.pass D.48774417880 O.12345678"
BEHAVIOURS = (
    (Kind.MANUAL, "Answered by hand"),
    (Kind.ANSWERS, "Picks up"),
    (Kind.BUSY, "Busy"),
    (Kind.NO_ANSWER, "No answer"),
    (Kind.UNAVAILABLE, "Unavailable"),
    (Kind.INVALID, "No such number"),
    (Kind.MAILBOX, "Mailbox"),
)

# Nothing from elsewhere, and nobody's frame.
_POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'"


def show(request: Request) -> Response:
    """Show the handsets of the demonstration; the page fetches the rest."""
    response = render_to_response(
        "sandbox.web:templates/page.jinja2",
        {
            "handsets": HANDSETS,
            "access_number": ACCESS_NUMBER,
            "message": MESSAGE,
            "behaviours": BEHAVIOURS,
        },
        request,
    )
    response.headers["Content-Security-Policy"] = _POLICY
    return response
