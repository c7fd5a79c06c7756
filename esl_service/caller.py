"""The verbs of a call's script: say, ask, confirm, connect."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from domain.causes import outcome
from domain.errors import Refusal
from esl_service.channel import CUT, TONE, Channel, Dial, Goodbye, MediaFault
from esl_service.excuses import FAILURES, REFUSALS
from esl_service.speech import Sentence, Speech, Voice
from esl_service.voice import Digits, Prompt, Value

__all__ = ["Caller", "Keys", "Voice"]

_log = logging.getLogger(__name__)

LONGEST_NUMBER: Final = 20
"""Keys: an international number with its 00, and one to spare."""


@dataclass(frozen=True, slots=True)
class Keys:
    """How long a caller may take, in seconds, and which keys mean something."""

    patience: float = 8
    pause: float = 3
    drop: Sequence[str] = ("##", "#1#")
    status: str = "111"
    redial: str = "0"
    language: str = "*"


class Caller:
    """A user on the line, spoken to in their language."""

    def __init__(
        self, channel: Channel, voice: Voice, language: str, keys: Keys
    ) -> None:
        self._channel = channel
        self._speech = Speech(voice)
        self._mentioned: list[Sentence] = []
        self.language = language
        self.chosen_language: str | None = None
        """What they have chosen in this call."""
        self.keys = keys
        self.told_last: Prompt | None = None
        self.change_language: Callable[[], object] | None = None
        """What the key for languages does at any prompt; None while it does nothing."""

    @property
    def answered_at(self) -> datetime | None:
        """When they picked up, by the switch's clock, if that was heard."""
        return self._channel.answered_at

    def answer(self, stop_seconds: int) -> None:
        """Pick up who rang us; the switch ends them so many seconds from now."""
        self._channel.stop_after(stop_seconds)
        self._channel.answer()

    def stop_after(self, seconds: int) -> None:
        """Let the switch end them so many seconds from now."""
        self._channel.stop_after(seconds)

    def say(self, prompt: Prompt, **slots: Value) -> None:
        """Say a sentence to its end, or until a key for languages or CUT."""
        self.mention(prompt, **slots)
        sentences = self._take_mentioned()
        while self._play(sentences) and self._language_is_changed(CUT):
            pass  # and said anew

    def mention(self, prompt: Prompt, **slots: Value) -> None:
        """Say a sentence together with the next one.

        If that is a question, a key cuts both short: who knows what to dial next
        need not hear to the end why the last number was not reached.
        """
        self.told_last = prompt
        self._mentioned.append(Sentence(prompt, slots))

    def ask(
        self, prompt: Prompt, *, longest: int = LONGEST_NUMBER, secret: bool = False
    ) -> str:
        """Ask, and return the keys pressed; "" if none was.

        Whoever asks for another language is asked again in that. The switch forgets
        keys that are `secret`.
        """
        sentences = [*self._take_mentioned(), Sentence(prompt)]
        while True:
            keyed = self._read(sentences, longest, secret=secret)
            if not self._language_is_changed(keyed):
                return keyed

    def confirms(self, prompt: Prompt, key: str = "1", tries: int = 3) -> bool:
        """Whether a person presses that key. A mailbox never does."""
        return any(self.ask(prompt, longest=1) == key for _ in range(tries))

    def choose_language(self) -> str | None:
        """Offer each language in its own words; the one they chose."""
        spoken = {str(key): code for key, code in enumerate(self.languages, start=1)}
        sounds = [
            clip
            for key, code in spoken.items()
            for clip in self._speech.own_words(code, _offer(key))
        ]
        return spoken.get(self._listen([sounds, [TONE]], longest=1))

    @property
    def languages(self) -> Sequence[str]:
        """Those that can be spoken, in the order in which they are offered."""
        return self._speech.languages

    def connect(self, dial: Dial, answered: Callable[[datetime], int]) -> Goodbye:
        """Ring another party and join them; return how their leg ended."""
        return self._channel.bridge(dial, drop_keys=self.keys.drop, answered=answered)

    def rejoin(
        self, dial: Dial, answered: Callable[[datetime], int | None]
    ) -> Goodbye | None:
        """Stay with a party rung before a restart; how their leg ended, if known."""
        return self._channel.rejoin(dial, answered=answered)

    def hush(self) -> None:
        """Break off what they were hearing before a restart."""
        self._channel.hush()

    def refuse(self, refusal: Refusal) -> None:
        """Mention why something cannot be done."""
        prompt = REFUSALS.get(refusal.code, Prompt.UNAVAILABLE)
        if prompt is Prompt.UNKNOWN_ENTRY:
            self.mention(prompt, count=int(str(refusal.details["part"])))
        else:
            self.mention(prompt)

    def explain(self, goodbye: Goodbye) -> None:
        """Mention why the other party was not reached."""
        self.mention(FAILURES.get(outcome(goodbye.cause), Prompt.UNAVAILABLE))

    # --- in detail -------------------------------------------------------------

    def _play(self, sentences: Sequence[Sentence]) -> bool:
        """Say sentences; whether CUT was pressed. What cannot be played is left out."""
        try:
            return self._channel.play(self._speech.sounds(self.language, sentences))
        except MediaFault as fault:
            _log.error("nothing is said: %s", fault)
            return False

    def _read(
        self, sentences: Sequence[Sentence], longest: int, *, secret: bool
    ) -> str:
        """Say sentences, the last a question; the keys pressed."""
        mentioned = self._speech.sounds(self.language, sentences[:-1])
        question = self._speech.sounds(self.language, sentences[-1:]) or [TONE]
        ways = [[*mentioned, *question], question, [TONE]]
        return self._listen(ways, longest, secret=secret)

    def _listen(
        self, ways: Sequence[Sequence[str]], longest: int, *, secret: bool = False
    ) -> str:
        """Ask in the first way that can be played. Raises MediaFault if none can."""
        read = partial(
            self._channel.read,
            longest=longest,
            patience=self.keys.patience,
            pause=self.keys.pause,
            secret=secret,
        )
        *others, last = filter(None, ways)
        for sounds in others:
            try:
                return read(sounds)
            except MediaFault as fault:
                _log.error("asked in another way: %s", fault)
        return read(last)

    def _language_is_changed(self, keyed: str) -> bool:
        """Let them choose a language if they pressed the key for it."""
        change, key = self.change_language, self.keys.language
        if change is None or not key or not keyed.endswith(key):
            return False
        if key not in (CUT, keyed):
            return False
        self.change_language = None  # not within itself
        try:
            change()
        finally:
            self.change_language = change
        return True

    def _take_mentioned(self) -> list[Sentence]:
        mentioned, self._mentioned = self._mentioned, []
        return mentioned


def _offer(key: str) -> Sentence:
    return Sentence(Prompt.LANGUAGE, {"key": Digits(key)})
