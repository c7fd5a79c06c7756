"""`sms-callback demo`: a small world to try things in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import click

from domain import money
from domain.accounts.models import Account
from domain.accounts.service import NewAccount
from domain.errors import UnknownEntry
from domain.ledger.models import Kind
from domain.numbers import E164
from domain.services import Services
from domain.tariffs.models import Plan
from domain.tariffs.sheet import Line
from portal.cli.rates import read_small
from portal.cli.site import Site

PLAN: Final = "demo"
CURRENCY: Final = "USD"
LOGIN: Final = "callback"
PASSWORD: Final = "pass"  # noqa: S105 - everybody is told it
NUMBER: Final = E164("+48600316058")
ACCESS_NUMBER: Final = E164("+48221000000")
BALANCE: Final = 10 * money.UNIT
PHONEBOOK: Final = (
    (1, "office", E164("+48774417880")),
    (2, "home", E164("+48221234567")),
)


@dataclass(frozen=True, slots=True)
class Seeded:
    """What the demo's account has now."""

    login: str
    number: str
    balance: str


@click.group()
def demo() -> None:
    """Fill a database with something to try."""


@demo.command("seed")
@click.pass_obj
def seed_(site: Site) -> None:
    """Make the demo's plan, account, numbers and phonebook, where they are missing."""
    seeded = seed(site)
    click.echo(f"{seeded.login} has {seeded.number} and {seeded.balance}")


def seed(site: Site) -> Seeded:
    """The same for other commands; what is there already stays as it is."""
    lines = read_small(site.folder / "config" / "demo-rates.csv")
    now = site.now()
    with site.transaction() as services:
        plan = _plan(services, lines, now)
        if services.accounts.access_number(ACCESS_NUMBER) is None:
            services.accounts.open_access_number(
                ACCESS_NUMBER, carrier="generic", country="PL", language="en"
            )
        account = services.accounts.by_login(LOGIN) or _account(services, plan, now)
        _write_phonebook(services, account)
        return Seeded(
            LOGIN,
            " ".join(services.accounts.numbers_of(account)),
            f"{money.plain(account.balance)} {account.currency}",
        )


def _plan(services: Services, lines: list[Line], now: datetime) -> Plan:
    plan = services.tariffs.by_name(PLAN)
    if plan is None:
        plan = services.tariffs.create(PLAN, CURRENCY)
        services.tariffs.replace(plan, lines, now)
    return plan


def _account(services: Services, plan: Plan, now: datetime) -> Account:
    new = NewAccount(LOGIN, PASSWORD, plan.id, CURRENCY, language="en")
    account = services.accounts.create(new, now)
    services.accounts.register(account, NUMBER, now)
    services.ledger.post(
        account.id, Kind.TOP_UP, BALANCE, reference="demo", now=now, note="to try it"
    )
    return account


def _write_phonebook(services: Services, account: Account) -> None:
    for position, name, number in PHONEBOOK:
        try:
            services.phonebook.at(account, position)
        except UnknownEntry:
            services.phonebook.add(account, name, number, position)
