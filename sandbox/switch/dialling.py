"""Ringing a telephone: from a dial string to a leg that somebody answered."""

import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from gevent.event import Event as Signal

from sandbox.network import Network
from sandbox.switch import media, sip
from sandbox.switch.channel import Channel, LegGone, Transferred
from sandbox.switch.dialstring import Attempt, DialString
from sandbox.switch.headers import Profile, Times, microseconds, other_leg
from sandbox.switch.trunks import Trunk
from sandbox.switch.wire import Event

_PATIENCE_S = 60.0
_ANONYMOUS = "0000000000"


class NotReached(Exception):
    """Nobody answered: why, and on which legs (the last one last)."""

    def __init__(self, cause: str, legs: list[Channel], *, final: bool = False) -> None:
        super().__init__(cause)
        self.cause = cause
        self.legs = legs
        self.final = final


class Gatekeeper(Protocol):
    """What dialling needs of the switch."""

    network: Network
    gateways: Mapping[str, Trunk]
    paused: bool
    legs: dict[str, Channel]

    def add(
        self, uuid: str, profile: Profile, number: str, variables: Event
    ) -> Channel:
        """Make a leg and let it be seen."""


class Waiter(Protocol):
    """Whoever waits for the answer: a calling leg, or nobody's job."""

    def wait_until(
        self, met: Callable[[], bool], deadline: float | None = None
    ) -> bool:
        """Wait until something is so; False if the deadline passes first."""


class Job:
    """A wait of no leg's: bgapi originate."""

    def __init__(self) -> None:
        self._signal = Signal()
        self.wake = self._signal.set

    def wait_until(
        self, met: Callable[[], bool], deadline: float | None = None
    ) -> bool:
        """Wait until something is so; False if the deadline passes first."""
        while not met():
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                return False
            self._signal.clear()
            self._signal.wait(left)
        return True


@dataclass(frozen=True)
class Call:
    """One dial string on its way, for a calling leg or for nobody."""

    switch: Gatekeeper
    waiter: Waiter
    wake: Callable[[], None]
    originator: Channel | None = None
    timeout: float | None = None


def dial(call: Call, plan: DialString) -> Channel:
    """Ring the legs in turn until one is answered, or raise NotReached."""
    tried: list[Channel] = []
    cause = "DESTINATION_OUT_OF_ORDER"
    for attempt in plan.attempts:
        try:
            return _attempt(call, attempt, {**plan.variables, **attempt.variables})
        except NotReached as failure:
            tried += failure.legs
            cause = failure.cause
            if failure.final:
                break
    raise NotReached(cause, tried)


def _attempt(call: Call, attempt: Attempt, given: dict[str, str]) -> Channel:
    chosen = given.get("origination_uuid") or str(uuid.uuid4())
    if attempt.gateway not in call.switch.gateways:
        raise NotReached("INVALID_GATEWAY", [])
    if call.switch.paused or chosen in call.switch.legs:
        raise NotReached("DESTINATION_OUT_OF_ORDER", [])
    profile = _profile(call.originator, attempt.number, given)
    variables = _variables(call.originator, attempt, given)
    beside = call.switch.legs.values()
    load = sum(each.text("sip_gateway_name") == attempt.gateway for each in beside)
    leg = call.switch.add(chosen, profile, attempt.number, variables)
    if call.originator is not None:
        _tie(leg, call.originator)
    leg.watch(call.wake)
    leg.tell("CHANNEL_CREATE")
    if not call.switch.gateways[attempt.gateway].takes(load):
        leg.hangup("NORMAL_TEMPORARY_FAILURE")
        raise NotReached(leg.cause, [leg])
    try:
        _ring(call, leg)
    except (LegGone, Transferred):
        leg.hangup("ORIGINATOR_CANCEL")
        raise
    return leg


def _ring(call: Call, leg: Channel) -> None:
    """Let the telephone ring until it is answered, or raise NotReached."""
    leg.handset.ring(leg, leg.profile.caller_number)
    deadline, cause = _patience(call, leg)
    if not call.waiter.wait_until(lambda: leg.up or bool(leg.cause), deadline):
        leg.hangup(cause)
        stops = cause == "NO_ANSWER" and not leg.says("originate_continue_on_timeout")
        raise NotReached(leg.cause, [leg], final=stops)
    with suppress(LegGone):  # told next, as of a leg that never answered
        leg.run_hooks("execute_on_answer")
    if leg.cause:
        raise NotReached(leg.cause, [leg])
    leg.callstate = "ACTIVE"


def _patience(call: Call, leg: Channel) -> tuple[float, str]:
    """Reckon until when the telephone rings, and what is said when nobody came."""
    general = _PATIENCE_S if call.timeout is None else call.timeout
    if call.originator is not None:
        general = _seconds(call.originator.text("call_timeout"), general)
    general = _seconds(leg.text("originate_timeout"), general)
    own = _seconds(leg.text("leg_timeout"), general + 1)
    cause = "ALLOTTED_TIMEOUT" if own <= general else "NO_ANSWER"
    return time.monotonic() + min(own, general), cause


def _seconds(text: str, default: float) -> float:
    return float(text) if text.isdecimal() and int(text) else default


def _profile(originator: Channel | None, number: str, given: dict[str, str]) -> Profile:
    name = given.get("origination_caller_id_name", "")
    caller = given.get("origination_caller_id_number", "")
    if originator is None:
        caller = caller or _ANONYMOUS
        orig = ani = caller
        address = ""
    else:
        theirs = originator.profile
        effective = originator.text
        name = name or effective("effective_caller_id_name", theirs.caller_name)
        caller = caller or effective("effective_caller_id_number", theirs.caller_number)
        orig, ani, address = theirs.orig_number, theirs.ani, media.ADDRESS
    return Profile(
        direction="outbound",
        caller_name=name,
        caller_number=caller,
        orig_number=orig,
        callee_name="Outbound Call",
        callee_number=number,
        destination=number,
        network_addr=address,
        ani=ani,
        times=Times(created=microseconds()),
    )


def _variables(
    originator: Channel | None, attempt: Attempt, given: dict[str, str]
) -> Event:
    variables: Event = {"is_outbound": "true"}
    variables |= sip.invited(attempt.number, attempt.gateway)
    if originator is None:
        variables |= {"video_media_flow": "disabled"}
        variables |= {"rtp_use_codec_string": "PCMU,PCMA"}
    else:
        variables |= sip.originated(originator.uuid, originator.text("switch_r_sdp"))
        for name in originator.text("export_vars").split(","):
            if name in originator.variables:
                variables[name] = originator.variables[name]
        if "ignore_early_media" in originator.variables:
            variables["ignore_early_media"] = originator.text("ignore_early_media")
    variables |= given
    early = variables.get("ignore_early_media", "false") != "true"
    return variables | {"originate_early_media": str(early).lower()}


def _tie(leg: Channel, originator: Channel) -> None:
    """Let a leg know whose call it is."""
    leg.call_uuid = originator.uuid
    leg.variables["call_uuid"] = originator.uuid
    theirs = originator.profile.headers(originator.uuid, originator.name)
    leg.other = other_leg(theirs, "originator")
