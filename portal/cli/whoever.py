"""Who gives a command, unless somebody is named."""

import getpass
import os


def whoever_this_is() -> str:
    """The login of the system's user; in a container they may have a number only."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"
