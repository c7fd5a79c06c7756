"""What `doctor` looks at where calls leave the house."""

from collections.abc import Sequence

from domain.database import transactions
from domain.settings import BadSettings
from portal.cli import checks, event_socket
from portal.cli.checks import Ailing
from portal.cli.site import Site


def gateways(site: Site) -> str:
    """Whether calls have gateways to leave by, and the switch knows them by name."""
    checks.migrations(site)
    now = site.now()
    with transactions(site.engine)(write=False) as services:
        kept = services.gateways.all()
        routed = {name for route, name in services.gateways.routes() if route.is_on}
        resting = [each.name for each in kept if (each.rests_until or now) > now]
    if not kept:
        own = site.reader("esl_service", "esl_service").text("gateway", "")
        told = _known(site, [own]) if own else ""
        return f"none kept: the settings' takes every call{told}"
    used = [each.name for each in kept if each.is_on and each.name in routed]
    if not used:
        raise Ailing(
            "no call can leave: switch a gateway on (`gateways set NAME --on`) "
            "and lead a route to it (`routes add '*' NAME`)"
        )
    if set(used) <= set(resting):
        raise Ailing(
            f"all gateways rest after faults ({' '.join(resting)}): "
            "ask their carriers, then `gateways wake NAME`"
        )
    told = f"; resting: {' '.join(resting)}" if resting else ""
    return f"{' '.join(used)} in use{_known(site, used)}{told}"


def _known(site: Site, names: Sequence[str]) -> str:
    """That the switch knows them, or was not asked: then only a call will tell."""
    try:
        with event_socket.let_in(*event_socket.address(site)) as door:
            unknown = [name for name in names if not door.knows_gateway(name)]
    except (BadSettings, OSError, event_socket.NotLetIn, event_socket.NoAnswer):
        return ", but the switch could not be asked whether it knows that"
    if unknown:
        raise Ailing(
            f"the switch knows no gateway called {', '.join(unknown)}: correct the "
            "name, or add it to the switch's configuration and rescan the profile"
        )
    return ", known to the switch"
