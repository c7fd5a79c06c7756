"""`sms-callback`: what operators do at a terminal."""

from pathlib import Path

import click
from sqlalchemy.exc import (
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
)

from domain.errors import Refusal
from domain.messages import replies
from domain.money import NotAnAmount
from domain.settings import BadSettings
from portal.cli.accounts import accounts
from portal.cli.calls import calls
from portal.cli.cards import cards
from portal.cli.demo import demo
from portal.cli.doctor import doctor
from portal.cli.gateways import gateways
from portal.cli.ledger import ledger
from portal.cli.messages import sms
from portal.cli.numbers import access, numbers
from portal.cli.preferences import set_account
from portal.cli.quoting import quote
from portal.cli.rates import rates
from portal.cli.routes import routes
from portal.cli.running import run
from portal.cli.site import Site
from portal.cli.sounds import sounds
from portal.cli.tariffs import plans
from portal.cli.vouchers import vouchers


class Commands(click.Group):
    """Tells every expected trouble in a sentence, and ends with status 1."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; whatever else is raised is a bug and shows itself."""
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            raise click.ClickException(_in_words(refusal)) from refusal
        except (BadSettings, NotAnAmount) as error:
            raise click.ClickException(str(error)) from error
        except IntegrityError as error:
            raise click.ClickException(
                "somebody else has just written the same; nothing was done"
            ) from error
        except (InterfaceError, OperationalError, ProgrammingError) as error:
            # The driver's own words; never the statement, which holds the customer's.
            raise click.ClickException(
                f"the database cannot do that: {error.orig}; see `sms-callback doctor`"
            ) from error


@click.group(cls=Commands)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    default="development.ini",
    envvar="SMS_CALLBACK_CONFIG",
    show_default=True,
    show_envvar=True,
    help="The file of settings.",
)
@click.pass_context
def main(context: click.Context, config: Path) -> None:
    """Run an SMS callback service: accounts, numbers, prices, calls, messages."""
    site = Site(config)
    context.obj = site
    context.call_on_close(site.close)


accounts.add_command(cards)
accounts.add_command(set_account)
for _command in (
    accounts,
    numbers,
    access,
    plans,
    rates,
    quote,
    gateways,
    routes,
    ledger,
    vouchers,
    calls,
    sms,
    sounds,
    doctor,
    demo,
    run,
):
    main.add_command(_command)


def _in_words(refusal: Refusal) -> str:
    if refusal.code in replies.TEXTS:
        return replies.text(refusal.code, "en", refusal.details)
    return str(refusal)
