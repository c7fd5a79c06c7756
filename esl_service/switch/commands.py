"""What can be asked of the switch, over its command link."""

import json
import math
import time
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Final, NamedTuple

from esl_service.channel import HungUp, LinkLost, Superseded
from esl_service.switch import dialstring
from esl_service.switch.framing import Event, Frame, event_of
from esl_service.switch.link import SwitchLink
from esl_service.switch.losses import NotSent, Refused

STOP_CAUSE: Final = "ALLOTTED_TIMEOUT"


class Order(NamedTuple):
    """An application that a leg is to run."""

    application: str
    argument: str
    locked: bool = True
    """Whether it ends before the leg takes anything else from its queue."""


class Commands:
    """The commands a call and its keepers give; `link` is the one now alive.

    All raise LinkLost when there is none, or when it does not answer in time,
    and ValueError for an argument that FreeSWITCH would read as something else.
    """

    def __init__(self) -> None:
        self.link: SwitchLink | None = None
        self.leads: Callable[[], bool] = lambda: True
        """Whether we may speak; if not, every command raises Superseded."""

    def originate(self, arguments: str, job: str) -> None:
        """Begin to ring a leg. How that ends comes as events."""
        reply = self._alive.send(f"bgapi originate {arguments}", {"Job-UUID": job})
        _accepted(reply)

    def execute(self, leg: str, *orders: Order) -> str:
        """Have a leg run applications, one after the other.

        Returns the Application-UUID of the last. Raises HungUp when there is no
        such leg.
        """
        command = f"sendmsg {dialstring.uuid(leg)}"
        named = [(str(uuid.uuid4()), order) for order in orders]
        for reply in self._alive.send_together(
            [(command, _execution(own, order)) for own, order in named]
        ):
            if reply.text.startswith("-ERR invalid session id"):
                raise HungUp
            _accepted(reply)
        return named[-1][0]

    def announce(self, leg: str, file: str) -> bool:
        """Let a leg alone hear something now, whatever it does; False if there is none.

        Whom it talks to does not hear them as long as it lasts.
        """
        text = f"uuid_broadcast {dialstring.uuid(leg)} {file} aleg"
        return self._api(text).startswith("+OK")

    def park(self, leg: str) -> bool:
        """Have a leg leave what it runs and wait for orders; False if there is none.

        Not by `uuid_park`: a leg that was parked so before falls silent by the second
        one and obeys nothing any more (seen on 1.11), as its state does not change.
        """
        text = f"uuid_transfer {dialstring.uuid(leg)} park inline"
        return self._api(text).startswith("+OK")

    def kill(self, leg: str, cause: str = "NORMAL_CLEARING") -> bool:
        """Hang a leg up; False if there was none."""
        text = f"uuid_kill {dialstring.uuid(leg)} {dialstring.cause(cause)}"
        return self._api(text).startswith("+OK")

    def exists(self, leg: str) -> bool:
        """Whether the switch has such a leg now."""
        return self._api(f"uuid_exists {dialstring.uuid(leg)}") == "true"

    def drop_by(self, leg: str, at: datetime, *, its_clock: bool = False) -> bool:
        """Move the leg's stop in the switch: it ends before a moment.

        That is one of our clock, or of the switch's own. False if there is no such
        leg. The switch counts in whole seconds of its clock and looks twice a second,
        so a stop comes up to 1.6 s early: whoever is charged by blocks must never be
        given the first second of another one.

        Both commands travel together: a leg never stays without a stop because
        the link was cut between them.
        """
        leg, second = dialstring.uuid(leg), last_stop(at)
        when = f"{second}" if its_clock else f"+{max(0, second - int(time.time()))}"
        removal = f"api sched_del {leg}"
        addition = f"api sched_hangup {when} {leg} {STOP_CAUSE}"
        _, added = self._alive.send_together([(removal, {}), (addition, {})])
        return added.text.startswith("+OK")

    def channels(self) -> list[Event]:
        """Every leg the switch lists, which may lag behind: `exists` is sure."""
        text = self._api("show channels as json")
        try:
            listed = json.loads(text)
        except ValueError as fault:
            raise Refused(f"no list of channels but {text[:80]!r}") from fault
        return list(listed.get("rows", []))

    def dump(self, leg: str) -> Event | None:
        """Everything the switch knows about a leg; None if there is none."""
        text = self._api(f"uuid_dump {dialstring.uuid(leg)} json")
        return None if text.startswith("-ERR") else event_of(text.encode())

    def ask_status(self, job: str) -> None:
        """Ask how the switch is; the answer comes as an event."""
        _accepted(self._linked.send("bgapi status", {"Job-UUID": job}))

    def kill_if_possible(self, leg: str) -> None:
        """Hang a leg up where a failure must not hide another one."""
        try:
            self.kill(leg)
        except LinkLost:
            return  # its own stop in the switch will end it

    @property
    def _alive(self) -> SwitchLink:
        if not self.leads():
            raise Superseded("another service works at this switch")
        return self._linked

    @property
    def _linked(self) -> SwitchLink:
        if self.link is None:
            raise NotSent("there is no link to the switch")
        return self.link

    def _api(self, text: str) -> str:
        return self._alive.send(f"api {text}").text


def _execution(own: str, order: Order) -> dict[str, str]:
    headers = {
        "call-command": "execute",
        "execute-app-name": order.application,
        "execute-app-arg": order.argument,
        "Event-UUID": own,
    }
    return {**headers, "event-lock": "true"} if order.locked else headers


def _accepted(reply: Frame) -> None:
    if not reply.text.startswith("+OK"):
        raise Refused(reply.text[:200])


def last_stop(at: datetime) -> int:
    """The last second of a clock at which a stop is still before `at`.

    It fires up to half a second after the switch's clock has reached that second
    (measured on 1.11); a tenth is for the command's own way.
    """
    return math.floor(at.timestamp() - 0.6)
