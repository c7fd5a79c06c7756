"""A user on a real switch: the verbs of `esl_service.channel.Channel`."""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from esl_service.channel import CUT, Dial, Goodbye, HungUp, LinkLost, MediaFault
from esl_service.switch import dialstring
from esl_service.switch.bridging import Bridge
from esl_service.switch.commands import Commands, Order
from esl_service.switch.framing import Event
from esl_service.switch.mailbox import (
    Deadline,
    Mailbox,
    PostOffice,
    Silence,
    has_left,
)
from esl_service.switch.parking import park_anew
from esl_service.switch.rejoining import Rejoined

_log = logging.getLogger(__name__)

_KEYED: Final = "keyed"
"""The channel variable that takes the keys."""
_ANSWER_SECONDS: Final = 10.0
_UNPLAYED: Final = ("FILE NOT FOUND", "PLAYBACK ERROR")


class SwitchChannel:
    """Leg A, answered and parked, until they or we hang up.

    For one greenlet. `goodbye` is asked for at the end, however the call went:
    what it has not heard by then goes to whoever watches for orphaned legs.
    """

    def __init__(
        self,
        leg: str,
        mailbox: Mailbox,
        commands: Commands,
        office: PostOffice,
        *,
        prompt_seconds: float = 120.0,
    ) -> None:
        self._leg = leg
        self._mailbox = mailbox
        self._commands = commands
        self._office = office
        self._prompt_seconds = prompt_seconds
        self._said_goodbye = False

    @property
    def uuid(self) -> str:
        """The leg's UUID: ours if we rang it, the switch's if it rang us."""
        return self._leg

    @property
    def answered_at(self) -> datetime | None:
        """When they picked up, by the switch's clock, if that was heard."""
        return self._mailbox.answered_at.get(self._leg)

    def answer(self) -> None:
        """Pick up a call that came to us; who was rung is up already.

        It is then as one that we rang. Raises HungUp, LinkLost, MediaFault.
        """
        self._still_here()
        habits = Order("multiset", dialstring.habits())
        self._run(_ANSWER_SECONDS, habits, Order("answer", ""))

    def stop_after(self, seconds: int) -> None:
        """Let the switch itself hang this leg up so many seconds from now."""
        self._still_here()
        at = datetime.now(UTC) + timedelta(seconds=seconds)
        if not self._commands.drop_by(self._leg, at):
            raise HungUp

    def play(self, sounds: Sequence[str]) -> bool:
        """Play the clips without a gap; whether CUT was pressed.

        Raises HungUp, LinkLost, MediaFault, and ValueError for a path that
        FreeSWITCH would not read as one.
        """
        self._still_here()
        if not sounds:
            return False
        file = dialstring.clips(sounds)
        done = self._run(self._prompt_seconds, Order("playback", file))
        if done.get("Application-Response") in _UNPLAYED:
            raise MediaFault(f"{done['Application-Response']}: {', '.join(sounds)}")
        return done.get("variable_playback_terminator_used") == CUT

    def read(
        self,
        sounds: Sequence[str],
        *,
        longest: int,
        patience: float,
        pause: float,
        secret: bool = False,
    ) -> str:
        """Play the clips and return the keys pressed, without the closing `#`.

        Raises as `play`; `patience` counts for at least one second.
        """
        self._still_here()
        argument = dialstring.entry(
            sounds, longest=longest, patience=patience, pause=pause, into=_KEYED
        )
        seconds = self._prompt_seconds + patience + longest * pause
        asked = Order("play_and_get_digits", argument)
        if secret:
            self._commands.execute(self._leg, Order("set", "sensitive_dtmf=true"))
        done = self._run(seconds, asked)
        if secret:
            self._forget()
        keyed = done.get(f"variable_{_KEYED}", "")
        if not keyed and "variable_read_result" not in done:
            # FreeSWITCH says nothing at all when it cannot open the prompt.
            raise MediaFault(f"cannot be played: {', '.join(sounds)}")
        # Keys pressed at once during the prompt come as one, closing # included.
        return keyed.partition("#")[0][:longest]

    def bridge(
        self,
        dial: Dial,
        *,
        drop_keys: Sequence[str],
        answered: Callable[[datetime], int],
    ) -> Goodbye:
        """Ring another party, join them, and return how their leg ended.

        As the protocol says; raises ValueError before anything is sent.
        """
        if self._said_goodbye:
            raise HungUp
        other = Bridge(self._leg, dial, self._mailbox, self._commands)
        return other.run(self._office, drop_keys, answered)

    def rejoin(
        self, dial: Dial, *, answered: Callable[[datetime], int | None]
    ) -> Goodbye | None:
        """Stay with a party rung before, and return how their leg ended, if known.

        As the protocol says.
        """
        self._still_here()
        other = Rejoined(self._leg, dial, self._mailbox, self._commands)
        return other.join(self._office, answered)

    def hush(self) -> None:
        """Break off what the user is hearing, and take their keys for prompts.

        Raises HungUp, LinkLost, MediaFault.
        """
        self._still_here()
        park_anew(self._leg, self._mailbox, self._commands)
        self._commands.execute(self._leg, Order("clear_digit_action", "all"))

    def hang_up(self, cause: str = "NORMAL_CLEARING") -> None:
        """Say goodbye; harmless when they have left or the switch is gone."""
        self._said_goodbye = True
        if self._leg in self._mailbox.gone:
            return
        try:
            self._commands.kill(self._leg, cause)
        except LinkLost as loss:
            _log.warning("leg %s was left to its own stop: %s", self._leg, loss)

    def goodbye(self, patience: float) -> Goodbye | None:
        """Wait up to `patience` seconds for this leg's own end; None if unheard.

        One that comes later goes to whoever watches for orphaned legs.
        """
        deadline = Deadline(patience)
        try:
            while self._leg not in self._mailbox.goodbyes:
                self._mailbox.next(deadline)
        except (Silence, LinkLost):
            _log.warning("leg %s has not said goodbye", self._leg)
        heard = self._mailbox.goodbyes.get(self._leg)
        self._office.release(self._mailbox, self._leg, read=True)
        return heard

    def _forget(self) -> None:
        """Let the switch write nothing of the keys that were just pressed."""
        names = (_KEYED, "sensitive_dtmf")
        self._commands.execute(self._leg, *(Order("unset", each) for each in names))

    def _run(self, seconds: float, *orders: Order) -> Event:
        """Run applications on the leg; the event of the last one's completion."""
        own = self._commands.execute(self._leg, *orders)
        deadline = Deadline(seconds)
        try:
            while True:
                event = self._mailbox.next(deadline)
                if has_left(event, self._leg):
                    raise HungUp
                if event.get("Application-UUID") == own:
                    return event
        except Silence:
            park_anew(self._leg, self._mailbox, self._commands)
            raise MediaFault(
                f"{orders[-1]} did not end within {seconds:.0f} s"
            ) from None

    def _still_here(self) -> None:
        if self._said_goodbye or self._leg in self._mailbox.gone:
            raise HungUp
