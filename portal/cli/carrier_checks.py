"""What `doctor` looks at in the carriers; each look tells what it found, or raises."""

from collections import Counter

from domain.settings import BadSettings
from portal.carriers.settings import read_carriers
from portal.cli.checks import Ailing, migrations
from portal.cli.site import Site


def carriers(site: Site) -> str:
    """Whether each carrier's settings are there, and each number's carrier is."""
    reader = site.reader()
    book = read_carriers(reader)
    migrations(site)
    try:
        reader.check()
        with site.transaction(write=False) as services:
            numbers = services.accounts.access_numbers()
    except BadSettings as bad:
        raise Ailing("; ".join(bad.faults)) from bad
    lost = [each for each in numbers if each.carrier and not book.named(each.carrier)]
    if lost:
        told = ", ".join(f"{each.number} ({each.carrier})" for each in lost)
        raise Ailing(
            f"nobody carries the messages of {told}: list the carrier in `carriers`, "
            "or `sms-callback access` names another"
        )
    if not book.carriers:
        return "not set up: `carriers` is empty"
    counted = Counter(each.carrier for each in numbers)
    return ", ".join(f"{name} for {counted[name]} numbers" for name in book.carriers)
