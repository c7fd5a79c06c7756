"""Tells users, and them alone, that their call is about to end."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from esl_service.channel import TONE, LinkLost
from esl_service.desk import Desk
from esl_service.speech import Sentence, Speech
from esl_service.voice import Prompt

_log = logging.getLogger(__name__)

AHEAD: Final = timedelta(seconds=60)
"""So long before the switch ends it."""
SHORTEST: Final = timedelta(seconds=70)
"""Of a call that may last for less they were told as much a moment ago."""
_A_MINUTE: Final = timedelta(seconds=50)
"""With less left, "one minute" would not be true: a tone must do."""
_PUT_OFF: Final = timedelta(seconds=15)
"""An end that moves away by so much is to be warned of again."""


class Exchange(Protocol):
    """The part of a switch that speaks to one of two who talk."""

    def announce(self, uuid: str, sounds: Sequence[str]) -> bool:
        """Let this leg alone hear clips; False if there is none. Raises LinkLost."""


class Warnings:
    """Watches the ends that the switch was told, wherever they were moved to."""

    def __init__(self, desk: Desk, switch: Exchange, speech: Speech) -> None:
        self._desk = desk
        self._switch = switch
        self._speech = speech
        self._warned: dict[str, datetime] = {}
        """The legs that are to end soon, and when."""

    def step(self, now: datetime) -> None:
        """Warn whoever has not been warned of an end that has come near."""
        for uuid, end in list(self._desk.stops.items()):
            if end - now > AHEAD + _PUT_OFF:
                self._warned.pop(uuid, None)
            elif now < end <= now + AHEAD and uuid not in self._warned:
                self._warn(uuid, end, now)
        self._warned = {uuid: end for uuid, end in self._warned.items() if end > now}

    def _warn(self, uuid: str, end: datetime, now: datetime) -> None:
        talk = self._desk.talk(uuid)
        if talk is not None and end - talk.answered_at >= SHORTEST:
            said = [Sentence(Prompt.LOW_CREDIT)] if end - now >= _A_MINUTE else []
            sounds = [TONE, *self._speech.sounds(talk.language, said)]
            try:
                self._switch.announce(talk.leg_a, sounds)
            except LinkLost:
                return  # next time
            _log.info("leg %s ends in %d s: warned", uuid, (end - now).seconds)
        self._warned[uuid] = end
