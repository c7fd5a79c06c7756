"""Who sent an SMS: by login and password, or by the sender's number alone."""

from dataclasses import dataclass
from datetime import datetime

from domain.accounts.models import Door
from domain.accounts.service import Accounts, usable
from domain.errors import Refusal, UnknownSender
from domain.messages.parsing import Command
from domain.messages.sms import Sms
from domain.numbers import E164


@dataclass(frozen=True, slots=True)
class Identity:
    """An account, and how sure we are. A sender is an identifier, not a proof."""

    account_id: int
    by_password: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What an SMS means and whose it is; either may be a refusal instead."""

    command: Command | Refusal
    identity: Identity | Refusal


def identify(
    accounts: Accounts, command: Command | Refusal, sms: Sms, now: datetime
) -> Identity | Refusal:
    """Tell whose command this is. Writes nothing, and may take 20 ms of hashing.

    A text that could not be read is still answered to a registered sender.
    """
    try:
        if isinstance(command, Command) and command.login is not None:
            account = accounts.prove(
                command.login,
                command.password or "",
                door=Door.SMS,
                sender=sms.sender,
                now=now,
            )
            return Identity(account.id, by_password=True)
        owner = accounts.owner(E164(sms.sender))
        if owner is None:
            raise UnknownSender
        return Identity(usable(owner).id, by_password=False)
    except Refusal as refusal:
        return refusal
