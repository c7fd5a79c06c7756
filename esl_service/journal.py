"""What stands on a line of the log beside its words."""

import logging
from contextvars import ContextVar

current_call: ContextVar[str] = ContextVar("current_call", default="")
"""The UUID of the leg A that a log line is about."""


class CallFilter(logging.Filter):
    """Puts the call's UUID on every log line that is about one."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every line; the UUID stands behind the logger's name."""
        call = current_call.get()
        if call:
            record.name = f"{record.name} [{call}]"
        return True
