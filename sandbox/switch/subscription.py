"""Which events a client wants, and in what form. Pure."""

import re

from sandbox.switch.wire import Event

STYLES = ("plain", "json")


class Subscription:
    """The event names, the style and the filters of one connection."""

    def __init__(self) -> None:
        self.style = "plain"
        self._names: set[str] = set()
        self._filters: list[tuple[str, str]] = []

    @property
    def listening(self) -> bool:
        """Whether any event is wanted."""
        return bool(self._names)

    def add(self, style: str, names: list[str]) -> None:
        """Want more events; what follows CUSTOM are subclasses, which none fire."""
        self.style = style
        if "CUSTOM" in names:
            names = [*names[: names.index("CUSTOM")], "CUSTOM"]
        self._names.update(names)

    def remove(self, names: list[str]) -> None:
        """Want these no longer."""
        self._names.difference_update(names)

    def clear(self) -> None:
        """Want nothing."""
        self._names.clear()

    def wants(self, name: str) -> bool:
        """Say whether events of this name are wanted at all."""
        return name in self._names or "ALL" in self._names

    def takes(self, event: Event) -> bool:
        """Say whether this event is wanted, filters and all.

        One filter that fits is enough; a value after a minus vetoes.
        """
        if not self.wants(str(event["Event-Name"])):
            return False
        vetoes = [(h, v[1:]) for h, v in self._filters if v.startswith("-")]
        if any(_fits(event, header, value) for header, value in vetoes):
            return False
        positive = [pair for pair in self._filters if not pair[1].startswith("-")]
        return not positive or any(_fits(event, *pair) for pair in positive)

    def add_filter(self, header: str, value: str) -> None:
        """Take only events whose header has this value, or a /pattern/."""
        self._filters.append((header, value))

    def remove_filter(self, header: str, value: str) -> None:
        """Drop a header's filters, or the one with this value, or all."""
        self._filters = [
            pair
            for pair in self._filters
            if header not in ("all", pair[0]) or (value and value != pair[1])
        ]


def _fits(event: Event, header: str, value: str) -> bool:
    found = event.get(header)
    if not isinstance(found, str):
        return False
    if len(value) > 1 and value.startswith("/") and value.endswith("/"):
        return re.search(value[1:-1], found) is not None
    return found.lower() == value.lower()
