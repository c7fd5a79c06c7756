"""A recorded situation: what a client and a real switch said to each other."""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "recordings"
SITUATIONS = sorted(file.name.split(".")[0] for file in FOLDER.glob("*.jsonl.gz"))

Event = dict[str, Any]


@dataclass(frozen=True)
class Frame:
    """One frame: when (in seconds), on which link, by whom, its bytes as text."""

    at: float
    link: str
    by_client: bool
    text: str

    @property
    def event(self) -> Event | None:
        """The event this frame carries, if it carries one."""
        head, _, body = self.text.partition("\n\n")
        return json.loads(body) if "text/event-json" in head else None


def read(situation: str) -> list[Frame]:
    """Read a situation's frames in the order in which they were seen."""
    with gzip.open(FOLDER / f"{situation}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [
            Frame(line["t"], line["link"], line["from"] == "client", line["frame"])
            for line in map(json.loads, lines)
        ]


def events(frames: list[Frame]) -> list[Event]:
    """The events of a situation, without the switch's own pulse."""
    found = (frame.event for frame in frames if not frame.by_client)
    return [e for e in found if e is not None and e.get("Event-Name") != "HEARTBEAT"]


def replies(frames: list[Frame]) -> list[str]:
    """Everything the switch said that is no event, by link and in order."""
    return [
        f"{frame.link}: {frame.text}"
        for link in ("events", "commands")
        for frame in frames
        if frame.link == link and not frame.by_client and frame.event is None
    ]
