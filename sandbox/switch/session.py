"""What a client of the Event Socket may say, and what it is answered."""

import hmac
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.switch.causes import named
from sandbox.switch.channel import Order
from sandbox.switch.core import Switch
from sandbox.switch.subscription import STYLES, Subscription
from sandbox.switch.wire import Command, api_response, reply

_NOT_FOUND = "-ERR command not found"


@dataclass(frozen=True)
class Answer:
    """The frames that answer a command; after the last one the link is closed."""

    frame: bytes
    last: bool = False


@dataclass
class Session:
    """One client's rights and wishes."""

    switch: Switch
    subscription: Subscription
    password: str
    _known: bool = field(default=False, init=False)

    def obey(self, command: Command) -> Answer:
        """Do what the client says and answer it."""
        if command.verb in ("exit", "..."):
            return Answer(reply("+OK bye"), last=True)
        if not self._known:
            return self._authenticate(command)
        if command.verb == "api":
            name, _, arguments = command.rest.partition(" ")
            return Answer(api_response(self.switch.command(name, arguments)))
        if command.verb == "bgapi":
            return self._background(command)
        say = self._sayings.get(command.verb)
        return Answer(reply(_NOT_FOUND if say is None else say(command)))

    @property
    def _sayings(self) -> dict[str, Callable[[Command], str]]:
        return {
            "auth": lambda _: "+OK accepted",
            "divert_events": lambda _: "-ERR not controlling a session.",
            "event": self._event,
            "filter": self._filter,
            "linger": lambda _: "-ERR not controlling a session",
            "nixevent": self._nixevent,
            "noevents": self._noevents,
            "sendmsg": self._sendmsg,
        }

    def _authenticate(self, command: Command) -> Answer:
        if command.verb != "auth":
            return Answer(reply(_NOT_FOUND))
        if hmac.compare_digest(command.rest.encode(), self.password.encode()):
            self._known = True
            return Answer(reply("+OK accepted"))
        return Answer(reply("-ERR invalid"), last=True)

    def _background(self, command: Command) -> Answer:
        name, _, arguments = command.rest.partition(" ")
        job = command.headers.get("job-uuid") or str(uuid.uuid4())
        self.switch.background(job, name, arguments)
        return Answer(reply(f"+OK Job-UUID: {job}", Job_UUID=job))

    def _event(self, command: Command) -> str:
        words = command.rest.replace(",", " ").split()
        style = words.pop(0) if words and words[0] in STYLES else "plain"
        if not words:
            return "-ERR no keywords supplied"
        self.subscription.add(style, words)
        return f"+OK event listener enabled {style}"

    def _nixevent(self, command: Command) -> str:
        self.subscription.remove(command.rest.split())
        return "+OK events nixed"

    def _noevents(self, _command: Command) -> str:
        if not self.subscription.listening:
            return "-ERR not listening for events"
        self.subscription.clear()
        return "+OK no longer listening for events"

    def _filter(self, command: Command) -> str:
        header, _, value = command.rest.partition(" ")
        if header == "delete":
            header, _, value = value.partition(" ")
            if not header:
                return "-ERR invalid syntax"
            self.subscription.remove_filter(header, value)
            return f"+OK filter deleted. [{header}][{value}]"
        if not value:
            return "-ERR invalid syntax"
        self.subscription.add_filter(header, value)
        return f"+OK filter added. [{header}]=[{value}]"

    def _sendmsg(self, command: Command) -> str:
        leg = self.switch.find(command.rest)
        if leg is None:
            return f"-ERR invalid session id [{command.rest}]"
        kind = command.headers.get("call-command", "")
        if kind == "hangup":
            leg.hangup(named(command.headers.get("hangup-cause", "")))
        elif kind == "execute" and not leg.give(_order(command)):
            return "-ERR memory error"
        return "+OK"


def _order(command: Command) -> Order:
    headers = command.headers
    loops = headers.get("loops", "1")
    return Order(
        application=headers.get("execute-app-name", ""),
        argument=headers.get("execute-app-arg") or command.body,
        uuid=headers.get("event-uuid", ""),
        loops=int(loops) if loops.isdecimal() and int(loops) else 1,
        locked=headers.get("event-lock", "") == "true",
    )
