"""One FreeSWITCH, as everything outside this folder sees it."""

from collections.abc import Callable

import gevent
from gevent import Greenlet

from esl_service.channel import Dial, Goodbye
from esl_service.switch.channel import SwitchChannel
from esl_service.switch.commands import Commands
from esl_service.switch.framing import Event
from esl_service.switch.mailbox import PostOffice
from esl_service.switch.pair import Pair, SwitchAddress
from esl_service.switch.ringing import ring


class Switch:
    """A FreeSWITCH that is linked to for ever, however often the link is lost.

    `on_orphan` is told how a leg ended that no call here is waiting for;
    `on_connected` runs after each (re)connection, when events have been missed
    and `channels` should be compared with what is on record. Each is called in a
    greenlet of its own. Every verb raises LinkLost while there is no link, and
    ValueError for an argument that FreeSWITCH would misread.
    """

    def __init__(
        self,
        address: SwitchAddress,
        *,
        on_orphan: Callable[[Goodbye], None],
        on_connected: Callable[[], None] = lambda: None,
    ) -> None:
        self._commands = Commands()
        self._office = PostOffice(lambda goodbye: _spawn(on_orphan, goodbye))
        self._pair = Pair(address, self._office, self._commands, on_connected)
        self._keeper: Greenlet[[], None] | None = None

    def start(self) -> "Greenlet[[], None]":
        """Begin to connect; the greenlet returned lives until `stop`."""
        if self._keeper is None:
            self._keeper = gevent.spawn(self._pair.keep)
        return self._keeper

    def stop(self) -> None:
        """Close the links. Calls that are up stay up, and hear LinkLost."""
        if self._keeper is not None:
            self._keeper.kill()
            self._keeper = None

    @property
    def ready(self) -> bool:
        """Whether both links are up and events are known to arrive."""
        return self._pair.up.is_set()

    def wait_ready(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds to be ready."""
        return self._pair.up.wait(timeout)

    @property
    def core_uuid(self) -> str:
        """Names the switch's present life; legs of another one are all dead."""
        return self._pair.core_uuid

    def ring(self, dial: Dial) -> SwitchChannel:
        """Ring leg A, and return them once they have answered.

        Takes up to `dial.ring_seconds` and a little more. Raises NotReached,
        LinkLost; after LinkLost the leg may ring nevertheless.
        """
        mailbox = ring(dial, self._commands, self._office)
        return SwitchChannel(dial.uuid, mailbox, self._commands, self._office)

    def kill(self, uuid: str, cause: str = "NORMAL_CLEARING") -> bool:
        """Hang a leg up; False if there was none."""
        return self._commands.kill(uuid, cause)

    def exists(self, uuid: str) -> bool:
        """Whether the switch has such a leg now."""
        return self._commands.exists(uuid)

    def drop_after(self, uuid: str, seconds: int) -> bool:
        """Let the switch hang this leg up so many seconds from now, not before.

        False if there is no such leg.
        """
        return self._commands.drop_after(uuid, seconds)

    def channels(self) -> list[Event]:
        """Every leg that the switch lists: `uuid`, `presence_data`, `callstate`…

        The list may lag behind by a moment: confirm with `exists`.
        """
        return self._commands.channels()

    def dump(self, uuid: str) -> Event | None:
        """Everything the switch knows about a leg; None if there is none."""
        return self._commands.dump(uuid)


def _spawn(on_orphan: Callable[[Goodbye], None], goodbye: Goodbye) -> None:
    gevent.spawn(on_orphan, goodbye)
