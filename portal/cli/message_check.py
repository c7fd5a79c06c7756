"""What `doctor` says of messages: those that went wrong wait for somebody to look."""

from domain.database import transactions
from domain.messages.log import LATELY
from portal.cli.checks import Ailing, migrations
from portal.cli.site import Site


def messages(site: Site) -> str:
    """Whether every SMS was worked, and every reply taken by its carrier."""
    migrations(site)
    with transactions(site.engine)(write=False) as services:
        found = services.sms_log.troubles(site.now())
    wrong = [
        f"{count} {what}: see `sms-callback sms {command}`"
        for count, what, command in (
            (found.dead, "replies that no carrier took", "dead"),
            (found.unworked, "messages stored and never worked", "list --unworked"),
            (
                found.unknown,
                "messages to numbers that are not ours",
                "list --outcome unknown_access_number",
            ),
        )
        if count
    ]
    if wrong:
        raise Ailing("; ".join(wrong))
    return f"none went wrong within {LATELY.days} days"
