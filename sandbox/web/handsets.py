"""The handsets in JSON: look at one, and do what its owner could do."""

from dataclasses import asdict
from typing import Any

from pyramid.request import Request

from sandbox.network import Behaviour, Handset, Sms
from sandbox.web.bodies import read_object, read_texts

JsonObject = dict[str, Any]  # what the JSON renderer writes


def show_all(request: Request) -> JsonObject:
    """Tell of every handset named so far."""
    return {"handsets": [_told(handset) for handset in request.network.handsets()]}


def show(request: Request) -> JsonObject:
    """Tell of one handset; naming it brings it into being."""
    return _told(_named(request))


def answer(request: Request) -> JsonObject:
    """Pick up the ringing handset."""
    handset = _named(request)
    handset.answer()
    return _told(handset)


def ring(request: Request) -> JsonObject:
    """Ring the number in `to`; `shown`, if given, is told as the caller's number."""
    handset = _named(request)
    fields = read_texts(request, "to", optional=("shown",))
    shown = fields.get("shown")
    request.network.ring(
        handset, fields["to"].strip(), None if shown is None else shown.strip()
    )
    return _told(handset)


def hang_up(request: Request) -> JsonObject:
    """Put the handset down, or refuse the call that rings it."""
    handset = _named(request)
    handset.hang_up()
    return _told(handset)


def press(request: Request) -> JsonObject:
    """Press the keys in `digits`, one after the other."""
    handset = _named(request)
    handset.press(read_texts(request, "digits")["digits"])
    return _told(handset)


def behave(request: Request) -> JsonObject:
    """Let the handset do this from the next call on."""
    handset = _named(request)
    handset.behaviour = Behaviour.parse(read_object(request))
    return _told(handset)


def _named(request: Request) -> Handset:
    handset: Handset = request.network.handset(request.matchdict["number"])
    return handset


def _told(handset: Handset) -> JsonObject:
    return {
        "number": handset.number,
        "state": handset.state,
        "behaviour": asdict(handset.behaviour),
        "caller_id": handset.caller_id,
        "heard": handset.heard,
        "sms": [_message(sms) for sms in handset.sms],
    }


def _message(sms: Sms) -> JsonObject:
    return {**asdict(sms), "at": sms.at.isoformat()}
