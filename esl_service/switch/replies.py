"""Which reply belongs to which command: on an Event Socket, only their order says."""

from __future__ import annotations  # gevent's classes take no [] at run time

from collections import deque

from gevent.event import AsyncResult

from esl_service.switch.framing import BadFrame, Frame


class Replies:
    """The replies a switch owes us, in the order of our commands.

    Whoever gives up waiting leaves their place in the queue, so that a late reply
    is not taken for the next command's.
    """

    def __init__(self) -> None:
        self._owed: deque[AsyncResult[Frame]] = deque()

    def owe(self, replies: list[AsyncResult[Frame]]) -> None:
        """Expect these next."""
        self._owed.extend(replies)

    def give(self, frame: Frame) -> None:
        """Hand a reply to whoever has waited longest. Raises BadFrame for nobody."""
        if not self._owed:
            raise BadFrame("a reply to no command")
        self._owed.popleft().set(frame)

    def fail(self, reason: Exception) -> None:
        """Tell everybody that no reply will come."""
        while self._owed:
            self._owed.popleft().set_exception(reason)


def awaited(reply: AsyncResult[Frame]) -> Frame:
    """Wait for the reply: a frame, or the exception that ended the link."""
    frame = reply.get()
    assert frame is not None  # noqa: S101 - gevent's types allow for an unset one
    return frame
