"""Everything that can go wrong, told as JSON: {"error": "a sentence"}."""

import logging
from http import HTTPStatus
from urllib.parse import urlsplit

from pyramid.config import Configurator
from pyramid.events import NewRequest
from pyramid.exceptions import URLDecodeError
from pyramid.httpexceptions import HTTPError, HTTPForbidden, HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response

from sandbox.faults import BadFault
from sandbox.network import BadBehaviour, BadKeys, BadNumber, NetworkError
from sandbox.web.carrier import Unreachable
from sandbox.web.recordings import NotRecorded

log = logging.getLogger(__name__)


def includeme(config: Configurator) -> None:
    """Translate every exception, the network's and our own mistakes included."""
    config.add_subscriber(refuse_other_sites, NewRequest)
    config.add_notfound_view(nothing_there)
    config.add_exception_view(http_error, context=HTTPError)
    for wrong in (BadBehaviour, BadFault, BadKeys, BadNumber):
        config.add_exception_view(bad_request, context=wrong)
    config.add_exception_view(unreadable_path, context=URLDecodeError)
    config.add_exception_view(conflict, context=NetworkError)
    config.add_exception_view(not_recorded, context=NotRecorded)
    config.add_exception_view(portal_unreachable, context=Unreachable)
    config.add_exception_view(our_mistake, context=Exception)


def refuse_other_sites(event: NewRequest) -> None:
    """Refuse what another site's page makes a visitor's browser send here."""
    origin = event.request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != event.request.host:
        raise HTTPForbidden(f"Requests from the site {origin!r} are not taken.")


def nothing_there(_: HTTPNotFound, request: Request) -> Response:
    """Tell that no such path exists."""
    return _told(HTTPStatus.NOT_FOUND, f"There is nothing at {request.path}.")


def http_error(error: HTTPError, _: Request) -> Response:
    """Tell what a view or the framework refused."""
    response = _told(error.status_int, error.detail or error.explanation)
    if "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return response


def bad_request(error: Exception, _: Request) -> Response:
    """Tell that a number, a key or a behaviour cannot be understood."""
    return _told(HTTPStatus.BAD_REQUEST, str(error))


def unreadable_path(_: URLDecodeError, __: Request) -> Response:
    """Tell that the path is not text."""
    return _told(HTTPStatus.BAD_REQUEST, "The path is not UTF-8.")


def conflict(error: NetworkError, _: Request) -> Response:
    """Tell that the handset cannot do this now."""
    return _told(HTTPStatus.CONFLICT, str(error))


def not_recorded(error: NotRecorded, _: Request) -> Response:
    """Tell that a prompt can be read, but not listened to."""
    return _told(HTTPStatus.NOT_FOUND, str(error))


def portal_unreachable(error: Unreachable, _: Request) -> Response:
    """Tell that the message got no further than the carrier."""
    return _told(HTTPStatus.BAD_GATEWAY, str(error))


def our_mistake(error: Exception, request: Request) -> Response:
    """Log a bug where it can be found, and say that it was one."""
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    return _told(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "The sandbox made a mistake; its log says which.",
    )


def _told(status: int, sentence: str) -> Response:
    return Response(json_body={"error": sentence}, status=int(status))
