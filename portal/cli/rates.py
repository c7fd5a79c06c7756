"""`sms-callback rates`: price lists, brought in, taken out and looked at."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import click

from domain.services import Services
from domain.tariffs import cells, sheet
from domain.tariffs.lists import Origin, Overtaken, Owner
from domain.tariffs.models import PriceList
from domain.tariffs.sheet import COLUMNS, BadSheet, Line, cells_of
from domain.tariffs.workbook import write_workbook
from portal.cli.changes import as_json as changes_as_json
from portal.cli.changes import first_of_each
from portal.cli.importing import bring_in, put_in_force
from portal.cli.printing import as_json_text, json_option, moment, print_rows
from portal.cli.site import WIDE, Site, account_of, plan_of
from portal.cli.whoever import whoever_this_is


@click.group()
def rates() -> None:
    """Look after price lists: each plan's, and the own prices of an account."""


_plan_option = click.option("--plan", help="The tariff plan's name.")
_account_option = click.option(
    "--account", "login", help="The login whose own prices these are."
)


@rates.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@_plan_option
@_account_option
@click.option(
    "--valid-from", help="When it begins: 2026-12-01T00:00+01:00; now if not told."
)
@click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")
@json_option
@click.pass_obj
def import_(
    site: Site,
    file: Path,
    plan: str | None,
    login: str | None,
    valid_from: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Put a new price list in force: FILE, a CSV or a workbook (.xlsx).

    Its first line names its columns: prefix and per_minute are needed; destination,
    setup, first_block, step, free_seconds, minimum_charge, minimum_seconds,
    valid_from, valid_to and band (mon-fri 08:00-18:00) may be there. Every line is
    taken, or none is.
    """
    now = site.now()
    begins = _beginning(valid_from, now)
    with site.transaction(write=False) as services:
        owner = _owner(services, plan, login)
    try:
        done = bring_in(
            site.transactions,
            file,
            owner,
            Origin(now, file.name, whoever_this_is()),
            beginning=lambda: max(begins, site.now()),
            dry_run=dry_run,
        )
    except Overtaken as error:
        raise click.ClickException(f"{error}; nothing was done") from error
    except (OSError, BadSheet) as error:
        raise unreadable(file, error) from error
    if as_json:
        click.echo(as_json_text(changes_as_json(done, dry_run=dry_run)))
        return
    told = "would be in force" if dry_run else "are in force"
    since = f" from {moment(done.valid_from)}" if valid_from else ""
    click.echo(f"{done.rates} rates {told}{since}: {done.changes}")
    for sentence in first_of_each(done.changes):
        click.echo(f"  {sentence}")


@rates.command()
@_plan_option
@_account_option
@click.option("--csv", "csv_file", type=click.Path(path_type=Path))
@click.option("--xlsx", "xlsx_file", type=click.Path(path_type=Path))
@click.pass_obj
def export(
    site: Site,
    plan: str | None,
    login: str | None,
    csv_file: Path | None,
    xlsx_file: Path | None,
) -> None:
    """Write the price list in force as CSV, to stdout if no file is named.

    What is written can be imported again.
    """
    with site.transaction(write=False) as services:
        lists = services.tariffs.lists
        found = lists.in_force(_owner(services, plan, login), site.now())
        if found is None:
            raise click.ClickException("no price list is in force")
        lines = lists.lines(found)
        if xlsx_file:
            write_workbook(xlsx_file, lines)
        else:
            with click.open_file(str(csv_file or "-"), "w", encoding="utf-8") as text:
                text.writelines(_as_csv(lines))
    if csv_file or xlsx_file:
        click.echo(f"{found.rows} rates are in {csv_file or xlsx_file}")


@rates.command()
@_plan_option
@_account_option
@json_option
@click.pass_obj
def lists(site: Site, plan: str | None, login: str | None, as_json: bool) -> None:
    """List a plan's price lists, or an account's, the newest first."""
    with site.transaction(write=False) as services:
        owner = _owner(services, plan, login)
        now = site.now()
        in_force = services.tariffs.lists.in_force(owner, now)
        rows = [
            {
                "id": each.id,
                "state": "in force" if each is in_force else _state(each, now),
                "valid_from": moment(each.valid_from),
                "rates": each.rows,
                "source": each.source,
                "operator": each.operator,
                "imported_at": moment(each.imported_at),
            }
            for each in services.tariffs.lists.of(owner)
        ]
    print_rows(rows, as_json=as_json, nothing="there are no price lists yet")


@rates.command()
@click.argument("list_id", metavar="LIST", type=WIDE)
@_plan_option
@_account_option
@click.pass_obj
def withdraw(site: Site, list_id: int, plan: str | None, login: str | None) -> None:
    """Give up LIST, a price list that has not begun; `rates lists` tells its number."""
    with site.transaction() as services:
        owner = _owner(services, plan, login)
        if not services.tariffs.lists.withdraw(owner, list_id, site.now()):
            raise click.ClickException(
                f"{list_id} is no list of theirs that is to come"
            )
    click.echo(f"list {list_id} will not come into force")


@rates.command()
@click.option("--account", "login", required=True, help="Whose own prices end.")
@click.pass_obj
def clear(site: Site, login: str) -> None:
    """End the own prices of an account now; its plan's hold again.

    A list of the account that begins later still comes into force: withdraw it.
    """
    now = site.now()
    with site.transaction(write=False) as services:
        owner = _owner(services, None, login)
    origin = Origin(now, operator=whoever_this_is())
    since = put_in_force(site.transactions, iter(()), owner, origin, site.now)
    with site.transaction(write=False) as services:
        later = services.tariffs.lists.next(owner, since)
        until = f", until {moment(later.valid_from)}" if later else ""
    click.echo(f"{login} pays the prices of its plan{until}")


def _state(price_list: PriceList, now: datetime) -> str:
    """How far a list that is not in force has come."""
    if price_list.valid_from is None:
        return price_list.state.value
    return "to come" if price_list.valid_from > now else "over"


def read_small(file: Path) -> list[Line]:
    """The lines of a small CSV, or a ClickException that names each bad one."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            return sheet.read(text)
    except (OSError, BadSheet) as error:
        raise unreadable(file, error) from error


def unreadable(file: Path, error: OSError | BadSheet) -> click.ClickException:
    """What is said of a file that could not be taken."""
    if isinstance(error, OSError):
        return click.ClickException(f"{file}: {error.strerror or error}")
    faults = [f"  {fault}" for fault in error.faults]
    return click.ClickException("\n".join([f"{file} is refused whole:", *faults]))


def _owner(services: Services, plan: str | None, login: str | None) -> Owner:
    if (plan is None) == (login is None):
        raise click.UsageError("name --plan or --account, one of them")
    if login is not None:
        return Owner(account_id=account_of(services, login).id)
    return Owner(plan_id=plan_of(services, str(plan)).id)


def _beginning(text: str | None, now: datetime) -> datetime:
    if text is None:
        return now
    try:
        begins = cells.moment("--valid-from", text)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    if begins is None:
        raise click.ClickException("--valid-from is empty")
    if begins < now:
        raise click.ClickException(f"{text} has passed: calls were priced since then")
    return begins


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        """The text itself."""
        return text


def _as_csv(lines: Iterable[Line]) -> Iterator[str]:
    rows = csv.writer(_Echo(), lineterminator="\n")
    yield rows.writerow(COLUMNS)
    for line in lines:
        yield rows.writerow(cells_of(line))
