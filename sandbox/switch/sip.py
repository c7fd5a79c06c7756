"""The variables that SIP leaves on a leg, stage by stage.

Nothing here is used by the sandbox itself. The variables make its events say,
and weigh, what a real switch's do, so that readers of events meet nothing new.
"""

import random
import uuid

from sandbox.switch import media
from sandbox.switch.causes import REFUSALS, q850
from sandbox.switch.media import ADDRESS
from sandbox.switch.wire import Event

_AGENT = "sandbox-handset/1.0"
_FAR = f"{ADDRESS}:5090"
_METHODS = (
    "INVITE, ACK, BYE, CANCEL, OPTIONS, MESSAGE, INFO, UPDATE, REGISTER, REFER, NOTIFY"
)
_chance = random.Random()  # noqa: S311 - tags, not secrets


def _tag() -> str:
    return f"{_chance.getrandbits(64):016x}"[:13]


def _profile() -> Event:
    return {
        "sofia_profile_name": "external",
        "recovery_profile_name": "external",
        "sofia_profile_url": f"sip:mod_sofia@{ADDRESS}:5060",
    }


def invited(number: str, gateway: str) -> Event:
    """Give what an outgoing leg carries from its first event."""
    return {
        "sip_gateway_name": gateway,
        "sip_local_network_addr": ADDRESS,
        "sip_profile_name": "gateway",
        "sip_destination_url": f"sip:{number}@{_FAR}",
        "originate_endpoint": "sofia",
        **media.offered(),
        "sip_outgoing_contact_uri": f"<sip:gw+{gateway}@{ADDRESS}:5060;transport=udp;gw={gateway}>",  # noqa: E501
        "sip_req_uri": f"{number}@{_FAR}",
        "sip_to_host": _FAR,
        "sip_from_host": ADDRESS,
        **_profile(),
    }


def originated(originator: str, media: str) -> Event:
    """Give what a leg dialled for another one carries besides."""
    return {
        "max_forwards": "70",
        "originator_codec": "PCMU@8000h@20i",
        "originator": originator,
        "signal_bond": originator,
        "switch_m_sdp": media,
        "originating_leg_uuid": originator,
        "rtp_use_codec_string": "PCMU@8000h@20i",
        "video_media_flow": "inactive",
    }


def replied() -> Event:
    """Give what any answer from the far side leaves behind."""
    return {
        "sip_reply_host": ADDRESS,
        "sip_reply_port": "5090",
        "sip_network_ip": ADDRESS,
        "sip_network_port": "5090",
        "sip_call_id": str(uuid.uuid4()),
    }


def rung(number: str, caller: str, caller_name: str) -> Event:
    """Give what a ringing (or answering) telephone adds to an outgoing leg."""
    ours, theirs, branch = _tag(), _tag(), f"z9hG4bK{_tag()}"
    shown = f'"{caller_name}" ' if caller_name else ""
    via = f"SIP/2.0/UDP {ADDRESS};rport=5060;branch={branch}"
    variables: Event = {
        **replied(),
        "sip_user_agent": _AGENT,
        "sip_allow": _METHODS,
        "sip_recover_contact": f"<sip:{number}@{_FAR};transport=udp>",
        "sip_full_via": via,
        "sip_recover_via": via,
        "sip_full_from": f"{shown}<sip:{caller}@{ADDRESS}>;tag={ours}",
        "sip_full_to": f"<sip:{number}@{_FAR}>;tag={theirs}",
        "sip_from_user": caller,
        "sip_from_uri": f"{caller}@{ADDRESS}",
        "sip_to_user": number,
        "sip_to_port": "5090",
        "sip_to_uri": f"{number}@{_FAR}",
        "sip_to_host": ADDRESS,
        "sip_contact_params": "transport=udp",
        "sip_contact_user": number,
        "sip_contact_port": "5090",
        "sip_contact_uri": f"{number}@{_FAR}",
        "sip_contact_host": ADDRESS,
        "sip_to_tag": theirs,
        "sip_from_tag": ours,
        "sip_cseq": "123136493",
    }
    if caller_name:
        variables["sip_from_display"] = caller_name
    return variables


