"""`sms-callback gateways`: the trunks of the switch, and how they do."""

import re
from datetime import timedelta
from typing import Final

import click

from domain.routes.callerid import NumberForm
from domain.routes.models import Gateway
from domain.services import Services
from portal.cli.printing import json_option, moment, print_facts, print_rows
from portal.cli.site import Site
from portal.cli.trunk_wishes import changes, columns

_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
"""What the switch may be told as a gateway's name."""


@click.group()
def gateways() -> None:
    """Look after gateways: the trunks by which calls leave the switch.

    While there is none here, the one of the settings takes every call.
    """


@gateways.command("list")
@json_option
@click.pass_obj
def list_(site: Site, as_json: bool) -> None:
    """List the gateways, how full they are, and how they do."""
    with site.transaction(write=False) as services:
        busy = services.sessions.open_by_gateway()
        rows = [
            {
                "name": each.name,
                "state": _state(each, site),
                "calls": busy.get(each.name, 0),
                "at_once": each.calls_at_once,
                "per_second": each.calls_per_second,
                "caller_id": each.caller_id_form.value,
                "faults": each.faults,
                "rests_until": moment(each.rests_until),
            }
            for each in services.gateways.all()
        ]
    print_rows(
        rows, as_json=as_json, nothing="there are none: the settings' takes every call"
    )


@gateways.command()
@click.argument("name")
@changes
@click.pass_obj
def add(site: Site, /, name: str, **wishes: object) -> None:
    """Keep the gateway that the switch calls NAME; then lead routes to it."""
    if not _NAME.fullmatch(name):
        raise click.ClickException(f"{name!r} is no name of a gateway")
    with site.transaction() as services:
        if services.gateways.by_name(name):
            raise click.ClickException(f"there is a gateway called {name!r} already")
        chosen = columns(services, wishes)
        _check(chosen.get("caller_id_form"), chosen.get("country"))
        gateway = services.gateways.add(name, **chosen)
        facts = _facts(services, gateway, site)
    print_facts(facts)


@gateways.command("set")
@click.argument("name")
@changes
@click.pass_obj
def set_(site: Site, /, name: str, **wishes: object) -> None:
    """Change the gateway NAME; what is not named stays as it is."""
    with site.transaction() as services:
        gateway = gateway_of(services, name)
        for column, value in columns(services, wishes).items():
            setattr(gateway, column, value)
        _check(gateway.caller_id_form, gateway.country)
        facts = _facts(services, gateway, site)
    print_facts(facts)


@gateways.command()
@click.argument("name")
@click.option("--minutes", type=click.IntRange(1, 10_080), default=15)
@click.pass_obj
def rest(site: Site, name: str, minutes: int) -> None:
    """Use the gateway NAME only where nothing else is left, for a while."""
    until = site.now() + timedelta(minutes=minutes)
    with site.transaction() as services:
        services.gateways.rest(gateway_of(services, name), until)
    click.echo(f"{name} rests until {moment(until)}, or until it does well again")


@gateways.command()
@click.argument("name")
@click.pass_obj
def wake(site: Site, name: str) -> None:
    """Use the gateway NAME again, and forget its faults."""
    with site.transaction() as services:
        services.gateways.wake(gateway_of(services, name))
    click.echo(f"{name} is used again")


def gateway_of(services: Services, name: str) -> Gateway:
    """The gateway of that name, or a ClickException that names those there are."""
    gateway = services.gateways.by_name(name)
    if gateway is None:
        there = ", ".join(each.name for each in services.gateways.all()) or "none"
        raise click.ClickException(f"no gateway is called {name!r}; there are: {there}")
    return gateway


def _check(form: object, country: object) -> None:
    if form is NumberForm.NATIONAL and country is None:
        raise click.ClickException("the national form needs --country")


def _state(gateway: Gateway, site: Site) -> str:
    if not gateway.is_on:
        return "off"
    until = gateway.rests_until
    return "rests" if until is not None and site.now() < until else "on"


def _facts(services: Services, gateway: Gateway, site: Site) -> dict[str, object]:
    plan = gateway.buying_plan_id
    return {
        "name": gateway.name,
        "state": _state(gateway, site),
        "per_second": gateway.calls_per_second,
        "at_once": gateway.calls_at_once,
        "caller_id_form": gateway.caller_id_form.value,
        "country": gateway.country,
        "caller_id": gateway.caller_id,
        "buying_plan": None if plan is None else services.tariffs.plan(plan).name,
        "may_lose": gateway.may_lose,
    }
