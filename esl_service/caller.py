"""The verbs of a call's script: say, ask, confirm, connect."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from domain import errors
from domain.causes import Outcome, outcome
from domain.errors import Refusal
from esl_service.channel import Channel, Dial, Goodbye
from esl_service.voice import Prompt, Value

LONGEST_NUMBER: Final = 20
"""Keys: an international number with its 00, and one to spare."""

REFUSALS: Final[dict[str, Prompt]] = {
    errors.NotAPhoneNumber.code: Prompt.INVALID,
    errors.UnknownEntry.code: Prompt.UNKNOWN_ENTRY,
    errors.NothingToRedial.code: Prompt.NOTHING_TO_REDIAL,
    errors.Forbidden.code: Prompt.FORBIDDEN,
    errors.NoRate.code: Prompt.NO_RATE,
    errors.NoRoute.code: Prompt.UNAVAILABLE,
    errors.OtherCurrency.code: Prompt.NO_RATE,  # no price that they could pay
    errors.OwnNumber.code: Prompt.OWN_NUMBER,
    errors.SameNumber.code: Prompt.SAME_NUMBER,
    errors.InsufficientFunds.code: Prompt.NOT_ENOUGH_MONEY,
    errors.TooManyCalls.code: Prompt.TOO_MANY_CALLS,
    errors.AlreadyCalling.code: Prompt.TOO_MANY_CALLS,
    errors.TooManyRequests.code: Prompt.TRY_LATER,
    errors.WrongLogin.code: Prompt.WRONG_PIN,
    errors.LockedOut.code: Prompt.TRY_LATER,
    errors.SpendLimit.code: Prompt.SPEND_LIMIT,
    errors.AccountBlocked.code: Prompt.ACCOUNT_BLOCKED,
}
"""How each refusal that a caller can meet is spoken."""

FAILURES: Final[dict[Outcome, Prompt]] = {
    Outcome.BUSY: Prompt.BUSY,
    Outcome.SILENT: Prompt.NO_ANSWER,
    Outcome.INVALID: Prompt.INVALID,
}
"""Why B was not reached; whatever else is unavailable."""


class Voice(Protocol):
    """Turns a prompt into clips."""

    def sounds(self, language: str, prompt: Prompt, **slots: Value) -> list[str]:
        """The clips of a sentence, as absolute paths."""


@dataclass(frozen=True, slots=True)
class Keys:
    """How long a caller may take, in seconds, and what drops a called party."""

    patience: float = 8
    pause: float = 3
    drop: Sequence[str] = ("##", "#1#")
    status: str = "111"
    redial: str = "0"


class Caller:
    """A user on the line, spoken to in their language."""

    def __init__(
        self, channel: Channel, voice: Voice, language: str, keys: Keys
    ) -> None:
        self._channel = channel
        self._voice = voice
        self.language = language
        self.keys = keys
        self.told_last: Prompt | None = None
        self._mentioned: list[str] = []

    def answer(self, stop_seconds: int) -> None:
        """Pick up who rang us; the switch ends them so many seconds from now."""
        self._channel.stop_after(stop_seconds)
        self._channel.answer()

    def stop_after(self, seconds: int) -> None:
        """Let the switch end them so many seconds from now."""
        self._channel.stop_after(seconds)

    def say(self, prompt: Prompt, **slots: Value) -> None:
        """Say a sentence to its end."""
        self.mention(prompt, **slots)
        self._channel.play(self._take_mentioned())

    def mention(self, prompt: Prompt, **slots: Value) -> None:
        """Say a sentence together with the next one.

        If that is a question, a key cuts both short: who knows what to dial next
        need not hear to the end why the last number was not reached.
        """
        self.told_last = prompt
        self._mentioned += self._voice.sounds(self.language, prompt, **slots)

    def ask(
        self, prompt: Prompt, *, longest: int = LONGEST_NUMBER, secret: bool = False
    ) -> str:
        """Ask, and return the keys pressed; "" if none was."""
        return self._channel.read(
            self._take_mentioned() + self._voice.sounds(self.language, prompt),
            longest=longest,
            patience=self.keys.patience,
            pause=self.keys.pause,
            secret=secret,
        )

    def confirms(self, prompt: Prompt, key: str = "1", tries: int = 3) -> bool:
        """Whether a person presses that key. A mailbox never does."""
        return any(self.ask(prompt, longest=1) == key for _ in range(tries))

    def connect(self, dial: Dial, answered: Callable[[], int]) -> Goodbye:
        """Ring another party and join them; return how their leg ended."""
        return self._channel.bridge(dial, drop_keys=self.keys.drop, answered=answered)

    def rejoin(
        self, dial: Dial, answered: Callable[[datetime | None], int | None]
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

    def _take_mentioned(self) -> list[str]:
        mentioned, self._mentioned = self._mentioned, []
        return mentioned
