"""The API: commands that act on the switch and on any of its legs."""

import time
from collections.abc import Callable, Mapping
from typing import Protocol

from sandbox.switch import health, registry
from sandbox.switch.causes import named
from sandbox.switch.channel import Channel, Order
from sandbox.switch.headers import HOSTNAME, VERSION
from sandbox.switch.mishaps import Mishaps
from sandbox.switch.scheduler import Scheduler, parse_delay
from sandbox.switch.trunks import Trunk

_OK = "+OK\n"
_LINE = "=" * 97
_NO_LEG = "-ERR No such channel!\n"
_GLOBALS = {"domain": "127.0.0.1", "hostname": HOSTNAME, "local_ip_v4": "127.0.0.1"}


class Operated(health.Patient, Protocol):
    """What commands need of the switch."""

    scheduler: Scheduler
    mishaps: Mishaps
    gateways: Mapping[str, Trunk]

    def find(self, uuid: str) -> Channel | None:
        """Find a leg that is alive."""

    def originate(self, arguments: str, answered: Callable[[str], None]) -> None:
        """Ring somebody and let their leg run an application."""


class Commands:
    """Every command there is; each takes its arguments and answers a text."""

    def __init__(self, switch: Operated) -> None:
        self._switch = switch
        self._commands: dict[str, Callable[[str], str]] = {
            "fsctl": self._fsctl,
            "global_getvar": lambda name: _GLOBALS.get(name, ""),
            "hupall": self._hupall,
            "originate": self._originate,
            "sched_broadcast": self._sched_broadcast,
            "sched_del": self._sched_del,
            "sched_hangup": self._sched_hangup,
            "show": self._show,
            "sofia": self._sofia,
            "status": lambda _: health.status(switch),
            "strepoch": lambda _: str(int(time.time())),
            "uuid_break": self._uuid_break,
            "uuid_broadcast": self._uuid_broadcast,
            "uuid_dump": self._uuid_dump,
            "uuid_exists": lambda uuid: str(switch.find(uuid) is not None).lower(),
            "uuid_getvar": self._uuid_getvar,
            "uuid_kill": self._uuid_kill,
            "uuid_park": self._uuid_park,
            "uuid_setvar": self._uuid_setvar,
            "uuid_setvar_multi": self._uuid_setvar_multi,
            "uuid_transfer": self._uuid_transfer,
            "version": lambda _: f"FreeSWITCH Version {VERSION} (64bit)\n",
        }

    def run(self, name: str, arguments: str) -> str:
        """Run a command; an unknown one is an error like any other."""
        command = self._commands.get(name)
        if command is None:
            return f"-ERR {name} Command not found!\n"
        return command(arguments.strip())

    def _fsctl(self, arguments: str) -> str:
        match arguments.split():
            case ["pause_check", *_]:
                return str(self._switch.paused).lower()
            case ["pause", *_]:
                self._switch.paused = True
            case ["resume", *_]:
                self._switch.paused = False
            case ["ready_check", *_]:
                return "true"
            case ["sps" | "max_sessions", *_]:
                pass  # a sandbox never throttles
            case _:
                return "-ERR Invalid command!\n"
        return _OK

    def _hupall(self, arguments: str) -> str:
        cause, _, condition = (arguments or "MANAGER_REQUEST").partition(" ")
        name, _, value = condition.partition(" ")
        for leg in list(self._switch.legs.values()):
            # As on the real switch: without a value, everything goes.
            if not value or leg.text(name) == value:
                leg.hangup(named(cause))
        return f"+OK hangup all channels with cause {named(cause)}\n"

    def _sofia(self, arguments: str) -> str:
        """Of all that sofia tells, whether a gateway is configured."""
        match arguments.split():
            case ["status", "gateway", name] if name in self._switch.gateways:
                return f"{_LINE}\nName    \t{name}\nStatus  \tUP\n{_LINE}\n"
            case ["status", "gateway", _]:
                return "Invalid Gateway!\n"
        return "-ERR Unknown command!\n"

    def _originate(self, arguments: str) -> str:
        answers: list[str] = []
        self._switch.originate(arguments, answers.append)
        return answers[0]

    def _sched_hangup(self, arguments: str) -> str:
        delay, _, rest = arguments.partition(" ")
        uuid, _, cause = rest.partition(" ")
        leg, seconds = self._switch.find(uuid), parse_delay(delay)
        if leg is None or seconds is None:
            return "-USAGE: [+]<time> <uuid> [<cause>]\n" if not uuid else _NO_LEG
        self._switch.scheduler.add(
            uuid, seconds, lambda: leg.hangup(named(cause or "ALLOTTED_TIMEOUT"))
        )
        return _OK

    def _sched_broadcast(self, arguments: str) -> str:
        delay, _, rest = arguments.partition(" ")
        uuid, _, announcement = rest.partition(" ")
        leg, seconds = self._switch.find(uuid), parse_delay(delay)
        if leg is None or seconds is None or not announcement:
            return "-USAGE: [[+]<time>|@time] <uuid> <path> [aleg|bleg|both]\n"
        self._switch.scheduler.add(uuid, seconds, lambda: _broadcast(leg, announcement))
        return _OK

    def _sched_del(self, arguments: str) -> str:
        gone = self._switch.scheduler.cancel(arguments)
        return f"+OK Deleted: {gone}\n"

    def _show(self, arguments: str) -> str:
        words = arguments.split()
        if words[:1] in (["channels"], ["calls"]):
            as_json = words[1:] == ["as", "json"]
            listing = registry.show(self._switch.legs.values(), as_json=as_json)
            return self._switch.mishaps.listed(listing)
        return "-USAGE: show channels|calls [as json]\n"

    def _uuid_break(self, arguments: str) -> str:
        uuid, *how = arguments.split() or [""]
        leg = self._switch.find(uuid)
        if leg is None:
            return _NO_LEG
        leg.interrupt(everything="all" in how)
        return _OK

    def _uuid_broadcast(self, arguments: str) -> str:
        uuid, _, announcement = arguments.partition(" ")
        leg = self._switch.find(uuid)
        if leg is None or not announcement:
            return "-ERR No such channel!\n" if leg is None else "-ERR no reply\n"
        _broadcast(leg, announcement)
        return "+OK Message sent\n"

    def _uuid_dump(self, arguments: str) -> str:
        uuid, _, style = arguments.partition(" ")
        leg = self._switch.find(uuid)
        return _NO_LEG if leg is None else registry.dump(leg, style.strip())

    def _uuid_getvar(self, arguments: str) -> str:
        uuid, _, name = arguments.partition(" ")
        leg = self._switch.find(uuid)
        return _NO_LEG if leg is None else leg.text(name.strip(), "_undef_")

    def _uuid_kill(self, arguments: str) -> str:
        uuid, _, cause = arguments.partition(" ")
        leg = self._switch.find(uuid)
        if leg is None:
            return _NO_LEG
        leg.hangup(named(cause))
        return _OK

    def _uuid_park(self, arguments: str) -> str:
        leg = self._switch.find(arguments)
        if leg is None:
            return _NO_LEG
        if not leg.is_originator:
            return "-ERR Operation failed\n"  # a called leg only ever talks
        if leg.in_park_state:
            leg.strand()
        else:
            leg.in_park_state = True
            leg.transfer(Order("park"))
        return _OK

    def _uuid_setvar(self, arguments: str) -> str:
        uuid, _, assignment = arguments.partition(" ")
        name, _, value = assignment.partition(" ")
        return self._set(uuid, {name: value})

    def _uuid_setvar_multi(self, arguments: str) -> str:
        uuid, _, assignments = arguments.partition(" ")
        pairs = (part.partition("=") for part in assignments.split(";"))
        return self._set(uuid, {name: value for name, _, value in pairs})

    def _uuid_transfer(self, arguments: str) -> str:
        uuid, _, rest = arguments.partition(" ")
        where, _, dialplan = rest.rpartition(" ")
        application, _, argument = where.partition(":")
        leg = self._switch.find(uuid)
        if leg is None:
            return _NO_LEG
        if dialplan != "inline" or not application:
            return "-USAGE: <uuid> <application>[:<argument>] inline\n"
        if not leg.is_originator:
            return "-ERR Operation failed\n"  # a called leg only ever talks
        leg.in_park_state = False
        leg.transfer(Order(application, argument))
        return _OK

    def _set(self, uuid: str, values: dict[str, str]) -> str:
        leg = self._switch.find(uuid)
        if leg is None:
            return _NO_LEG
        for name, value in values.items():
            if value:
                leg.variables[name] = value
            else:
                leg.variables.pop(name, None)
        return _OK


def _broadcast(leg: Channel, announcement: str) -> None:
    """Let a leg, its partner or both hear something now, whatever they do."""
    words = announcement.split(" ")
    whose = words.pop() if words[-1] in ("aleg", "bleg", "both", "holdb") else "aleg"
    what = " ".join(words)
    application, separator, argument = what.partition("::")
    plays = not separator or "//" in what.partition("::")[0]
    order = Order("playback", what) if plays else Order(application, argument)
    order = Order(order.application, order.argument, locked=True)
    if whose != "bleg":
        leg.give(order)
    if whose in ("bleg", "both") and isinstance(leg.partner, Channel):
        leg.partner.give(order)
