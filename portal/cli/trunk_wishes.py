"""What an operator may wish of a gateway, as the options of commands."""

import re
from collections.abc import Callable
from typing import Final

import click
import phonenumbers

from domain.numbers import parse
from domain.routes.callerid import NumberForm
from domain.services import Services
from portal.cli.site import plan_of

_NONE: Final = "none"


def changes(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that `add` and `set` share."""
    options = (
        click.option("--on/--off", "is_on", default=None, help="Whether it is used."),
        click.option("--per-second", help="Calls begun in a second at most, or none."),
        click.option("--at-once", help="Calls at one time at most, or none."),
        click.option(
            "--caller-id-form",
            type=click.Choice([each.value for each in NumberForm]),
            help="How it wants the caller's number.",
        ),
        click.option("--country", help="ISO 3166: whose national form that is."),
        click.option("--caller-id", help="Shown where the user's own may not be."),
        click.option("--buying-plan", help="The plan that says its prices, or none."),
        click.option(
            "--may-lose/--never-lose",
            default=None,
            help="Use it even where it is bought dearer than sold.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def columns(services: Services, wishes: dict[str, object]) -> dict[str, object]:
    """The columns that are to change, by what was wished."""
    columns: dict[str, object] = {}
    for wish, value in wishes.items():
        if value is not None:
            column, read = _READERS[wish]
            columns[column] = read(services, value)
    return columns


def _cap(_: Services, text: object) -> int | None:
    if text == _NONE:
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,5}", str(text)):
        raise click.ClickException(f"{text!r} is no number from 1 to 999999, nor none")
    return int(str(text))


def _country(_: Services, text: object) -> str | None:
    if text == _NONE:
        return None
    country = str(text).upper()
    if country not in phonenumbers.SUPPORTED_REGIONS:
        raise click.ClickException(f"{text!r} is no country such as PL")
    return country


def _plan(services: Services, name: object) -> int | None:
    return None if name == _NONE else plan_of(services, str(name)).id


def _number(_: Services, text: object) -> str | None:
    return None if text == _NONE else parse(str(text))


def _as_it_is(_: Services, value: object) -> object:
    return value


_READERS: Final[dict[str, tuple[str, Callable[[Services, object], object]]]] = {
    "is_on": ("is_on", _as_it_is),
    "per_second": ("calls_per_second", _cap),
    "at_once": ("calls_at_once", _cap),
    "caller_id_form": ("caller_id_form", lambda _, text: NumberForm(str(text))),
    "country": ("country", _country),
    "caller_id": ("caller_id", _number),
    "buying_plan": ("buying_plan_id", _plan),
    "may_lose": ("may_lose", _as_it_is),
}
