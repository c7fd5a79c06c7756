"""`sms-callback calls`: what was called, and why it cost that."""

import click

from domain import money
from domain.calls.explaining import leg_in_words, why_this_price
from domain.calls.models import CallSession, Leg
from domain.languages import chosen
from domain.tariffs.rating import whole_seconds
from portal.causes import cause_said
from portal.cli.printing import Row, as_json_text, json_option, moment, print_rows
from portal.cli.site import WIDE, Site, account_of
from portal.cli.terms import terms_as_json


@click.group()
def calls() -> None:
    """Look at calls."""


@calls.command("list")
@click.option("--account", "login", help="Only those of this login.")
@click.option("--limit", type=WIDE, default=50, show_default=True)
@json_option
@click.pass_obj
def list_(site: Site, login: str | None, limit: int, as_json: bool) -> None:
    """List sessions, the newest first."""
    with site.transaction(write=False) as services:
        account = account_of(services, login) if login else None
        rows = [_row(each) for each in services.history.sessions(account, limit)]
    print_rows(rows, as_json=as_json, nothing="there were no calls yet")


@calls.command()
@click.argument("session_id", metavar="ID", type=WIDE)
@json_option
@click.pass_obj
def show(site: Site, session_id: int, as_json: bool) -> None:
    """Show the session ID: each leg, its rate, and the price that came of it."""
    with site.transaction(write=False) as services:
        session = services.history.session(session_id)
        if session is None:
            raise click.ClickException(f"there is no session {session_id}")
        currency = session.account.currency
        language = chosen(session.account.language, session.language)
        legs = [_leg(leg, currency, language) for leg in session.legs]
        told = {**_row(session), "legs": legs}
        sentences = [_sentence(leg, currency, language) for leg in session.legs]
    if as_json:
        click.echo(as_json_text(told))
        return
    click.echo(f"session {session_id} of {told['account']}, began {told['began_at']}")
    for sentence in sentences:
        click.echo(f"  {sentence}")
    click.echo(f"in all {told['price']} {currency}")


def _row(session: CallSession) -> dict[str, object]:
    return {
        "id": session.id,
        "account": session.account.login,
        "began_at": moment(session.began_at),
        "ended_at": moment(session.ended_at),
        "language": session.language,
        "numbers": [leg.number for leg in session.legs],
        "price": money.plain(sum(leg.price for leg in session.legs)),
        "currency": session.account.currency,
    }


def _leg(leg: Leg, currency: str, language: str) -> Row:
    return {
        "side": leg.side.value,
        "number": leg.number,
        "uuid": leg.uuid,
        "gateway": leg.gateway,
        "prefix": leg.prefix,
        "destination": leg.destination,
        "made_at": moment(leg.made_at),
        "answered_at": moment(leg.answered_at),
        "ended_at": moment(leg.ended_at),
        "cause": leg.cause,
        "answered_us": leg.answered_us,
        "answered_seconds": whole_seconds(leg.answered_us),
        "billed_seconds": leg.billed_seconds,
        "charge": leg.charge.value,
        "rate": terms_as_json(leg.terms),
        "price": money.plain(leg.price),
        "why": why_this_price(leg, currency, language),
    }


def _sentence(leg: Leg, currency: str, language: str) -> str:
    """Why the leg cost that and how it ended, in the account's language."""
    told = f"{leg_in_words(leg, language)}: {why_this_price(leg, currency, language)}"
    if leg.cause is None:
        return told
    return f"{told}. {cause_said(leg.cause, language, answered=bool(leg.answered_us))}"
