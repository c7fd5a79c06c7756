"""`sms-callback vouchers`: batches of PINs, from the printer to the waste bin."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

import click
from babel.numbers import list_currencies

from domain import money
from domain.services import Services
from domain.vouchers import serials
from domain.vouchers.batches import NewBatch
from domain.vouchers.models import Batch, State, Voucher
from domain.vouchers.pins import LONGEST, SHORTEST
from domain.vouchers.serials import NotASerial, Serial, Span
from portal.cli import pin_sheet
from portal.cli.printing import (
    as_json_text,
    json_option,
    moment,
    print_facts,
    print_rows,
)
from portal.cli.site import Site
from portal.cli.whoever import whoever_this_is

MOST: Final = 50_000
"""Vouchers of one batch: nobody else writes into SQLite while they are made."""


@click.group()
def vouchers() -> None:
    """Make vouchers, hand them out, take them back."""


@vouchers.command()
@click.option("--name", required=True, help="What the batch is called; no other is.")
@click.option("--count", required=True, type=click.IntRange(1, MOST))
@click.option("--value", required=True, help="What each is worth, such as 10.00.")
@click.option("--currency", required=True, help="ISO 4217, such as USD.")
@click.option(
    "--length",
    type=click.IntRange(SHORTEST, LONGEST),
    default=SHORTEST,
    show_default=True,
    help="Digits of a PIN.",
)
@click.option(
    "--expires",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The last day (UTC) on which they are taken.",
)
@click.option("--operator", default=whoever_this_is, help="Who makes them; else you.")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="A new file for its owner only; else the PINs are printed.",
)
@click.pass_obj
def generate(
    site: Site,
    name: str,
    count: int,
    value: str,
    currency: str,
    length: int,
    expires: datetime | None,
    operator: str,
    output: Path | None,
) -> None:
    """Make a batch and tell its PINs, now and never again.

    A CSV of serial, pin, value, currency, expires. The vouchers are worth nothing
    until they are activated.
    """
    if not site.pin_keys.ids:
        raise click.ClickException(
            "vouchers are not set up: put id:secret into PORTAL_VOUCHERS_KEYS"
        )
    last_day = expires.date() if expires else None
    new = NewBatch(
        name.strip(), _value(value), currency, count, operator, length, last_day
    )
    _judge(new, site.now())
    with pin_sheet.opened(output) as sheet, site.transaction() as services:
        if services.vouchers.batch(new.name):
            raise click.ClickException(f"there is a batch called {new.name!r} already")
        made = services.vouchers.generate(new, site.now())
        # On paper before they exist: a full disk makes no vouchers.
        pin_sheet.write(sheet, new, made)
    told = f"{new.name} has {count} vouchers, {made[0].serial} to {made[-1].serial}"
    click.echo(f"{told}, not active yet", err=output is None)


def _which(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say which vouchers are meant."""
    options = (
        click.option("--batch", help="The whole batch of that name."),
        click.option("--from", "first", help="A serial, such as 7-000001."),
        click.option("--to", "last", help="The last serial; else --from alone."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@vouchers.command()
@_which
@click.pass_obj
def activate(
    site: Site, batch: str | None, first: str | None, last: str | None
) -> None:
    """Let new vouchers be redeemed: a batch, or a range of serials."""
    with site.transaction() as services:
        span = _span(services, batch, first, last)
        count = services.vouchers.activate(span, site.now())
    click.echo(f"{count} vouchers were new and are active now")


@vouchers.command()
@_which
@click.pass_obj
def void(site: Site, batch: str | None, first: str | None, last: str | None) -> None:
    """Take back vouchers that nobody has redeemed: a batch, or a range of serials."""
    with site.transaction() as services:
        span = _span(services, batch, first, last)
        count = services.vouchers.void(span, site.now())
    click.echo(f"{count} vouchers were not redeemed and are void now")


@vouchers.command("list")
@json_option
@click.pass_obj
def list_(site: Site, as_json: bool) -> None:
    """List the batches, and how many vouchers of each are in which state."""
    with site.transaction(write=False) as services:
        counts = services.vouchers.counts(site.now())
        rows = [
            {
                **_terms(batch),
                "count": batch.size,
                "serials": f"{Serial(batch.id, 1)}..{Serial(batch.id, batch.size)}",
                "made_by": batch.made_by,
                "made_at": moment(batch.made_at),
                **{state.value: counts[batch.id][state] for state in State},
            }
            for batch in services.vouchers.batches()
        ]
    print_rows(rows, as_json=as_json, nothing="there are no vouchers yet")


@vouchers.command()
@click.argument("serial")
@json_option
@click.pass_obj
def show(site: Site, serial: str, as_json: bool) -> None:
    """Show the voucher SERIAL: its state, who redeemed it and when. Never its PIN."""
    with site.transaction(write=False) as services:
        voucher = _voucher(services, serial)
        told = {
            "serial": str(voucher.serial),
            **_terms(voucher.batch),
            "state": voucher.state_on(site.now().date()).value,
            "since": moment(voucher.changed_at),
            "redeemed_by": voucher.account.login if voucher.account else None,
            "key": voucher.key_id,
        }
    if as_json:
        click.echo(as_json_text(told))
    else:
        print_facts(told)


def _terms(batch: Batch) -> dict[str, object]:
    return {
        "batch": batch.name,
        "value": money.plain(batch.value),
        "currency": batch.currency,
        "expires": batch.expires_on.isoformat() if batch.expires_on else None,
    }


def _value(written: str) -> money.Micros:
    value = money.parse(written)
    if value <= 0:
        raise click.ClickException("a voucher is worth more than 0")
    return value


def _judge(new: NewBatch, now: datetime) -> None:
    if not new.name:
        raise click.ClickException("--name is empty: what is the batch called?")
    if new.currency not in list_currencies():
        raise click.ClickException(f"{new.currency!r} is no currency such as USD")
    if new.expires_on and new.expires_on < now.date():
        raise click.ClickException(f"{new.expires_on} is over already")


def _span(
    services: Services, batch: str | None, first: str | None, last: str | None
) -> Span:
    if (batch is None) == (first is None) or (last is not None and first is None):
        raise click.ClickException("say --batch NAME, or --from SERIAL --to SERIAL")
    if batch is not None:
        found = services.vouchers.batch(batch)
        if found is None:
            raise click.ClickException(f"no batch is called {batch!r}")
        return Span(found.id, 1, found.size)
    begin = _voucher(services, str(first))
    end = _voucher(services, last) if last is not None else begin
    if begin.batch_id != end.batch_id or begin.number > end.number:
        raise click.ClickException(f"{first} to {last} is no range of one batch")
    return Span(begin.batch_id, begin.number, end.number)


def _voucher(services: Services, written: str) -> Voucher:
    try:
        voucher = services.vouchers.find(serials.read(written))
    except NotASerial as error:
        raise click.ClickException(str(error)) from error
    if voucher is None:
        raise click.ClickException(f"there is no voucher {written}")
    return voucher
