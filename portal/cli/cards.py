"""`sms-callback accounts card`: by what an account is known on the line."""

import click

from domain.accounts.models import Account, Card
from domain.services import Services
from portal.cli.site import Site, account_of


@click.group("card")
def cards() -> None:
    """Issue calling cards: digits and a PIN, keyed by who rings an access number."""


@cards.command()
@click.argument("login")
@click.pass_obj
def issue(site: Site, login: str) -> None:
    """Give LOGIN's account a card. Its PIN is printed now, and never again."""
    with site.transaction() as services:
        account = account_of(services, login)
        if services.cards.of(account):
            raise click.ClickException(
                f"{login} has a card already: renew its PIN, or withdraw it"
            )
        new = services.cards.issue(account, site.now())
    click.echo(f"card {new.login} PIN {new.pin}")


@cards.command()
@click.argument("login")
@click.pass_obj
def renew(site: Site, login: str) -> None:
    """Draw a new PIN for LOGIN's card; the old one opens nothing any more."""
    with site.transaction() as services:
        _, card = _card_of(services, login)
        new = services.cards.renew(card)
    click.echo(f"card {new.login} PIN {new.pin}")


@cards.command()
@click.argument("login")
@click.pass_obj
def withdraw(site: Site, login: str) -> None:
    """Take LOGIN's card back: nobody comes onto the line by it any more."""
    with site.transaction() as services:
        account, card = _card_of(services, login)
        digits = card.login
        services.cards.withdraw(account)
    click.echo(f"card {digits} of {login} is withdrawn")


@cards.command()
@click.argument("login")
@click.pass_obj
def show(site: Site, login: str) -> None:
    """Tell the digits of LOGIN's card; its PIN is known to nobody but its owner."""
    with site.transaction(write=False) as services:
        _, card = _card_of(services, login)
        told = f"card {card.login}, issued {card.issued_at:%Y-%m-%d}"
    click.echo(told)


def _card_of(services: Services, login: str) -> tuple[Account, Card]:
    account = account_of(services, login)
    card = services.cards.of(account)
    if card is None:
        raise click.ClickException(f"{login} has no card: issue one")
    return account, card
