"""The faults that are in force, and what they do to events and answers."""

from collections import deque
from collections.abc import Callable, Iterator

import gevent

from sandbox.faults import Faults
from sandbox.switch.wire import Event

_BROKEN: Event = {"Caller-Caller-ID-Name": "J\udce9r\udcf4me"}  # Latin-1's bytes
_FORGED: Event = {"Caller-Caller-ID-Name": "Eve%0AUnique-ID: forged\nUnique-ID: forged"}

Tell = Callable[[Event], None]


class Mishaps:
    """Stands between a switch and whoever listens to it."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._faults = Faults()
        self._held: dict[str, deque[tuple[Event, float]]] = {}
        self._listing: str | None = None

    @property
    def faults(self) -> Faults:
        """What goes wrong now."""
        return self._faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self._faults = faults
        self._listing = None

    def publish(self, event: Event) -> None:
        """Tell an event: now, or late, or never."""
        if self._is_unfinished(event):
            return
        key = str(event.get("Unique-ID") or event.get("Job-UUID", ""))
        seconds = self._lateness(event)
        if key in self._held:
            self._held[key].append((event, seconds))
        elif seconds:
            self._held[key] = deque([(event, seconds)])
            gevent.spawn(self._tell_late, key)
        else:
            self._tell(event)

    def forget(self) -> None:
        """Tell nothing any more of what was held back."""
        for waiting in self._held.values():
            waiting.clear()

    def spoilt(self, event: Event) -> Iterator[Event]:
        """Give the events that a client is sent for this one."""
        faults = self._faults
        if faults.nameless and "Unique-ID" in event:
            yield {"digits": "##", "Unique-ID": event["Unique-ID"]}
        if faults.broken_text or faults.forged_names:
            event = event | (_BROKEN if faults.broken_text else _FORGED)
        yield event

    def listed(self, listing: str) -> str:
        """Give the list of legs: this one, or the first since it is stale."""
        if not self._faults.stale:
            return listing
        self._listing = listing if self._listing is None else self._listing
        return self._listing

    def _is_unfinished(self, event: Event) -> bool:
        if event["Event-Name"] != "CHANNEL_EXECUTE_COMPLETE":
            return False
        return event.get("Application") in self._faults.unfinished

    def _lateness(self, event: Event) -> float:
        late, name = self._faults.late, str(event["Event-Name"])
        side = "B" if "variable_originating_leg_uuid" in event else "A"
        return late.get(f"{name} of {side}", late.get(name, 0.0))

    def _tell_late(self, key: str) -> None:
        waiting = self._held[key]
        while waiting:
            gevent.sleep(waiting[0][1])
            if waiting:
                self._tell(waiting.popleft()[0])
        del self._held[key]
