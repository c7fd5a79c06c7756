"""`sms-callback numbers` and `access`: whose numbers are whose, and which are ours."""

import click
from phonenumbers import SUPPORTED_REGIONS

from domain.languages import LANGUAGES
from domain.numbers import parse
from portal.cli.printing import json_option, print_rows
from portal.cli.site import Site, account_of


@click.group()
def numbers() -> None:
    """Register the numbers by which accounts are known."""


@numbers.command("add")
@click.argument("login")
@click.argument("number")
@click.pass_obj
def add_number(site: Site, login: str, number: str) -> None:
    """Let NUMBER, written internationally, identify LOGIN's account.

    Where an account may have one number only, the new one replaces it.
    """
    registered = parse(number)
    with site.transaction() as services:
        account = account_of(services, login)
        is_new = services.accounts.register(account, registered, site.now())
    click.echo(f"{registered} {'now' if is_new else 'already'} identifies {login}")


@click.group()
def access() -> None:
    """Look after access numbers: those of ours that customers text or ring."""


@access.command("add")
@click.argument("number")
@click.option("--carrier", required=True, help="Who hands us its messages.")
@click.option("--country", help="Where national numbers in its messages belong: PL.")
@click.option("--language", type=click.Choice(LANGUAGES))
@click.pass_obj
def add_access_number(
    site: Site, number: str, carrier: str, country: str | None, language: str | None
) -> None:
    """Take NUMBER, written internationally, into service."""
    ours = parse(number)
    there = site.reader().text("carriers", "").split()
    if carrier not in there:
        raise click.ClickException(
            f"no carrier is called {carrier!r}; the settings list: {' '.join(there)}"
        )
    if country and country.upper() not in SUPPORTED_REGIONS:
        raise click.ClickException(f"{country!r} is no country such as PL")
    with site.transaction() as services:
        if services.accounts.access_number(ours):
            raise click.ClickException(f"{ours} is an access number already")
        if services.accounts.owner(ours):
            raise click.ClickException(f"{ours} is registered by an account")
        services.accounts.open_access_number(
            ours,
            carrier=carrier,
            country=country.upper() if country else None,
            language=language,
        )
    click.echo(f"{ours} is an access number now")


@access.command("list")
@json_option
@click.pass_obj
def list_access_numbers(site: Site, as_json: bool) -> None:
    """List our access numbers."""
    with site.transaction(write=False) as services:
        rows = [
            {
                "number": each.number,
                "carrier": each.carrier,
                "country": each.country,
                "language": each.language,
            }
            for each in services.accounts.access_numbers()
        ]
    print_rows(rows, as_json=as_json, nothing="there are no access numbers yet")
