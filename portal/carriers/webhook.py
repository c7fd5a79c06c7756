"""The one view for all carriers: POST /sms/{carrier}.

200 means that the message is ours now, understood or not; 5xx that the carrier
should tell it again; 4xx that it need not.
"""

import logging
from collections.abc import Collection, Sequence
from typing import Final
from urllib.parse import quote

from pyramid.request import Request
from pyramid.response import Response

from domain.database import Unavailable
from portal.carriers.base import Carrier, Forged, Hook, OutgoingSms, Unreadable
from portal.carriers.door import take

_log = logging.getLogger(__name__)

LONGEST_BODY: Final = 64 * 1024
"""Bytes."""


class RepliesWait:
    """Told to the application when replies were stored that have to be sent."""


class _TooLong(Exception):
    """The body is longer than any message."""


def receive(request: Request) -> Response:
    """Take what a carrier posts; a sentence says why if it is not taken."""
    name = request.matchdict["carrier"]
    carrier = request.registry["settings"].carriers.named(name)
    if carrier is None:
        return _refused(404, "There is no such carrier.")
    try:
        return _taken(request, carrier)
    except _TooLong:
        return _refused(413, f"The body is longer than {LONGEST_BODY} bytes.")
    except Forged as forgery:
        _log.warning("a post to %s was forged: %s", request.path, forgery)
        return _refused(403, "The post does not prove where it comes from.")
    except Unreadable as fault:
        _log.warning("a post of %s could not be read: %s", name, fault)
        return _refused(400, str(fault))
    except Unavailable as trouble:
        # Its kind only: the statement's parameters are the customer's.
        _log.error("a post of %s had to wait: %s", name, type(trouble).__name__)
        return _refused(503, "The message could not be kept. Please try again.")


def refuse_method(_request: Request) -> Response:
    """Say that messages are posted."""
    response = _refused(405, "Messages are posted here.")
    response.allow = ("POST",)
    return response


def _taken(request: Request, carrier: Carrier) -> Response:
    hook = _hook(request)
    carrier.verify(hook)
    transaction = request.registry["transaction"]

    def said_at_once(replies: Sequence[OutgoingSms]) -> Collection[int]:
        own = [reply for reply in replies if reply.carrier == carrier.name]
        return carrier.answer(own).said

    replies = [
        reply
        for sms in carrier.read(hook)
        for reply in take(transaction, sms, request.now, said_at_once)
    ]
    answer = carrier.answer(
        [reply for reply in replies if reply.carrier == carrier.name]
    )
    if len(answer.said) < len(replies):
        request.registry.notify(RepliesWait())
    return Response(answer.body, content_type=answer.content_type, charset="UTF-8")


def _hook(request: Request) -> Hook:
    body = request.body_file.read(LONGEST_BODY + 1)
    if len(body) > LONGEST_BODY:
        raise _TooLong
    # The configured address, for a proxy changes scheme, host and port.
    url = request.registry["settings"].public_url + quote(request.path_info)
    return Hook(
        url=f"{url}?{request.query_string}" if request.query_string else url,
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body,
        received_at=request.now,
        method=request.method,
    )


def _refused(status: int, sentence: str) -> Response:
    """Returned, not raised: the pages' ways of showing errors are for people."""
    return Response(f"{sentence}\n", status, content_type="text/plain")
