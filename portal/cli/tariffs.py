"""`sms-callback plans` and `rates`: what a minute costs."""

from collections.abc import Iterable
from pathlib import Path

import click
from babel.numbers import list_currencies

from domain.tariffs import sheet
from domain.tariffs.models import LegACharge
from domain.tariffs.sheet import BadSheet, Line
from portal.cli.printing import json_option, print_rows
from portal.cli.site import Site, plan_of


@click.group()
def plans() -> None:
    """Look after tariff plans."""


@plans.command("create")
@click.argument("name")
@click.option("--currency", required=True, help="ISO 4217, such as USD.")
@click.option(
    "--leg-a",
    type=click.Choice([each.value for each in LegACharge]),
    default=LegACharge.ALWAYS.value,
    show_default=True,
    help="When leg A is paid for.",
)
@click.pass_obj
def create(site: Site, name: str, currency: str, leg_a: str) -> None:
    """Open the plan NAME, without rates yet."""
    if currency not in list_currencies():
        raise click.ClickException(f"{currency!r} is no currency such as USD")
    with site.transaction() as services:
        if services.tariffs.by_name(name):
            raise click.ClickException(f"there is a plan called {name!r} already")
        services.tariffs.create(name, currency, LegACharge(leg_a))
    click.echo(f"the plan {name} is in {currency}; now import its rates")


@plans.command("list")
@json_option
@click.pass_obj
def list_(site: Site, as_json: bool) -> None:
    """List the plans."""
    with site.transaction(write=False) as services:
        rows = [
            {
                "name": plan.name,
                "currency": plan.currency,
                "leg_a": plan.leg_a_charge.value,
                "rates": len(services.tariffs.rates(plan, site.now())),
            }
            for plan in services.tariffs.all()
        ]
    print_rows(rows, as_json=as_json, nothing="there are no plans yet")


@click.group()
def rates() -> None:
    """Look after price lists."""


@rates.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--plan", required=True, help="The tariff plan's name.")
@click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")
@click.pass_obj
def import_(site: Site, file: Path, plan: str, dry_run: bool) -> None:
    """Replace a plan's rates by FILE, a CSV whose header names its columns.

    prefix and per_minute are needed; destination, setup, first_block, step,
    free_seconds, minimum_charge and minimum_seconds may be there. Every line is
    taken, or none is.
    """
    lines = read_sheet(file)
    with site.transaction(write=not dry_run) as services:
        found = plan_of(services, plan)
        now = site.now()
        changes = services.tariffs.compare(found, lines, now)
        if not dry_run:
            services.tariffs.replace(found, lines, now)
    told = "would be in force" if dry_run else "are in force"
    click.echo(f"{len(lines)} rates {told}: {changes}")


def read_sheet(file: Path) -> list[Line]:
    """The lines of a price list, or a ClickException that names each bad one."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            lines = sheet.read(text)
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file} is not a text in UTF-8") from error
    except BadSheet as bad:
        raise click.ClickException(_listed(file, bad.faults)) from bad
    if not lines:
        raise click.ClickException(f"{file} holds no rates")
    return lines


def _listed(file: Path, faults: Iterable[str]) -> str:
    return "\n".join([f"{file} is refused whole:", *(f"  {each}" for each in faults)])
