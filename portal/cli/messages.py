"""`sms-callback sms`: messages without a carrier."""

import sys
from uuid import uuid4

import click

from portal.carriers.base import Unreadable, sms_told
from portal.carriers.door import take
from portal.cli.printing import json_option
from portal.cli.site import Site
from portal.cli.sms_log import dead, list_, print_replies, replay, resend, show


@click.group()
def sms() -> None:
    """Look at messages, put them right, and receive them without a carrier."""


@sms.command()
@click.option("--from", "sender", required=True, help="Who sent it: +48600316058.")
@click.option("--to", "recipient", required=True, help="One of our access numbers.")
@click.option("--carrier", default="generic", show_default=True)
@click.option("--id", "external_id", help="The carrier's id for it; else a new one.")
@click.argument("text")
@json_option
@click.pass_obj
def receive(
    site: Site,
    sender: str,
    recipient: str,
    carrier: str,
    external_id: str | None,
    text: str,
    as_json: bool,
) -> None:
    """Work TEXT and print the replies, which are sent as well.

    TEXT may be - for stdin, where a password is better hidden.
    """
    if text == "-":
        text = sys.stdin.read().rstrip("\r\n")
    try:
        message = sms_told(
            carrier,
            external_id=external_id or uuid4().hex,
            sender=sender,
            recipient=recipient,
            text=text,
        )
    except Unreadable as fault:
        raise click.ClickException(str(fault)) from fault
    replies = take(site.transactions, message, site.now())
    print_replies(replies, as_json=as_json)


for _command in (list_, show, dead, replay, resend):
    sms.add_command(_command)
