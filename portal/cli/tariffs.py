"""`sms-callback plans`: what a plan charges for, allows and limits."""

import re
from collections.abc import Callable, Sequence
from typing import Final
from zoneinfo import available_timezones

import click
from babel.numbers import list_currencies

from domain import money
from domain.services import Services
from domain.tariffs.lists import Owner
from domain.tariffs.models import LegACharge, Plan
from portal.cli.printing import as_json_text, json_option, print_facts, print_rows
from portal.cli.site import Site, plan_of

_PREFIX: Final = re.compile(r"[1-9][0-9]{0,14}")
_SECONDS: Final = re.compile(r"[1-9][0-9]{0,5}")
_EVERYTHING_ELSE: Final = "*"
"""How the empty prefix is written."""

_leg_a_charge: Final = click.Choice([each.value for each in LegACharge])


@click.group()
def plans() -> None:
    """Look after tariff plans."""


@plans.command("create")
@click.argument("name")
@click.option("--currency", required=True, help="ISO 4217, such as USD.")
@click.option(
    "--leg-a",
    type=_leg_a_charge,
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
                "rates": _rates(services, plan, site),
            }
            for plan in services.tariffs.all()
        ]
    print_rows(rows, as_json=as_json, nothing="there are no plans yet")


@plans.command()
@click.argument("name")
@json_option
@click.pass_obj
def show(site: Site, name: str, as_json: bool) -> None:
    """Show what the plan NAME charges for, allows and limits."""
    with site.transaction(write=False) as services:
        facts = _facts(services, plan_of(services, name), site)
    if as_json:
        click.echo(as_json_text(facts))
    else:
        print_facts(facts)


@plans.command("set")
@click.argument("name")
@click.option("--leg-a", type=_leg_a_charge, help="When leg A is paid for.")
@click.option("--time-zone", help="Whose clocks time bands go by: Europe/Warsaw.")
@click.option("--ceiling", help="No dearer minute is sold: 1.50, or none.")
@click.option("--longest-call", help="Seconds that one call may last, or none.")
@click.option(
    "--costly/--no-costly",
    default=None,
    help="Premium, satellite and shared-cost numbers: all on or off.",
)
@click.option("--allow", multiple=True, help="A prefix that may be rung; * for all.")
@click.option("--forbid", multiple=True, help="A prefix that may not; * for all.")
@click.option("--forget", multiple=True, help="A prefix that needs no rule any more.")
@click.pass_obj
def set_(site: Site, /, name: str, **wishes: object) -> None:
    """Change the plan NAME; what is not named stays as it is.

    Of all prefixes that are allowed or forbidden the longest decides. One that is
    allowed and longer than a country's code is switched on if it is costly:
    `--forbid '*' --allow 48` lets Poland be rung but for its premium numbers.
    """
    with site.transaction() as services:
        plan = plan_of(services, name)
        for wish, change in _CHANGES.items():
            if wishes[wish] is not None:
                change(plan, str(wishes[wish]))
        for wish, allows in (("allow", True), ("forbid", False), ("forget", None)):
            for prefix in _prefixes(wishes[wish]):
                services.tariffs.set_rule(plan, prefix, allows=allows)
        facts = _facts(services, plan, site)
    print_facts(facts)


def _set_charge(plan: Plan, text: str) -> None:
    plan.leg_a_charge = LegACharge(text)


def _set_zone(plan: Plan, text: str) -> None:
    if text not in available_timezones():
        raise click.ClickException(f"{text!r} is no time zone such as Europe/Warsaw")
    plan.time_zone = text


def _set_ceiling(plan: Plan, text: str) -> None:
    ceiling = None if text == "none" else money.parse(text)
    if ceiling is not None and ceiling < 0:  # even what costs nothing would be dearer
        raise click.ClickException(f"a ceiling of {text} is below 0")
    plan.dearest_minute = ceiling


def _set_longest(plan: Plan, text: str) -> None:
    if text != "none" and not _SECONDS.fullmatch(text):
        wanted = "a whole number of seconds from 1 to 999999"
        raise click.ClickException(f"{text!r} is not {wanted}")
    plan.longest_call = None if text == "none" else int(text)


def _set_costly(plan: Plan, text: str) -> None:
    plan.allows_costly = text == str(True)


_CHANGES: Final[dict[str, Callable[[Plan, str], None]]] = {
    "leg_a": _set_charge,
    "time_zone": _set_zone,
    "ceiling": _set_ceiling,
    "longest_call": _set_longest,
    "costly": _set_costly,
}


def _prefixes(told: object) -> list[str]:
    texts = told if isinstance(told, Sequence) else ()
    prefixes = ["" if text == _EVERYTHING_ELSE else text.lstrip("+") for text in texts]
    for prefix in filter(None, prefixes):
        if not _PREFIX.fullmatch(prefix):
            raise click.ClickException(f"{prefix!r} is no prefix such as 4870, or *")
    return prefixes


def _facts(services: Services, plan: Plan, site: Site) -> dict[str, object]:
    rules = services.tariffs.rules(plan)
    named = {prefix or _EVERYTHING_ELSE: allows for prefix, allows in rules.items()}
    ceiling = plan.dearest_minute
    return {
        "name": plan.name,
        "currency": plan.currency,
        "leg_a": plan.leg_a_charge.value,
        "rates": _rates(services, plan, site),
        "time_zone": plan.time_zone,
        "ceiling": None if ceiling is None else money.plain(ceiling),
        "longest_call": plan.longest_call,
        "costly": plan.allows_costly,
        "allowed": [prefix for prefix, allows in named.items() if allows],
        "forbidden": [prefix for prefix, allows in named.items() if not allows],
    }


def _rates(services: Services, plan: Plan, site: Site) -> int:
    found = services.tariffs.lists.in_force(Owner(plan.id), site.now())
    return found.rows if found else 0
