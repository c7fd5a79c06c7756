"""`sms-callback quote`: what a call would cost, and how long it might last."""

import click

from domain import money
from domain.calls.quotes import Quote
from domain.numbers import E164, parse
from domain.tariffs.service import Price
from portal.cli.printing import Row, as_json_text, json_option, print_facts
from portal.cli.site import Site, account_of
from portal.cli.terms import terms_as_json, terms_in_words


@click.command()
@click.option("--account", "login", required=True, help="Whose money it is.")
@click.option("--to", "leg_b", required=True, help="Whom to ring, internationally.")
@click.option(
    "--from",
    "leg_a",
    help="The phone that is rung first; a registered one if not told.",
)
@click.option("--via", help="The access number that is texted, if it has own prices.")
@json_option
@click.pass_obj
def quote(
    site: Site,
    login: str,
    leg_b: str,
    leg_a: str | None,
    via: str | None,
    as_json: bool,
) -> None:
    """Say what a call costs, and how long it may last: as the caller is told."""
    with site.transaction(write=False) as services:
        account = account_of(services, login)
        own = services.accounts.numbers_of(account)
        if leg_a is None and not own:
            raise click.ClickException(f"{login} has no registered number: say --from")
        access = services.accounts.access_number(parse(via)) if via else None
        if via and access is None:
            raise click.ClickException(f"{via} is no access number of ours")
        rung = parse(leg_a) if leg_a else own[0]
        called = parse(leg_b)
        found = services.quotes.quote(
            account, rung, called, site.now(), access.id if access else None
        )
    if as_json:
        click.echo(as_json_text(_as_json(login, rung, called, found)))
    else:
        print_facts(_in_words(rung, called, found))


def _as_json(login: str, leg_a: E164, leg_b: E164, quote: Quote) -> Row:
    return {
        "account": login,
        "from": leg_a,
        "to": leg_b,
        "currency": quote.currency,
        "leg_a": _price(quote.leg_a),
        "leg_b": _price(quote.leg_b),
        "first_minute": money.plain(quote.first_minute),
        "longest": quote.longest,
    }


def _price(price: Price) -> Row:
    return {
        "prefix": price.prefix,
        "destination": price.destination,
        "rate": terms_as_json(price.rate),
    }


def _in_words(leg_a: E164, leg_b: E164, quote: Quote) -> Row:
    minutes, seconds = divmod(quote.longest, 60)
    return {
        f"leg A, {leg_a}": _told(quote.leg_a),
        f"leg B, {leg_b}": _told(quote.leg_b),
        "first minute": f"{money.plain(quote.first_minute)} {quote.currency}",
        "longest call": f"{minutes} min {seconds} s"
        if quote.longest
        else "none: the money is not enough",
    }


def _told(price: Price) -> str:
    named = (
        f"{price.destination} ({price.prefix})" if price.destination else price.prefix
    )
    return f"{named}: {terms_in_words(price.rate)}"
