"""The ways in which a switch stops answering; to a call they are all LinkLost."""

from greenswitch.esl import NotConnectedError

from esl_service.channel import LinkLost, NotAsked


class LinkClosed(NotConnectedError, LinkLost):  # type: ignore[misc] # untyped base
    """The connection ended, or never came about."""


class NotSent(LinkClosed, NotAsked):
    """The connection had ended before a command was written to it."""


class Unreachable(LinkClosed):
    """Nobody accepts connections there."""


class Rejected(LinkClosed):
    """FreeSWITCH's access list does not let this machine in."""


class WrongPassword(LinkClosed):
    """FreeSWITCH did not accept the password."""


class NoReply(LinkLost):
    """A command was not answered in time. Whether it was done is not known."""


class Refused(LinkLost):
    """The switch answered a command, and will not do it."""
