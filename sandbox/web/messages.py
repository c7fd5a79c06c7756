"""Messages in JSON: a handset sends one; the portal has one delivered."""

import json
from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPForbidden
from pyramid.request import Request

from sandbox.web.bodies import read_texts

_REFUSED = 400  # below are redirects, which nobody follows here: a faulty portal


def send(request: Request) -> dict[str, Any]:
    """Post a message from this handset to the portal, and tell what it said.

    The status is the portal's own when it refuses, so that a script notices.
    """
    fields = read_texts(request, "to", "text")
    if not fields["to"].strip():
        raise HTTPBadRequest("'to' is empty; it is the number to send to.")
    handset = request.network.handset(request.matchdict["number"])
    answer = request.carrier.send(handset, fields["to"].strip(), fields["text"])
    told = {"id": answer.id, "status": answer.status, "answer": _read(answer.text)}
    if not answer.accepted:
        request.response.status_int = (
            answer.status if answer.status >= _REFUSED else 502
        )
        told["error"] = f"The portal refused the message with status {answer.status}."
    return told


def deliver(request: Request) -> dict[str, str]:
    """Take a message from the portal for one of the handsets."""
    if not request.carrier.knows(request.headers.get("X-Secret", "")):
        raise HTTPForbidden("X-Secret is missing or is not the carrier's secret.")
    fields = read_texts(request, "id", "from", "to", "text")
    if not fields["id"]:
        raise HTTPBadRequest("'id' is empty; it tells a message from its repetition.")
    request.carrier.deliver(fields["id"], fields["from"], fields["to"], fields["text"])
    return {"id": fields["id"]}


def _read(answer: str) -> Any:  # JSON may be anything
    try:
        return json.loads(answer)
    except ValueError:
        return answer
