"""`sms-callback sms list|show|dead|replay|resend`: messages that went wrong."""

from collections.abc import Sequence
from typing import Final

import click
from sqlalchemy.exc import NoResultFound

from domain.errors import UnknownSender, WrongLogin
from domain.messages.log import CannotReplay
from domain.messages.models import InboundSms, OutboundSms
from domain.messages.service import NOT_ANSWERABLE, UNKNOWN_ACCESS_NUMBER
from portal.carriers.base import OutgoingSms
from portal.carriers.door import take
from portal.cli.printing import (
    as_json_text,
    json_option,
    moment,
    print_facts,
    print_rows,
)
from portal.cli.site import WIDE, Site

_limit = click.option("--limit", type=WIDE, default=50, show_default=True)
_SILENT: Final = {
    UNKNOWN_ACCESS_NUMBER: "it came to a number that is not among our access numbers",
    NOT_ANSWERABLE: "nobody answers such a sender, or such a word",
    UnknownSender.code: "its sender is registered by no account",
    WrongLogin.code: "its sender is registered by no account",
}
_TOLD_ENOUGH: Final = (
    "its sender was told enough for now, or its access number sends no messages"
)
_id = click.argument("message_id", metavar="ID", type=WIDE)


@click.command("list")
@click.option("--sender", help="Only those from this number: +48600316058.")
@click.option("--outcome", help="Only those that came to this: not_understood.")
@click.option("--unworked", is_flag=True, help="Only those nobody has worked yet.")
@_limit
@json_option
@click.pass_obj
def list_(
    site: Site,
    sender: str | None,
    outcome: str | None,
    unworked: bool,
    limit: int,
    as_json: bool,
) -> None:
    """List messages that came, the newest first. Secrets in them were never kept."""
    with site.transaction(write=False) as services:
        found = services.sms_log.received(
            limit, sender=sender, outcome=outcome, unworked=unworked
        )
        rows = [_came(each) for each in found]
    print_rows(rows, as_json=as_json, nothing="no such message came")


@click.command()
@_id
@json_option
@click.pass_obj
def show(site: Site, message_id: int, as_json: bool) -> None:
    """Show the message ID and what it was answered."""
    with site.transaction(write=False) as services:
        message = services.sms_log.message(message_id)
        if message is None:
            raise click.ClickException(f"there is no message {message_id}")
        facts = {
            **_came(message),
            "external_id": message.external_id,
            "worked_at": moment(message.worked_at),
            "account": message.account_id
            and services.accounts.get(message.account_id).login,
            "posted": message.posted,
        }
        went = [_went(each) for each in services.sms_log.answers_to(message_id)]
    if as_json:
        click.echo(as_json_text({**facts, "replies": went}))
        return
    print_facts(facts)
    print_rows(went, as_json=False, nothing="it was not answered")


@click.command()
@_limit
@json_option
@click.pass_obj
def dead(site: Site, limit: int, as_json: bool) -> None:
    """List replies that no carrier took at any try, the newest first."""
    with site.transaction(write=False) as services:
        rows = [_went(each) for each in services.sms_log.dead(limit)]
    print_rows(rows, as_json=as_json, nothing="every reply was taken, or waits")


@click.command()
@_id
@json_option
@click.pass_obj
def replay(site: Site, message_id: int, as_json: bool) -> None:
    """Work the message ID once more and print the replies, which are sent as well.

    One that has done what it asked is left alone: nobody is called twice.
    """
    try:
        with site.transaction() as services:
            message = services.sms_log.reopen(message_id)
    except NoResultFound as error:
        raise click.ClickException(f"there is no message {message_id}") from error
    except CannotReplay as reason:
        raise click.ClickException(f"{message_id} is left alone: {reason}") from reason
    if message is None:
        click.echo(f"{message_id} waits for the portal, which has its secret text")
        return
    replies = take(site.transactions, message, site.now())
    if replies or as_json:
        print_replies(replies, as_json=as_json)
    else:
        click.echo(f"no reply: {_why_silent(site, message_id)}")


@click.command()
@_id
@click.pass_obj
def resend(site: Site, message_id: int) -> None:
    """Give the dead reply ID to the outbox again, with all its tries."""
    try:
        with site.transaction() as services:
            recipient = services.sms_log.send_again(message_id, site.now()).recipient
    except NoResultFound as error:
        raise click.ClickException(f"there is no reply {message_id}") from error
    except CannotReplay as reason:
        raise click.ClickException(f"{message_id} is left alone: {reason}") from reason
    click.echo(f"reply {message_id} to {recipient} waits for the outbox")


def print_replies(replies: Sequence[OutgoingSms], *, as_json: bool) -> None:
    """Print what a message earned."""
    if as_json:
        told = [{"to": each.recipient, "text": each.text} for each in replies]
        click.echo(as_json_text(told))
    else:
        lines = [f"to {each.recipient}: {each.text}" for each in replies]
        click.echo("\n".join(lines) or "no reply")


def _why_silent(site: Site, message_id: int) -> str:
    """What a message came to that earned no reply, and why that is told to nobody."""
    with site.transaction(write=False) as services:
        message = services.sms_log.message(message_id)
        outcome = message.outcome if message else None
    return f"{outcome}: {_SILENT.get(outcome or '', _TOLD_ENOUGH)}"


def _came(message: InboundSms) -> dict[str, object]:
    return {
        "id": message.id,
        "received_at": moment(message.received_at),
        "carrier": message.carrier,
        "from": message.sender,
        "to": message.recipient,
        "outcome": message.outcome or message.state.value,
        "text": message.text,
    }


def _went(message: OutboundSms) -> dict[str, object]:
    return {
        "id": message.id,
        "made_at": moment(message.made_at),
        "carrier": message.carrier,
        "to": message.recipient,
        "state": message.state.value,
        "attempts": message.attempts,
        "fault": message.fault,
        "text": message.text,
    }
