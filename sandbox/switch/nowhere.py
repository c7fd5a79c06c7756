"""The switch as its legs see it when it has crashed: nothing is told or kept."""

from sandbox.switch.headers import Speaker
from sandbox.switch.records import Records
from sandbox.switch.wire import Event


class Nowhere:
    """An Exchange without anybody in it."""

    speed = 1.0

    def __init__(self, speaker: Speaker) -> None:
        self.speaker = speaker
        self.records = Records()

    def wants(self, _name: str) -> bool:
        """Nobody listens."""
        return False

    def publish(self, event: Event) -> None:
        """Nobody is told."""

    def command(self, _name: str, _arguments: str) -> str:
        """Nothing is done."""
        return "-ERR\n"

    def forget(self, uuid: str) -> None:
        """It is forgotten."""
