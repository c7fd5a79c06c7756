"""`sms-callback accounts set`: what an account may do, and how its calls begin."""

import re
from collections.abc import Callable, Mapping
from typing import Final

import click

from domain import money
from domain.accounts.models import Account, Status
from domain.languages import LANGUAGES
from portal.cli.printing import print_facts
from portal.cli.site import Site, account_of

NONE: Final = "none"
_CONFIRMATION: Final = {"first": None, "always": True, "never": False}
_WHOLE: Final = re.compile(r"[1-9][0-9]{0,5}")
_STATUSES: Final = [status.value for status in Status]


def _seconds(text: str) -> int | None:
    if text == NONE:
        return None
    if not _WHOLE.fullmatch(text):
        wanted = "a whole number of seconds from 1 to 999999, or none"
        raise click.ClickException(f"{text!r} is not {wanted}")
    return int(text)


def _spend(text: str) -> int | None:
    limit = None if text == NONE else money.parse(text)
    if limit is not None and limit < 0:
        raise click.ClickException("--daily-spend is below 0")
    return limit


_WISHES: Final[Mapping[str, Callable[[str], object]]] = {
    "status": Status,
    "language": lambda code: None if code == NONE else code,
    "confirms_leg_a": _CONFIRMATION.__getitem__,
    "longest_call": _seconds,
    "daily_spend": _spend,
}
"""How what is asked for by text becomes what an account keeps; all else stays."""


@click.command("set")
@click.argument("login")
@click.option("--status", type=click.Choice(_STATUSES))
@click.option("--language", type=click.Choice([*LANGUAGES, NONE]))
@click.option(
    "--confirm",
    "confirms_leg_a",
    type=click.Choice(list(_CONFIRMATION)),
    help="Press 1 first: the first time a number is rung, always or never.",
)
@click.option(
    "--announce-balance/--no-announce-balance", "announces_balance", default=None
)
@click.option(
    "--announce-duration/--no-announce-duration", "announces_duration", default=None
)
@click.option("--numbers", "numbers_allowed", type=click.IntRange(1, 10_000))
@click.option("--calls-at-once", type=click.IntRange(1, 10_000))
@click.option("--longest-call", help="Seconds that one call may last, or none.")
@click.option("--daily-spend", help="What may be spent in 24 hours, or none.")
@click.pass_obj
def set_account(site: Site, /, login: str, **wishes: object) -> None:
    """Change what LOGIN may do and how its calls begin; show what holds now."""
    with site.transaction() as services:
        account = services.accounts.locked(account_of(services, login).id)
        for name, wish in wishes.items():
            if wish is not None:
                made = _WISHES[name](str(wish)) if name in _WISHES else wish
                setattr(account, name, made)
        facts = preferences_of(account)
    print_facts(facts)


def preferences_of(account: Account) -> dict[str, object]:
    """What an account may do and how its calls begin, to be told."""
    words = {meaning: word for word, meaning in _CONFIRMATION.items()}
    spend = account.daily_spend
    return {
        "login": account.login,
        "status": account.status.value,
        "language": account.language or NONE,
        "confirm": words[account.confirms_leg_a],
        "announce balance": "yes" if account.announces_balance else "no",
        "announce duration": "yes" if account.announces_duration else "no",
        "numbers": account.numbers_allowed,
        "calls at once": account.calls_at_once,
        "longest call": account.longest_call or NONE,
        "daily spend": NONE if spend is None else money.plain(spend),
    }
