"""`sms-callback routes`: which numbers leave by which gateway."""

import random
import re
from typing import Final

import click

from domain.numbers import E164, parse
from domain.routes.choosing import Way
from domain.routes.exits import Asked
from domain.services import Services
from domain.tariffs.rating import Rate
from portal.cli.gateways import gateway_of
from portal.cli.printing import json_option, print_rows
from portal.cli.site import Site, account_of

_PREFIX: Final = re.compile(r"[1-9][0-9]{0,14}")
_EVERYTHING_ELSE: Final = "*"
"""How the empty prefix is written."""


@click.group()
def routes() -> None:
    """Look after routes: the longest prefix of a number decides its gateways."""


@routes.command("list")
@json_option
@click.pass_obj
def list_(site: Site, as_json: bool) -> None:
    """List the routes, by prefix and in the order in which they are tried."""
    with site.transaction(write=False) as services:
        rows = [
            {
                "prefix": route.prefix or _EVERYTHING_ELSE,
                "gateway": name,
                "priority": route.priority,
                "weight": route.weight,
                "state": "on" if route.is_on else "off",
            }
            for route, name in services.gateways.routes()
        ]
    print_rows(rows, as_json=as_json, nothing="there are no routes yet")


@routes.command()
@click.argument("prefix")
@click.argument("gateway")
@click.option("--priority", type=click.IntRange(1, 1000), default=1, show_default=True)
@click.option("--weight", type=click.IntRange(1, 1000), default=1, show_default=True)
@click.option("--on/--off", "is_on", default=True, help="Whether it is used.")
@click.pass_obj
def add(
    site: Site, prefix: str, gateway: str, priority: int, weight: int, is_on: bool
) -> None:
    """Let numbers that begin with PREFIX (* for all others) leave by GATEWAY.

    The lowest priority is tried first; among equals, chance by weight. A route that is
    there already is changed.
    """
    digits = _digits(prefix)
    with site.transaction() as services:
        found = gateway_of(services, gateway)
        services.gateways.lead(
            digits, found, priority=priority, weight=weight, is_on=is_on
        )
    click.echo(f"{prefix} leaves by {gateway}" + ("" if is_on else ", once it is on"))


@routes.command()
@click.argument("prefix")
@click.argument("gateway")
@click.pass_obj
def remove(site: Site, prefix: str, gateway: str) -> None:
    """Let numbers that begin with PREFIX leave by GATEWAY no more."""
    with site.transaction() as services:
        if not services.gateways.close(_digits(prefix), gateway_of(services, gateway)):
            raise click.ClickException(f"{prefix} does not leave by {gateway}")
    click.echo(f"{prefix} leaves by {gateway} no more")


@routes.command()
@click.argument("number")
@click.option("--account", "login", help="At whose prices the call is sold.")
@json_option
@click.pass_obj
def test(site: Site, number: str, login: str | None, as_json: bool) -> None:
    """Say which gateways a call to NUMBER would try, in which order; why not others.

    Chance among equals is drawn anew each time. How full a gateway is, only the ESL
    service knows: `gateways list` tells the calls that are up.
    """
    wanted = parse(number)
    with site.transaction(write=False) as services:
        rows = _verdicts(services, wanted, login, site)
    if not rows and not as_json:
        gateway = site.section("esl_service").get("gateway", "")
        click.echo(f"no gateway is kept: {gateway} of the settings takes every call")
        return
    print_rows(rows, as_json=as_json, nothing="")


def _verdicts(
    services: Services, number: E164, login: str | None, site: Site
) -> list[dict[str, object]]:
    now = site.now()
    sold, currency = _sold(services, number, login, site)
    ways = services.routing.ways(number)
    asked = Asked(number, "", sold, currency)
    verdicts = list(services.routing.verdicts(ways, asked, random.random, now))
    judged = {verdict.way for verdict in verdicts}
    rows: list[dict[str, object]] = []
    for verdict in verdicts:
        bar, way = verdict.why_not, verdict.way
        order = None if bar else 1 + sum(row["try"] is not None for row in rows)
        word = bar.value if bar else ("rests: tried last" if way.rests(now) else "")
        rows.append(_row(way, order, word))
    rows += [_row(way, None, _unused(way)) for way in ways if way not in judged]
    return rows


def _row(way: Way, order: int | None, why: str) -> dict[str, object]:
    prefix = _EVERYTHING_ELSE if way.prefix == "" else way.prefix
    return {
        "try": order,
        "gateway": way.gateway,
        "prefix": prefix,
        "priority": way.priority if way.prefix is not None else None,
        "weight": way.weight if way.prefix is not None else None,
        "why": why,
    }


def _unused(way: Way) -> str:
    if not way.is_on:
        return "switched off"
    return "no route" if way.prefix is None else "a longer prefix decides"


def _sold(
    services: Services, number: E164, login: str | None, site: Site
) -> tuple[Rate | None, str]:
    if login is None:
        return None, ""
    account = account_of(services, login)
    plan = services.tariffs.plan(account.plan_id)
    price = services.tariffs.price(plan, number, site.now(), account.id)
    return price.rate, account.currency


def _digits(prefix: str) -> str:
    if prefix == _EVERYTHING_ELSE:
        return ""
    digits = prefix.lstrip("+")
    if not _PREFIX.fullmatch(digits):
        raise click.ClickException(f"{prefix!r} is no prefix such as 4870, or *")
    return digits
