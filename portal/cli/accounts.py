"""`sms-callback accounts`: callback clients and their money."""

import os
import re
import sys
from typing import Final
from uuid import uuid4

import click

from domain import money
from domain.accounts.models import Account
from domain.accounts.passwords import SHORTEST
from domain.accounts.service import NewAccount
from domain.languages import LANGUAGES
from domain.ledger.models import Kind
from domain.services import Services
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
    type=click.IntRange(min=1),
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
@click.option("--note", required=True, help="Why: it stands in the ledger for ever.")
@click.option(
    "--reference", help="Your number for it; the same one is never credited twice."
)
@click.pass_obj
def credit(
    site: Site, login: str, amount: str, note: str, reference: str | None
) -> None:
    """Add AMOUNT, such as 12.30, to LOGIN's balance.

    A negative amount takes money back, no more than the account has available.
    """
    micros = money.parse(amount)
    if micros == 0:
        raise click.ClickException("an amount of 0 moves nothing")
    if not note.strip():
        raise click.ClickException("--note is empty: say why")
    with site.transaction() as services:
        account = services.accounts.locked(account_of(services, login).id)
        available = services.ledger.available(account)
        if micros < 0 and -micros > available:
            left = f"{money.plain(available)} {account.currency}"
            raise click.ClickException(f"{login} has only {left} available")
        kind = Kind.TOP_UP if micros > 0 else Kind.ADJUSTMENT
        if not services.ledger.post(
            account.id,
            kind,
            micros,
            reference=reference or uuid4().hex,
            now=site.now(),
            note=note,
        ):
            raise click.ClickException(f"{reference} was credited already")
        balance = f"{money.plain(account.balance)} {account.currency}"
    click.echo(f"{login} has {balance}")


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
