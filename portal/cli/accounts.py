"""`sms-callback accounts`: callback clients and their money."""

import os
import re
import sys
from typing import Final

import click

from domain import money
from domain.accounts.models import Account
from domain.accounts.passwords import SHORTEST
from domain.accounts.service import NewAccount
from domain.languages import LANGUAGES
from domain.services import Services
from portal.cli.moving import (
    amount_of,
    balance_in_words,
    occasion,
    occasion_options,
)
from portal.cli.printing import as_json_text, json_option, print_facts, print_rows
from portal.cli.site import Site, account_of, plan_of

_PASSWORD_VARIABLE: Final = "SMS_CALLBACK_PASSWORD"  # noqa: S105 - a variable's name
_ONE_WORD: Final = re.compile(r"[^\s,;]+")
"""What the SMS `U.login P.password` can carry."""


@click.group()
def accounts() -> None:
    """Open accounts, look at them, credit them."""


@accounts.command()
@click.argument("login")
@click.option("--plan", required=True, help="The tariff plan's name.")
@click.option("--currency", help="As the plan's, if it is not named.")
@click.option("--language", type=click.Choice(LANGUAGES))
@click.option(
    "--numbers",
    type=click.IntRange(1, 10_000),
    default=1,
    show_default=True,
    help="How many numbers it may register.",
)
@click.option("--password-stdin", is_flag=True, help="Read the password from stdin.")
@click.pass_obj
def create(
    site: Site,
    login: str,
    plan: str,
    currency: str | None,
    language: str | None,
    numbers: int,
    password_stdin: bool,
) -> None:
    """Open an account for LOGIN.

    The password comes from stdin, from SMS_CALLBACK_PASSWORD or from a prompt.
    """
    if not _ONE_WORD.fullmatch(login):
        raise click.ClickException("a login is one word, without commas")
    with site.transaction(write=False) as services:
        terms = _terms(services, login, plan, currency)
    password = _password(from_stdin=password_stdin)
    with site.transaction() as services:
        new = NewAccount(login, password, *terms, language, numbers)
        services.accounts.create(new, site.now())
    click.echo(f"{login} has an account on the plan {plan} in {terms[1]}")


@accounts.command("list")
@json_option
@click.pass_obj
def list_(site: Site, as_json: bool) -> None:
    """List every account."""
    with site.transaction(write=False) as services:
        rows = [_row(services, account) for account in services.accounts.all()]
    print_rows(rows, as_json=as_json, nothing="there are no accounts yet")


@accounts.command()
@click.argument("login")
@json_option
@click.pass_obj
def show(site: Site, login: str, as_json: bool) -> None:
    """Show LOGIN's balance, numbers and holds."""
    with site.transaction(write=False) as services:
        account = account_of(services, login)
        holds = [
            {"session": hold.session_id, "amount": money.plain(hold.amount)}
            for hold in services.ledger.open_holds()
            if hold.account_id == account.id
        ]
        told = _row(services, account)
    if as_json:
        click.echo(as_json_text({**told, "holds": holds}))
    else:
        held = [f"{each['amount']} for session {each['session']}" for each in holds]
        print_facts({**told, "holds": ", ".join(held) or "none"})


@accounts.command(context_settings={"ignore_unknown_options": True})
@click.argument("login")
@click.argument("amount")
@occasion_options
@click.pass_obj
def credit(
    site: Site, login: str, amount: str, note: str, reference: str | None, operator: str
) -> None:
    """Add AMOUNT, such as 12.30, that was paid in, to LOGIN's balance.

    A negative amount takes money back, no more than the account has available.
    """
    micros = amount_of(amount)
    why = occasion(site, note, reference, operator)
    with site.transaction() as services:
        account = account_of(services, login)
        move = services.cashier.top_up if micros > 0 else services.cashier.adjust
        left = balance_in_words(move(account, micros, why))
    click.echo(left)


@accounts.command(context_settings={"ignore_unknown_options": True})
@click.argument("login")
@click.argument("amount")
@occasion_options
@click.pass_obj
def adjust(
    site: Site, login: str, amount: str, note: str, reference: str | None, operator: str
) -> None:
    """Put a mistake in LOGIN's ledger right by AMOUNT, such as 1.20 or -0.30."""
    micros = amount_of(amount)
    why = occasion(site, note, reference, operator)
    with site.transaction() as services:
        account = services.cashier.adjust(account_of(services, login), micros, why)
        left = balance_in_words(account)
    click.echo(left)


@accounts.command()
@click.argument("giver", metavar="FROM")
@click.argument("taker", metavar="TO")
@click.argument("amount")
@occasion_options
@click.pass_obj
def transfer(
    site: Site,
    giver: str,
    taker: str,
    amount: str,
    note: str,
    reference: str | None,
    operator: str,
) -> None:
    """Carry AMOUNT from one login's balance to another's of the same currency."""
    micros = amount_of(amount)
    if micros < 0 or giver == taker:
        raise click.ClickException("a transfer carries money from one to another")
    why = occasion(site, note, reference, operator)
    with site.transaction() as services:
        both = account_of(services, giver), account_of(services, taker)
        services.cashier.transfer(*both, micros, why)
        left = "\n".join(balance_in_words(account) for account in both)
    click.echo(left)


def _terms(
    services: Services, login: str, plan_name: str, currency: str | None
) -> tuple[int, str]:
    """The plan's id and the currency, if such an account may be opened."""
    if services.accounts.by_login(login):
        raise click.ClickException(f"the login {login!r} is taken")
    plan = plan_of(services, plan_name)
    if currency and currency != plan.currency:
        raise click.ClickException(
            f"the plan {plan_name} is in {plan.currency}, not in {currency}"
        )
    return plan.id, plan.currency


def _password(*, from_stdin: bool) -> str:
    """Never an argument: those can be read by everybody on the machine."""
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    elif _PASSWORD_VARIABLE in os.environ:
        password = os.environ[_PASSWORD_VARIABLE]
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    if len(password) < SHORTEST or not _ONE_WORD.fullmatch(password):
        raise click.ClickException(
            f"a password is one word of {SHORTEST} letters or more, without commas"
        )
    return password


def _row(services: Services, account: Account) -> dict[str, object]:
    return {
        "login": account.login,
        "status": account.status.value,
        "plan": services.tariffs.plan(account.plan_id).name,
        "currency": account.currency,
        "balance": money.plain(account.balance),
        "available": money.plain(services.ledger.available(account)),
        "language": account.language,
        "numbers": services.accounts.numbers_of(account),
    }
