"""Every URL for people. The carriers' `/sms/{carrier}` stands in `portal.carriers`."""

from pyramid.config import Configurator

from portal.resources import OwnAccount


def includeme(config: Configurator) -> None:
    """Add the routes."""
    config.add_static_view("static", "portal:static", cache_max_age=3600)

    config.add_route("home", "/")
    config.add_route("original_home", "/webphone/indexcallb.htm")
    config.add_route("health", "/health")

    config.add_route("sign_in", "/sign-in")
    config.add_route("sign_out", "/sign-out")

    config.add_route("account", "/account", factory=OwnAccount)
    config.add_route("numbers", "/account/numbers", factory=OwnAccount)
    config.add_route("card", "/account/card", factory=OwnAccount)
    config.add_route("phonebook", "/account/phonebook", factory=OwnAccount)
    config.add_route("calls", "/account/calls", factory=OwnAccount)
    config.add_route("top_up", "/account/top-up", factory=OwnAccount)
    config.add_route("ledger", "/account/ledger", factory=OwnAccount)
    config.add_route("preferences", "/account/preferences", factory=OwnAccount)