def refused(cause: str) -> Event:
    """Give what a telephone's no leaves on the leg that rang it."""
    if cause not in REFUSALS:
        return replied()
    refusal = REFUSALS[cause]
    return {
        **replied(),
        "sip_hangup_disposition": "recv_refuse",
        **refusal_seen(cause),
        **_ended(cause, refusal.status),
    }


def refusal_seen(cause: str) -> Event:
    """Give the part of a refusal that both legs of a bridge carry."""
    if cause not in REFUSALS:
        return {}
    return {
        "sip_invite_failure_status": REFUSALS[cause].status,
        "sip_invite_failure_phrase": REFUSALS[cause].phrase,
        "sip_reason": _reason(cause),
    }


def put_down(cause: str) -> Event:
    """Give what a telephone that is put down leaves on its leg."""
    return {"sip_reason": _reason(cause), **_ended(cause, "200")}


def _ended(cause: str, status: str) -> Event:
    return {
        "sip_term_status": status,
        "proto_specific_hangup_cause": f"sip:{status}",
        "sip_term_cause": q850(cause),
    }


def _reason(cause: str) -> str:
    return f'Q.850;cause={q850(cause)};text="{cause}"'


def invitation(caller: str, name: str, number: str, at: int) -> Event:
    """Give what an incoming leg carries from its first event."""
    tag, far = _tag(), _FAR
    shown = f'"{name}" ' if name != caller else ""
    return {
        "sip_from_user": caller,
        "sip_from_uri": f"{caller}@{ADDRESS}",
        "sip_from_host": ADDRESS,
        "sip_call_id": str(uuid.uuid4()),
        "sip_local_network_addr": ADDRESS,
        "sip_network_ip": ADDRESS,
        "sip_network_port": "5090",
        "sip_invite_stamp": str(at),
        "sip_received_ip": ADDRESS,
        "sip_received_port": "5090",
        "sip_via_protocol": "udp",
        "sip_from_user_stripped": caller,
        "sip_from_tag": tag,
        **({"sip_from_display": name} if shown else {}),
        **_profile(),
        "sip_Remote-Party-ID": f"{shown}<sip:{caller}@{ADDRESS}>;party=calling;screen=yes;privacy=off",  # noqa: E501
        "sip_cid_type": "rpid",
        "sip_full_via": f"SIP/2.0/UDP {far};rport=5090;branch=z9hG4bK{_tag()}",
        "sip_full_from": f"{shown}<sip:{caller}@{ADDRESS}>;tag={tag}",
        "sip_full_to": f"<sip:{number}@{ADDRESS}:5060>",
        "sip_allow": _METHODS,
        **_addressed(number),
        "sip_contact_user": "mod_sofia",
        "sip_contact_port": "5090",
        "sip_contact_uri": f"mod_sofia@{far}",
        "sip_contact_host": ADDRESS,
        "sip_user_agent": _AGENT,
        "sip_via_host": ADDRESS,
        "sip_via_port": "5090",
        "sip_via_rport": "5090",
        "max_forwards": "70",
        **media.proposed(),
        "endpoint_disposition": "RECEIVED",
    }


def _addressed(number: str) -> Event:
    return {
        "sip_req_user": number,
        "sip_req_port": "5060",
        "sip_req_uri": f"{number}@{ADDRESS}:5060",
        "sip_req_host": ADDRESS,
        "sip_to_user": number,
        "sip_to_port": "5060",
        "sip_to_uri": f"{number}@{ADDRESS}:5060",
        "sip_to_host": ADDRESS,
    }


def tagged() -> Event:
    """Give what our own ringing adds to an incoming leg."""
    return {"sip_to_tag": _tag()}


def acknowledged() -> Event:
    """Give what the caller's acknowledgement of an answer adds."""
    return {**tagged(), "sip_cseq": "123136520"}
