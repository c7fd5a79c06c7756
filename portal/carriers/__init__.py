"""The carriers' door: SMS come in by HTTP, one adapter for each carrier."""

from pyramid.config import Configurator

from portal.carriers.postbag import Postbag
from portal.carriers.sealing import Seal
from portal.carriers.webhook import receive


def includeme(config: Configurator) -> None:
    """Open `/sms/{carrier}`.

    Carriers prove themselves by their own secrets, so no token of a form is asked.
    """
    registry = config.registry
    registry["seal"] = Seal(registry["settings"].session_secret)
    registry["postbag"] = Postbag(registry["transaction"], registry["seal"])
    config.add_route("sms", "/sms/{carrier}")
    config.add_view(receive, route_name="sms", require_csrf=False)
