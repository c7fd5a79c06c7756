"""What every command asks for that moves money: why, by whom, under which number."""

from collections.abc import Callable
from functools import reduce
from typing import Final, TypeVar
from uuid import uuid4

import click

from domain import money
from domain.accounts.models import Account
from domain.ledger.cashier import Occasion
from domain.money import Micros
from portal.cli.site import Site
from portal.cli.whoever import whoever_this_is

F = TypeVar("F", bound=Callable[..., object])

_OPTIONS: Final = (
    click.option(
        "--note", required=True, help="Why: it stands in the ledger for ever."
    ),
    click.option(
        "--reference", help="Your number for it; the same one is never moved twice."
    ),
    click.option(
        "--operator",
        default=whoever_this_is,
        envvar="SMS_CALLBACK_OPERATOR",
        show_envvar=True,
        help="Who answers for it; you, unless somebody is named.",
    ),
)


def occasion_options(command: F) -> F:
    """Let a command ask for `--note`, `--reference` and `--operator`."""
    return reduce(lambda made, option: option(made), reversed(_OPTIONS), command)


def occasion(site: Site, note: str, reference: str | None, operator: str) -> Occasion:
    """Why money is moved now. Raises ClickException for a reason that says nothing."""
    if not note.strip():
        raise click.ClickException("--note is empty: say why")
    if not operator.strip():
        raise click.ClickException("--operator is empty: say who you are")
    return Occasion(reference or uuid4().hex, note, site.now(), made_by=operator)


def amount_of(text: str) -> Micros:
    """An amount that moves something. Raises NotAnAmount, ClickException."""
    amount = money.parse(text)
    if amount == 0:
        raise click.ClickException("an amount of 0 moves nothing")
    return amount


def balance_in_words(account: Account) -> str:
    """What is on an account now."""
    return f"{account.login} has {money.plain(account.balance)} {account.currency}"
