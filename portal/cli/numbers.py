"""`sms-callback numbers` and `access`: whose numbers are whose, and which are ours."""

from typing import Final

import click
from phonenumbers import SUPPORTED_REGIONS

from domain.accounts.models import AccessNumber, Service
from domain.languages import LANGUAGES
from domain.numbers import parse
from domain.services import Services
from portal.cli.printing import json_option, print_rows
from portal.cli.site import Site, account_of, plan_of

_NAMED: Final = 5
"""Accounts that a warning names."""

_RUNG: Final = {
    Service.NONE: "rejects everybody",
    Service.ANI_CALLBACK: "calls registered callers back",
    Service.CALLING_CARD: "answers, and lets callers dial",
}

_leg_a_plan = click.option(
    "--leg-a-plan",
    help="The plan by which leg A of its calls is priced; none for the account's.",
)
_service = click.option(
    "--service",
    type=click.Choice([each.value for each in Service]),
    help="What happens when it is rung: nothing, a call back, a calling card.",
)
_asks_pin = click.option(
    "--asks-pin/--trusts-callers",
    default=None,
    help="Whether a registered caller keys a PIN too: a number can be forged.",
)


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
@click.option("--carrier", default="", help="Who hands us its messages, if any.")
@click.option("--country", help="Where national numbers in its messages belong: PL.")
@click.option("--language", type=click.Choice(LANGUAGES))
@_leg_a_plan
@_service
@_asks_pin
@click.pass_obj
def add_access_number(
    site: Site,
    number: str,
    carrier: str,
    country: str | None,
    language: str | None,
    leg_a_plan: str | None,
    service: str | None,
    asks_pin: bool | None,
) -> None:
    """Take NUMBER, written internationally, into service.

    Without --service it rejects whoever rings it.
    """
    ours = parse(number)
    there = site.reader().text("carriers", "").split()
    if carrier and carrier not in there:
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
        access = services.accounts.open_access_number(
            ours,
            carrier=carrier,
            country=country.upper() if country else None,
            language=language,
        )
        if leg_a_plan:
            _price_leg_a(services, access, leg_a_plan)
        _let_ring(access, service, asks_pin)
    click.echo(f"{ours} is an access number now")


@access.command("set")
@click.argument("number")
@_leg_a_plan
@_service
@_asks_pin
@click.pass_obj
def set_access_number(
    site: Site,
    number: str,
    leg_a_plan: str | None,
    service: str | None,
    asks_pin: bool | None,
) -> None:
    """Change how NUMBER, one of ours, is priced, and what ringing it does."""
    with site.transaction() as services:
        access = services.accounts.access_number(parse(number))
        if access is None:
            raise click.ClickException(f"{number} is no access number of ours")
        if leg_a_plan:
            _price_leg_a(services, access, leg_a_plan)
        _let_ring(access, service, asks_pin)
        rung = _RUNG[access.service]
        if access.service is Service.CALLING_CARD and access.asks_pin:
            rung += ", and asks everybody for a PIN"
        plan_id = access.leg_a_plan_id
        plan = "the account's plan"
        if plan_id is not None:
            plan = f"the plan {services.tariffs.plan(plan_id).name}"
    click.echo(f"leg A of calls by {access.number} is priced by {plan}")
    click.echo(f"when it is rung, it {rung}")


def _let_ring(access: AccessNumber, service: str | None, asks_pin: bool | None) -> None:
    """Change what ringing an access number does, where it is said."""
    if service is not None:
        access.service = Service(service)
    if asks_pin is not None:
        access.asks_pin = asks_pin


def _price_leg_a(services: Services, access: AccessNumber, name: str) -> None:
    """Give an access number its own plan; say whose calls it then refuses."""
    if name == "none":
        access.leg_a_plan_id = None
        return
    plan = plan_of(services, name)
    access.leg_a_plan_id = plan.id
    others = [
        account.login
        for account in services.accounts.all()
        if account.currency != plan.currency
    ]
    if others:
        named = ", ".join(others[:_NAMED]) + (" …" if len(others) > _NAMED else "")
        click.echo(
            f"Warning: the plan {name} is in {plan.currency} and nothing is converted:"
            f" calls by {access.number} are refused to {len(others)} accounts in other"
            f" currencies ({named})",
            err=True,
        )


@access.command("list")
@json_option
@click.pass_obj
def list_access_numbers(site: Site, as_json: bool) -> None:
    """List our access numbers."""
    with site.transaction(write=False) as services:
        rows = [
            {
                "number": each.number,
                "carrier": each.carrier or None,
                "country": each.country,
                "language": each.language,
                "service": each.service.value,
                "asks_pin": each.asks_pin,
                "leg_a_plan": services.tariffs.plan(each.leg_a_plan_id).name
                if each.leg_a_plan_id is not None
                else None,
            }
            for each in services.accounts.access_numbers()
        ]
    print_rows(rows, as_json=as_json, nothing="there are no access numbers yet")
