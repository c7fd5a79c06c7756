"""The bridge application: a second leg is rung and the two talk."""

from functools import partial

from sandbox.switch import sip
from sandbox.switch.causes import REFUSALS, SURVIVED, dialstatus
from sandbox.switch.channel import Application, Channel, Order
from sandbox.switch.dialling import Call, Gatekeeper, NotReached, dial
from sandbox.switch.dialstring import BadDialString, parse
from sandbox.switch.headers import microseconds, other_leg
from sandbox.switch.leg import EXCHANGE_MEDIA


def bridge_through(switch: Gatekeeper) -> Application:
    """Make the bridge application of a switch."""

    def bridge(channel: Channel, argument: str) -> None:
        """Ring somebody; talk; come back, unless variables say otherwise."""
        call = Call(switch, channel, channel.changed, originator=channel)
        try:
            leg = _reach(call, argument)
        except NotReached as failure:
            _tell_failure(channel, failure)
            if not _survives(channel, failure.cause):
                channel.hangup(failure.cause)
        else:
            _talk(channel, leg)
            _afterwards(channel)

    return bridge


def _reach(call: Call, argument: str) -> Channel:
    try:
        plan = parse(argument)
    except BadDialString as error:
        raise NotReached("DESTINATION_OUT_OF_ORDER", []) from error
    return dial(call, plan)


def _tell_failure(channel: Channel, failure: NotReached) -> None:
    legs, cause = failure.legs, failure.cause
    channel.variables |= {
        "last_bridge_hangup_cause": cause,
        "originate_disposition": cause,
        "DIALSTATUS": dialstatus(cause),
        "originate_failed_cause": cause,
    }
    if not legs:
        return
    _tell_legs(channel, legs, cause)
    last = legs[-1]
    channel.variables["originate_signal_bond"] = last.uuid
    if last.profile.times.progress:
        channel.profile.callee_name = channel.profile.callee_number = (
            last.profile.destination
        )
    if cause in REFUSALS and last.text("sip_term_status"):
        channel.variables |= sip.refusal_seen(cause)
        channel.variables["sip_hangup_phrase"] = REFUSALS[cause].phrase
        channel.variables["last_bridge_proto_specific_hangup_cause"] = last.text(
            "proto_specific_hangup_cause"
        )


def _tell_legs(channel: Channel, legs: list[Channel], last_cause: str) -> None:
    """List every leg that was rung, and why each ended."""
    names = [f"{leg.uuid};Outbound Call;{leg.profile.destination}" for leg in legs]
    causes = [f"{leg.uuid};{leg.cause or last_cause}" for leg in legs]
    channel.variables["originated_legs"] = names[0] if len(legs) == 1 else names
    channel.variables["originate_causes"] = causes[0] if len(legs) == 1 else causes


def _survives(channel: Channel, cause: str) -> bool:
    if cause in SURVIVED or channel.says("continue_on_fail"):
        return True
    return cause in channel.text("continue_on_fail").upper().split(",")


def _talk(channel: Channel, leg: Channel) -> None:
    _join(channel, leg)
    try:
        channel.wait_until(lambda: bool(leg.cause))
    finally:
        _part(channel, leg)


def _join(channel: Channel, leg: Channel) -> None:
    now = microseconds()
    channel.profile.times.bridged = now
    channel.profile.callee_name = channel.profile.callee_number = (
        leg.profile.destination
    )
    _tell_legs(channel, [leg], "NONE")
    channel.variables |= {
        "switch_m_sdp": leg.text("switch_r_sdp"),
        "video_media_flow": "inactive",
        "text_media_flow": "inactive",
        "originate_disposition": "SUCCESS",
        "DIALSTATUS": "SUCCESS",
        "signal_bond": leg.uuid,
    }
    profile = leg.profile.headers(leg.uuid, leg.name)
    channel.other = other_leg(profile, "originatee")
    channel.tell("CHANNEL_BRIDGE", _pair(channel, leg))
    leg.profile.times.bridged = now
    leg.state = EXCHANGE_MEDIA
    _connect(channel, leg)
    leg.live(None)


def _connect(channel: Channel, leg: Channel) -> None:
    """Let the two hear each other, and know whom they talk to."""
    channel.partner, leg.partner = leg, channel
    channel.keypad.pass_to(partial(leg.handset.hear_keys, leg))
    leg.keypad.pass_to(partial(channel.handset.hear_keys, channel))
    _acquaint(channel, leg, leg.profile.destination)
    _acquaint(leg, channel, leg.profile.caller_number)


def _acquaint(one: Channel, other: Channel, number: str) -> None:
    one.variables |= {
        "bridge_to": other.uuid,
        "last_bridge_to": other.uuid,
        "bridge_channel": other.name,
        "bridge_uuid": other.uuid,
        "signal_bond": other.uuid,
        "last_sent_callee_id_name": number,
        "last_sent_callee_id_number": number,
    }


def _part(channel: Channel, leg: Channel) -> None:
    """Undo a bridge, whichever side ended it."""
    first, second = (leg, channel) if leg.cause else (channel, leg)
    channel.partner = leg.partner = None
    channel.keypad.pass_to(None)
    second.variables.pop("bridge_to", None)
    channel.variables.pop("bridge_to", None)
    if first.cause:
        _inherit_end(first, second)
    leg.hangup("NORMAL_CLEARING")
    channel.variables["bridge_hangup_cause"] = leg.cause
    channel.tell("CHANNEL_UNBRIDGE", _pair(channel, leg))


def _inherit_end(first: Channel, second: Channel) -> None:
    """Tell the leg that stays how the other one went."""
    second.variables["last_bridge_hangup_cause"] = first.cause
    if status := first.text("proto_specific_hangup_cause"):
        second.variables["sip_reason"] = first.text("sip_reason")
        second.variables["sip_hangup_phrase"] = "OK"
        second.variables["last_bridge_proto_specific_hangup_cause"] = status


def _pair(channel: Channel, leg: Channel) -> dict[str, str | list[str]]:
    return {"Bridge-A-Unique-ID": channel.uuid, "Bridge-B-Unique-ID": leg.uuid}


def _afterwards(channel: Channel) -> None:
    if channel.says("hangup_after_bridge"):
        channel.hangup("NORMAL_CLEARING")
    elif channel.says("park_after_bridge"):
        channel.transfer(Order("park"))
