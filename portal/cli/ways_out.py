"""What `doctor` looks at where calls leave the house."""

from domain.database import transactions
from portal.cli import checks
from portal.cli.checks import Ailing
from portal.cli.site import Site


def gateways(site: Site) -> str:
    """Whether calls have gateways to leave by, as far as can be seen from here.

    Whether the switch knows a gateway by that name, only a call tells.
    """
    checks.migrations(site)
    now = site.now()
    with transactions(site.engine)(write=False) as services:
        kept = services.gateways.all()
        routed = {name for route, name in services.gateways.routes() if route.is_on}
        resting = [each.name for each in kept if (each.rests_until or now) > now]
    if not kept:
        return "none kept: the settings' takes every call"
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
    return f"{' '.join(used)} in use{told}"
