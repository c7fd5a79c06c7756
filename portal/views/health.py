"""Whether this process can work, asked by a balancer."""

from http import HTTPStatus

from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from portal.db import is_reachable


@view_config(route_name="health", request_method=("GET", "HEAD"))
def health(request: Request) -> Response:
    """Say ok, or 503 when the database does not answer."""
    if is_reachable(request):
        return Response("ok", content_type="text/plain")
    return Response(
        "the database does not answer",
        content_type="text/plain",
        status=int(HTTPStatus.SERVICE_UNAVAILABLE),
    )
