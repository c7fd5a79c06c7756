"""The one view for all carriers: /sms/{carrier}.

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
from domain.messages.sms import Incoming, Sms
from portal.carriers.asking import ErrandsWait, RunsErrands
from portal.carriers.base import (
    Answer,
    Carrier,
    Forged,
    Hook,
    NotYet,
    OutgoingSms,
    Unreadable,
)
from portal.carriers.door import Choice, Kept, answer_again, keep, work
from portal.carriers.posted import noted

_log = logging.getLogger(__name__)

LONGEST_BODY: Final = 64 * 1024
"""Bytes."""


class RepliesWait:
    """Told to the application when replies were stored that have to be sent."""


class MessagesWait:
    """Told to the application when messages were stored that have to be worked."""


class _TooLong(Exception):
    """The body is longer than any message."""


_POSTED: Final = (_TooLong, Forged, Unreadable, NotYet)
_EXPECTED: Final = (*_POSTED, *Unavailable)


def receive(request: Request) -> Response:
    """Take what a carrier posts; a sentence says why if it is not taken."""
    name = request.matchdict["carrier"]
    carrier = request.registry["settings"].carriers.named(name)
    if carrier is None:
        return _refused(404, "There is no such carrier.")
    if request.method != "POST" and not (request.method == "GET" and carrier.takes_get):
        return _wrong_method(carrier)
    try:
        return _taken(request, carrier)
    except _EXPECTED as trouble:
        status, sentence = _told_of(trouble)
        # Of a database's trouble its kind only: the rest is the customer's.
        what = trouble if isinstance(trouble, _POSTED) else type(trouble).__name__
        _log.warning("a post to %s was answered %s: %s", request.path, status, what)
        return _refused(status, sentence)


def _told_of(trouble: Exception) -> tuple[int, str]:
    """The status and the sentence that a carrier is answered with."""
    match trouble:
        case _TooLong():
            return 413, f"The body is longer than {LONGEST_BODY} bytes."
        case Forged():
            return 403, "The post does not prove where it comes from."
        case Unreadable():
            return 400, str(trouble)
        case NotYet():
            return 503, "It cannot be judged yet. Please try again."
        case _:
            return 503, "The message could not be kept. Please try again."


def _wrong_method(carrier: Carrier) -> Response:
    response = _refused(405, "Messages are posted here.")
    response.allow = ("GET", "POST") if carrier.takes_get else ("POST",)
    return response


def _taken(request: Request, carrier: Carrier) -> Response:
    hook = _hook(request)
    secrets = request.registry["settings"].carriers.secrets_of(carrier.name)
    try:
        carrier.verify(hook)
        told = [noted(each, hook, secrets) for each in carrier.read(hook)]
    finally:
        if isinstance(carrier, RunsErrands) and carrier.has_errands:
            request.registry.notify(ErrandsWait())
    registry = request.registry
    if carrier.replies_at_once:
        answer = _answered(request, carrier, told)
    else:
        if told and _kept(request, told):
            registry.notify(MessagesWait())
        answer = carrier.answer([])
    return Response(answer.body, content_type=answer.content_type, charset="UTF-8")


def _kept(request: Request, told: Sequence[Incoming]) -> bool:
    """Store what was told; whether there are messages to be worked now."""
    registry = request.registry
    plain = [each for each in told if isinstance(each, Sms)]
    if len(plain) == len(told):
        registry["postbag"].put(plain, request.now)
        return True
    kept = keep(registry["transaction"], told, request.now, registry["seal"])
    return not all(each.stored.worked for each in kept)


def _answered(request: Request, carrier: Carrier, told: Sequence[Incoming]) -> Answer:
    """Work what was told and answer with the replies, where they may go that way."""
    registry = request.registry
    kept = keep(registry["transaction"], told, request.now, registry["seal"])

    def said_at_once(replies: Sequence[OutgoingSms]) -> Collection[int]:
        own = [reply for reply in replies if reply.carrier == carrier.name]
        return carrier.answer(own).said

    replies = [
        reply
        for each in kept
        for reply in _replies(request, carrier, each, said_at_once)
    ]
    answer = carrier.answer(
        [reply for reply in replies if reply.carrier == carrier.name]
    )
    if len(answer.said) < len(replies):
        registry.notify(RepliesWait())
    return answer


def _replies(
    request: Request, carrier: Carrier, kept: Kept, said_at_once: Choice
) -> list[OutgoingSms]:
    """What a message is answered, whoever works it."""
    transaction, stored = request.registry["transaction"], kept.stored
    made: list[OutgoingSms] = []
    if not stored.worked:
        made = work(transaction, stored, kept.sms, request.now, said_at_once)
    if not made and carrier.only_answers:  # the inbox may have been first
        made = answer_again(transaction, stored, request.now, said_at_once)
    return made


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
