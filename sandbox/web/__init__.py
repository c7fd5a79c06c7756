"""The sandbox in a browser: a page of handsets, and the same as JSON."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from wsgiref.types import WSGIApplication

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPMethodNotAllowed
from pyramid.request import Request

from sandbox.network import Network
from sandbox.settings import Settings
from sandbox.switch.server import EventSocket
from sandbox.web import errors, events, faults, handsets, messages, page, recordings
from sandbox.web.carrier import Carrier
from sandbox.web.recordings import Recordings

View = Callable[[Request], Any]  # a Response, or what the JSON renderer can write

URLS: dict[str, dict[str, View]] = {
    "/": {"GET": page.show},
    "/handsets": {"GET": handsets.show_all},
    "/handsets/{number}": {"GET": handsets.show},
    "/handsets/{number}/answer": {"POST": handsets.answer},
    "/handsets/{number}/ring": {"POST": handsets.ring},
    "/handsets/{number}/hangup": {"POST": handsets.hang_up},
    "/handsets/{number}/keys": {"POST": handsets.press},
    "/handsets/{number}/behaviour": {"PUT": handsets.behave},
    "/handsets/{number}/sms": {"POST": messages.send},
    "/carrier/messages": {"POST": messages.deliver},
    "/faults": {"GET": faults.show, "PUT": faults.choose},
    "/faults/{accident}": {"POST": faults.happen},
    "/events": {"GET": events.show},
    "/prompts": {"GET": recordings.show},
}


def application(
    network: Network,
    settings: Settings,
    door: EventSocket,
    *,
    sounds: Path | None = None,
) -> WSGIApplication:
    """Make the web application of one network, whose switch is behind `door`.

    `sounds` is the folder of the built prompts; without it the page tells their
    words and stays silent.
    """
    carrier = Carrier(network, url=settings.carrier_url, secret=settings.carrier_secret)
    prompts = Recordings(sounds)
    with Configurator() as config:
        config.include("pyramid_jinja2")
        config.add_request_method(lambda _: network, "network", property=True)
        config.add_request_method(lambda _: door, "door", property=True)
        config.add_request_method(lambda _: carrier, "carrier", property=True)
        config.add_request_method(lambda _: prompts, "recordings", property=True)
        for url, views in URLS.items():
            _add(config, url, views)
        config.add_static_view("static", "sandbox.web:static", cache_max_age=0)
        config.include(errors)
        made: WSGIApplication = config.make_wsgi_app()
    return made


def _add(config: Configurator, url: str, views: dict[str, View]) -> None:
    config.add_route(url, url)
    config.add_view(_refuse_method(views), route_name=url)
    for method, view in views.items():
        config.add_view(
            view, route_name=url, request_method=method, renderer="json", http_cache=0
        )


def _refuse_method(allowed: Iterable[str]) -> View:
    methods = ", ".join(allowed)

    def refuse(request: Request) -> None:
        raise HTTPMethodNotAllowed(
            f"{request.path} takes {methods}, but not {request.method}.",
            headers=[("Allow", methods)],
        )

    return refuse
