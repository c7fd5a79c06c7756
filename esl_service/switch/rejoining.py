"""Another party on the line with a user since before a restart."""

from datetime import datetime
from typing import Final

from domain.causes import CALLED_OFF
from esl_service.channel import Goodbye, HungUp, LinkLost
from esl_service.switch.bridging import Answered, Bridge
from esl_service.switch.framing import Event
from esl_service.switch.goodbyes import answered_at
from esl_service.switch.mailbox import EXECUTED, Deadline, PostOffice, Silence

_ON_ITS_WAY_SECONDS: Final = 1.0
"""A leg that is gone has said its last word, or will at once."""


class Rejoined(Bridge):
    """A bridge that another life of this service has made."""

    def join(self, office: PostOffice, answered: Answered) -> Goodbye | None:
        """Stay with them; how their leg ends, or has ended, if that is known.

        Raises HungUp, LinkLost, and whatever `answered` raises.
        """
        office.attach(self._mailbox, self._dial.uuid)  # before the state is asked
        read = False
        try:
            known = self._commands.dump(self._dial.uuid)
            if known is None:
                goodbye = self._already_over()
            else:
                goodbye = self._stay(answered_at(known), answered)
            read = True
        except (HungUp, LinkLost):
            raise
        except BaseException:
            self._commands.kill_if_possible(self._dial.uuid)
            raise
        finally:
            office.release(self._mailbox, self._dial.uuid, read=read)
        self._unbind()
        return goodbye

    def _stay(self, since: datetime | None, answered: Answered) -> Goodbye:
        self._created = True
        if since is not None:
            self._mailbox.answered_at[self._dial.uuid] = since
            self._limit(answered(since), since)
        return self._follow(answered)

    def _already_over(self) -> Goodbye | None:
        """Hear the last word that is on its way, or learn that there was no leg."""
        user = self._commands.dump(self._user)
        if user is None:
            raise HungUp
        if self._dial.uuid not in str(user):
            return self._never_rung(CALLED_OFF)
        deadline = Deadline(_ON_ITS_WAY_SECONDS)
        try:
            while self._dial.uuid not in self._mailbox.goodbyes:
                self._hear(self._mailbox.next(deadline), lambda _: None)
        except Silence:
            return None
        return self._mailbox.goodbyes[self._dial.uuid]

    def _is_the_end(self, event: Event) -> bool:
        """Whether this is the completion of a `bridge` whose UUID nobody knows."""
        what = (event.get("Event-Name"), event.get("Application"))
        return what == (EXECUTED, "bridge")
