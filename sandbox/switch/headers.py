"""The headers of events: who speaks, about which leg, about which other leg."""

import itertools
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sandbox.switch.wire import Event

HOSTNAME = "sandbox"
VERSION = "1.11.3-sandbox"

# Where FreeSWITCH 1.11 fires each event: file, function, line.
_FIRED = {
    "CHANNEL_CREATE": ("switch_core_state_machine.c", "switch_core_session_run", 626),
    "CHANNEL_PROGRESS": (
        "switch_channel.c",
        "switch_channel_perform_mark_ring_ready_value",
        3507,
    ),
    "CHANNEL_PROGRESS_MEDIA": (
        "switch_channel.c",
        "switch_channel_perform_mark_pre_answered",
        3590,
    ),
    "CHANNEL_ANSWER": (
        "switch_channel.c",
        "switch_channel_perform_mark_answered",
        3848,
    ),
    "CHANNEL_PARK": ("switch_ivr.c", "switch_ivr_park", 1002),
    "CHANNEL_UNPARK": ("switch_ivr.c", "switch_ivr_park", 1180),
    "CHANNEL_EXECUTE": ("switch_core_session.c", "switch_core_session_exec", 2905),
    "CHANNEL_EXECUTE_COMPLETE": (
        "switch_core_session.c",
        "switch_core_session_exec",
        2972,
    ),
    "CHANNEL_BRIDGE": (
        "switch_ivr_bridge.c",
        "switch_ivr_multi_threaded_bridge",
        1689,
    ),
    "CHANNEL_UNBRIDGE": (
        "switch_ivr_bridge.c",
        "switch_ivr_multi_threaded_bridge",
        1879,
    ),
    "CHANNEL_HANGUP": ("switch_channel.c", "switch_channel_perform_hangup", 3447),
    "CHANNEL_HANGUP_COMPLETE": (
        "switch_core_state_machine.c",
        "switch_core_session_reporting_state",
        943,
    ),
    "CHANNEL_DESTROY": (
        "switch_core_session.c",
        "switch_core_session_perform_destroy",
        1570,
    ),
    "CHANNEL_DATA": ("mod_commands.c", "uuid_dump_function", 6495),
    "BACKGROUND_JOB": ("mod_event_socket.c", "api_exec", 1580),
    "HEARTBEAT": ("switch_core.c", "send_heartbeat", 95),
}
_ELSEWHERE = ("switch_channel.c", "switch_channel_event", 1)


def microseconds() -> int:
    """Read the clock as the switch does."""
    return time.time_ns() // 1000


class Speaker:
    """One life of one switch: its Core-UUID, and the count of what it said."""

    def __init__(self) -> None:
        self.core_uuid = str(uuid.uuid4())
        self._sequence = itertools.count(1)

    def begin(self, name: str) -> Event:
        """Begin an event with the headers that all events have."""
        now = microseconds()
        moment = datetime.fromtimestamp(now / 1e6, UTC)
        file, function, line = _FIRED.get(name, _ELSEWHERE)
        return {
            "Event-Name": name,
            "Core-UUID": self.core_uuid,
            "FreeSWITCH-Hostname": HOSTNAME,
            "FreeSWITCH-Switchname": HOSTNAME,
            "FreeSWITCH-IPv4": "127.0.0.1",
            "FreeSWITCH-IPv6": "::1",
            "Event-Date-Local": f"{moment:%Y-%m-%d %H:%M:%S}",
            "Event-Date-GMT": f"{moment:%a, %d %b %Y %H:%M:%S} GMT",
            "Event-Date-Timestamp": str(now),
            "Event-Calling-File": file,
            "Event-Calling-Function": function,
            "Event-Calling-Line-Number": str(line),
            "Event-Sequence": str(next(self._sequence)),
        }


@dataclass
class Times:
    """When things happened to a leg, in microseconds; 0 is never."""

    created: int = 0
    progress: int = 0
    progress_media: int = 0
    answered: int = 0
    bridged: int = 0
    hungup: int = 0

    def headers(self) -> Event:
        """Give the times as Caller-* headers, without the prefix."""
        return {
            "Profile-Created-Time": str(self.created),
            "Channel-Created-Time": str(self.created),
            "Channel-Answered-Time": str(self.answered),
            "Channel-Progress-Time": str(self.progress),
            "Channel-Progress-Media-Time": str(self.progress_media),
            "Channel-Hangup-Time": str(self.hungup),
            "Channel-Transfer-Time": "0",
            "Channel-Resurrect-Time": "0",
            "Channel-Bridged-Time": str(self.bridged),
            "Channel-Last-Hold": "0",
            "Channel-Hold-Accum": "0",
        }


@dataclass
class Profile:
    """Who calls whom on a leg; an empty text makes no header."""

    direction: str
    caller_number: str
    destination: str
    caller_name: str = ""
    orig_name: str = ""
    orig_number: str = ""
    callee_name: str = ""
    callee_number: str = ""
    network_addr: str = ""
    ani: str = ""
    username: str = ""
    dialplan: str = ""
    source: str = "src/switch_ivr_originate.c"
    context: str = "default"
    times: Times = field(default_factory=Times)

    def headers(self, uuid: str, channel: str) -> Event:
        """Give the profile as Caller-* headers, without the prefix."""
        texts = {
            "Direction": self.direction,
            "Logical-Direction": self.direction,
            "Username": self.username,
            "Dialplan": self.dialplan,
            "Caller-ID-Name": self.caller_name,
            "Caller-ID-Number": self.caller_number,
            "Orig-Caller-ID-Name": self.orig_name,
            "Orig-Caller-ID-Number": self.orig_number,
            "Callee-ID-Name": self.callee_name,
            "Callee-ID-Number": self.callee_number,
            "Network-Addr": self.network_addr,
            "ANI": self.ani,
            "Destination-Number": self.destination,
            "Unique-ID": uuid,
            "Source": self.source,
            "Context": self.context,
            "Channel-Name": channel,
            "Profile-Index": "1",
        }
        return {
            **{name: text for name, text in texts.items() if text},
            **self.times.headers(),
            "Screen-Bit": "true",
            "Privacy-Hide-Name": "false",
            "Privacy-Hide-Number": "false",
        }


def calling_in(caller: str, number: str, name: str) -> Profile:
    """Make the profile of somebody who rings the switch."""
    return Profile(
        direction="inbound",
        username=caller,
        dialplan="XML",
        caller_name=name,
        caller_number=caller,
        orig_name=name,
        orig_number=caller,
        destination=number,
        network_addr="127.0.0.1",
        ani=caller,
        source="mod_sofia",
        context="public",
        times=Times(created=microseconds()),
    )


def other_leg(headers: Event, kind: str) -> Event:
    """Turn a leg's profile headers into another leg's Other-Leg-* headers."""
    other: Event = {"Other-Type": kind}
    other |= {f"Other-Leg-{name}": value for name, value in headers.items()}
    other["Other-Leg-Logical-Direction"] = "inbound"
    del other["Other-Leg-Profile-Index"]
    return other
