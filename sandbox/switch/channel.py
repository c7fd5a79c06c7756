"""A leg that can be told to do things: applications, one after the other.

Every answered leg lives in a greenlet of its own, which runs what it is ordered
to. Anything it waits for ends at once, by LegGone, when the leg is hung up.
"""

import time
import uuid
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import gevent
from gevent.event import Event as Signal

from sandbox.handset import Handset
from sandbox.switch.digits import Binding
from sandbox.switch.exchange import Exchange
from sandbox.switch.headers import Profile
from sandbox.switch.keypad import Keypad
from sandbox.switch.leg import Leg
from sandbox.switch.wire import Event

_MOST_ORDERS = 256


class LegGone(Exception):
    """The leg was hung up while something was done on it."""


class Transferred(Exception):
    """The leg was sent elsewhere while something was done on it."""


@dataclass(frozen=True)
class Order:
    """An application to run on a leg; `uuid` returns as Application-UUID.

    While a locked application runs, no other order is begun.
    """

    application: str
    argument: str = ""
    uuid: str = ""
    loops: int = 1
    locked: bool = False


_NOTHING: Order = Order("", locked=True)
"""What a stranded leg does."""

Application = Callable[["Channel", str], None]


class Channel(Leg):
    """A leg with a list of orders, a keypad and an ear."""

    def __init__(
        self,
        exchange: Exchange,
        uuid: str,
        profile: Profile,
        handset: Handset,
        applications: Mapping[str, Application],
    ) -> None:
        super().__init__(exchange, uuid, profile, handset)
        self.keypad = Keypad(self)
        self.broken = False
        self.in_park_state = False
        """Whether it was parked by `uuid_park`, which works once."""
        self._applications = applications
        self._orders: deque[Order] = deque()
        self._running: list[Order] = []
        self._next: Order | None = None
        self._signal = Signal()
        self.watch(self._signal.set)

    def live(self, first: Order | None) -> None:
        """Give the leg its greenlet: `first`, or without one to be talked to."""
        self._alive_in = gevent.spawn(self._live, first)

    def _live(self, first: Order | None) -> None:
        try:
            while self._last_to(first):
                first, self._next = self._next, None
            self.hangup("NORMAL_CLEARING")
        except LegGone:
            pass  # how every leg's life ends
        finally:
            self.hangup("NORMAL_TEMPORARY_FAILURE")
            self.complete()

    def _last_to(self, order: Order | None) -> bool:
        """Do one thing to its end; True when it was left for something else."""
        try:
            if order is None:
                self.wait_until(lambda: False)
            elif order is _NOTHING:
                self._stay_stranded()
            else:
                self.execute(order)
        except Transferred:
            return True
        return False

    def _stay_stranded(self) -> None:
        self._running.append(_NOTHING)
        try:
            self.wait_until(lambda: False)
        finally:
            self._running.remove(_NOTHING)

    def give(self, order: Order) -> bool:
        """Queue an order; False when far too many wait already."""
        if len(self._orders) >= _MOST_ORDERS:
            return False
        self._orders.append(order)
        self.changed()
        return True

    def transfer(self, order: Order) -> None:
        """Leave everything and do this instead."""
        self._next = order
        self.changed()

    def strand(self) -> None:
        """Leave everything, and from now on obey nobody: the switch does so too."""
        self.transfer(_NOTHING)

    def interrupt(self, *, everything: bool) -> None:
        """Stop what plays, and with `everything` what was still to be done."""
        if everything:
            self._orders.clear()
        self.broken = True
        self.changed()

    def wait_until(
        self, met: Callable[[], bool], deadline: float | None = None
    ) -> bool:
        """Wait, doing as ordered meanwhile; False if the deadline passes first.

        `deadline` is a moment of time.monotonic(). LegGone and Transferred end
        the wait as well.
        """
        while True:
            self._check()
            if met():
                return True
            if self._orders and not any(order.locked for order in self._running):
                self._obey(self._orders.popleft())
                continue
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                return False
            self._signal.clear()
            self._signal.wait(left)

    def _check(self) -> None:
        if self.cause:
            raise LegGone(self.cause)
        if self._next is not None:
            raise Transferred

    def _obey(self, order: Order) -> None:
        """Run an order of a client, as often as it says."""
        try:
            for loop in range(1, order.loops + 1):
                began = time.monotonic()
                self.variables["current_loop"] = str(loop)
                self.variables["total_loops"] = str(order.loops)
                self.execute(order)
                if time.monotonic() - began < 0.5:  # noqa: PLR2004 - as the switch
                    break
        finally:
            self.variables.pop("current_loop", None)
            self.variables.pop("total_loops", None)

    def execute(self, order: Order) -> None:
        """Run an application now; one that nobody knows costs the leg its life."""
        application = self._applications.get(order.application)
        if application is None:
            self.variables["app_uuid"] = order.uuid
            self.hangup("DESTINATION_OUT_OF_ORDER")
            raise LegGone(self.cause)
        self._check()
        self._begin(order)
        headers = self._application_headers(order)
        self.tell("CHANNEL_EXECUTE", headers)
        self._running.append(order)
        try:
            application(self, order.argument)
        finally:
            self._running.remove(order)
            response = self.text("current_application_response", "_none_")
            headers["Application-Response"] = response
            self.tell("CHANNEL_EXECUTE_COMPLETE", headers)

    def _begin(self, order: Order) -> None:
        self.variables.pop("current_application_response", None)
        self.variables["current_application"] = order.application
        if order.argument:
            self.variables["current_application_data"] = order.argument
        else:
            self.variables.pop("current_application_data", None)
        self.last_run = (order.application, order.argument)

    def _application_headers(self, order: Order) -> Event:
        headers: Event = {"Application": order.application}
        if order.argument:
            headers["Application-Data"] = order.argument
        headers["Application-Response"] = "_none_"
        headers["Application-UUID"] = order.uuid or str(uuid.uuid4())
        return headers

    def run_hooks(self, moment: str) -> None:
        """Run what variables such as execute_on_answer ask for."""
        hooks = sorted(name for name in self.variables if name.startswith(moment))
        for name in hooks:
            application, _, argument = self.text(name).partition(" ")
            self.execute(Order(application, argument))

    def keyed(self, digits: str) -> None:
        """Take the keys that somebody pressed."""
        self.keypad.press(digits)

    def patience(self) -> float:
        """Say how many seconds a combination may take from key to key."""
        milliseconds = self.text("bind_digit_digit_timeout")
        return int(milliseconds) / 1000 if milliseconds.isdecimal() else 1.5

    def act(self, binding: Binding, keyed: str) -> None:
        """Do what a combination was bound to: an API command or an application."""
        self.variables["last_matching_digits"] = keyed
        kind, _, name = binding.action.partition(":")
        if kind == "api":
            result = self.exchange.command(name, binding.argument)
            self.variables["bind_digit_action_api_result"] = result
        else:
            self.give(Order(name, binding.argument))

    def consumed(self, digit: str) -> None:
        """Note that a key was read, unless nobody may know."""
        if self.says("sensitive_dtmf"):
            return
        self.dialled += digit
        event = self.exchange.speaker.begin("DTMF")
        event |= {"Unique-ID": self.uuid, "DTMF-Digit": digit, "DTMF-Duration": "1600"}
        self.exchange.publish(event)
