"""`sms-callback doctor`: is everything there, and what is to be done if not."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Final

import click

from portal.cli import checks, message_check, ways_out
from portal.cli.carrier_checks import carriers
from portal.cli.checks import Ailing
from portal.cli.printing import as_json_text, json_option
from portal.cli.site import Site


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look showed."""

    name: str
    ok: bool
    text: str
    """What was found, or what is to be done."""


_LOOKS: Final[tuple[tuple[str, Callable[[Site], str]], ...]] = (
    ("settings", checks.settings),
    ("database", checks.database),
    ("migrations", checks.migrations),
    ("carriers", carriers),
    ("vouchers", checks.vouchers),
    ("gateways", ways_out.gateways),
    ("messages", message_check.messages),
    ("switch", checks.switch),
    ("records", checks.records),
    ("prompts", checks.prompts),
)


@click.command()
@json_option
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    """Look at settings, database, money, carriers, gateways, switch, records, prompts.

    Ends with status 1 if anything is wrong.
    """
    findings = [_look(name, look, context.obj) for name, look in _LOOKS]
    if as_json:
        click.echo(as_json_text([asdict(each) for each in findings]))
    else:
        for each in findings:
            click.echo(f"{'ok' if each.ok else 'WRONG':6}{each.name:12}{each.text}")
    if not all(each.ok for each in findings):
        context.exit(1)


def _look(name: str, look: Callable[[Site], str], site: Site) -> Finding:
    try:
        return Finding(name, ok=True, text=look(site))
    except Ailing as found:
        return Finding(name, ok=False, text=str(found))
    except click.ClickException as trouble:
        return Finding(name, ok=False, text=trouble.message)
