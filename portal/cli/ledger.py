"""`sms-callback ledger`: what moved, giving it back, and proof that it is right."""

import sys

import click
from sqlalchemy.exc import NoResultFound

from domain import money
from domain.ledger.models import Entry
from portal.cli.moving import (
    amount_of,
    balance_in_words,
    occasion,
    occasion_options,
)
from portal.cli.printing import (
    Row,
    as_json_text,
    json_option,
    moment,
    print_rows,
)
from portal.cli.site import WIDE, Site, account_of


@click.group()
def ledger() -> None:
    """Look at the ledger, refund an entry, prove that the books are right."""


@ledger.command("list")
@click.argument("login")
@click.option("--limit", type=WIDE, default=50, show_default=True)
@json_option
@click.pass_obj
def list_(site: Site, login: str, limit: int, as_json: bool) -> None:
    """List what moved LOGIN's balance, the newest first."""
    with site.transaction(write=False) as services:
        account = account_of(services, login)
        rows = [_row(entry) for entry in services.ledger.entries(account, limit)]
    print_rows(rows, as_json=as_json, nothing="no money has moved yet")


@ledger.command()
@click.argument("entry_id", metavar="ENTRY", type=WIDE)
@click.option("--amount", help="How much of it; all that is left, if it is not named.")
@occasion_options
@click.pass_obj
def refund(
    site: Site,
    entry_id: int,
    amount: str | None,
    note: str,
    reference: str | None,
    operator: str,
) -> None:
    """Give ENTRY back: a charge to the account, a payment out of it."""
    micros = None if amount is None else amount_of(amount)
    why = occasion(site, note, reference, operator)
    with site.transaction() as services:
        try:
            account = services.cashier.refund(entry_id, micros, why)
        except NoResultFound as error:
            raise click.ClickException(f"there is no entry {entry_id}") from error
        left = balance_in_words(account)
    click.echo(left)


@ledger.command()
@json_option
@click.pass_obj
def audit(site: Site, as_json: bool) -> None:
    """Prove that every account, hold and leg is right; status 1 if one is not."""
    with site.transaction(write=False) as services:
        faults = services.audit.faults()
    if as_json:
        click.echo(as_json_text(faults))
    else:
        for law, broken in faults.items():
            click.echo(f"{'ok     ' if not broken else 'BROKEN '} {law}")
            for sentence in broken:
                click.echo(f"          {sentence}")
    if any(faults.values()):
        sys.exit(1)


def _row(entry: Entry) -> Row:
    return {
        "id": entry.id,
        "made_at": moment(entry.made_at),
        "kind": entry.kind.value,
        "amount": money.plain(entry.amount),
        "reference": entry.reference,
        "note": entry.note,
        "operator": entry.made_by,
        "refunds": entry.refunds_id,
    }
