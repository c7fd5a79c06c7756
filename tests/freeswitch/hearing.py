"""What a leg of the switch under test is played, as the switch tells it."""

from pathlib import Path
from typing import Final

from tests.freeswitch.event_socket import EventSocket
from tests.system.programs import eventually

EVENTS: Final = ("PLAYBACK_START", "PLAYBACK_STOP")
"""What to hear of the switch for it."""


class Hearing:
    """Waits for what is said on the legs to one number (digits, no plus)."""

    def __init__(self, link: EventSocket, number: str) -> None:
        self._link = link
        self._number = number

    def hears(self, clip: str, *, times: int = 1, seconds: float = 20) -> None:
        """Wait until a clip is played there for the n-th time.

        A clip is named with its language (`en/busy`) or without.
        """
        self._await("PLAYBACK_START", clip, times, seconds)

    def hears_out(self, clip: str, *, times: int = 1, seconds: float = 30) -> None:
        """Wait until what that clip is part of has been said, or was cut, so often."""
        self._await("PLAYBACK_STOP", clip, times, seconds)

    def _await(self, event: str, clip: str, times: int, seconds: float) -> None:
        def met() -> bool:
            self._link.hear(0.1)
            sentences = self._sentences(event)
            return sum(_holds(sentence, clip) for sentence in sentences) >= times

        eventually(
            met, patience=seconds, what=lambda: f"{clip} in {self._sentences(event)}"
        )

    def _sentences(self, event: str) -> list[list[str]]:
        """The clips of each sentence whose playing there began or stopped."""
        return [
            [_clip(path) for path in told["Playback-File-Path"].split("!")]
            for told in self._link.events
            if told["Event-Name"] == event
            and told["Caller-Destination-Number"] == self._number
        ]


def _clip(path: str) -> str:
    file = Path(path)
    return "tone" if "tone_stream://" in path else f"{file.parent.name}/{file.stem}"


def _holds(sentence: list[str], clip: str) -> bool:
    return any(clip in (each, each.rpartition("/")[2]) for each in sentence)
