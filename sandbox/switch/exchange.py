"""What a leg needs of the switch it stands on."""

from typing import Protocol

from sandbox.switch.headers import Speaker
from sandbox.switch.records import Records
from sandbox.switch.wire import Event


class Exchange(Protocol):
    """The switch, as its legs see it; `speed` is how much faster prompts play."""

    speaker: Speaker
    records: Records
    speed: float

    def wants(self, name: str) -> bool:
        """Say whether anybody listens to events of this name."""

    def publish(self, event: Event) -> None:
        """Tell everybody who listens."""

    def command(self, name: str, arguments: str) -> str:
        """Run an API command."""

    def forget(self, uuid: str) -> None:
        """Let go of a leg that is over, and of everything scheduled for it."""
