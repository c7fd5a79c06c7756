"""What is alive, told as `show channels` and `uuid_dump` tell it."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime

from sandbox.switch.channel import Channel
from sandbox.switch.headers import HOSTNAME


def show(legs: Iterable[Channel], *, as_json: bool) -> str:
    """List legs as JSON, or as comma-separated lines with a total."""
    rows = [_row(leg) for leg in legs]
    if as_json:
        listing: dict[str, object] = {"row_count": len(rows)}
        if rows:
            listing["rows"] = rows
        return json.dumps(listing, separators=(",", ":"), ensure_ascii=False)
    lines = [",".join(row.values()) for row in rows]
    if rows:
        lines.insert(0, ",".join(rows[0]))
        lines.append("")
    return "\n".join([*lines, f"{len(rows)} total.\n"])


def _row(leg: Channel) -> dict[str, str]:
    profile = leg.profile
    created = profile.times.created // 1_000_000
    codec = ("PCMU", "8000", "64000") if leg.has_media else ("", "", "")
    inbound = profile.direction == "inbound"
    application = leg.text("current_application") if leg.is_originator else ""
    argument = leg.text("current_application_data") if leg.is_originator else ""
    return {
        "uuid": leg.uuid,
        "direction": profile.direction,
        "created": f"{datetime.fromtimestamp(created, UTC):%Y-%m-%d %H:%M:%S}",
        "created_epoch": str(created),
        "name": leg.name,
        "state": leg.state[0],
        "cid_name": profile.caller_name,
        "cid_num": profile.caller_number,
        "ip_addr": profile.network_addr if inbound or not leg.is_originator else "",
        "dest": profile.destination,
        "application": application,
        "application_data": argument,
        "dialplan": profile.dialplan,
        "context": profile.context,
        **dict(zip(("read_codec", "read_rate", "read_bit_rate"), codec, strict=True)),
        **dict(
            zip(("write_codec", "write_rate", "write_bit_rate"), codec, strict=True)
        ),
        "secure": "",
        "hostname": HOSTNAME,
        "presence_id": "",
        "presence_data": leg.text("presence_data"),
        "accountcode": leg.text("accountcode"),
        "callstate": leg.callstate,
        "callee_name": profile.callee_name,
        "callee_num": profile.callee_number,
        "callee_direction": "SEND" if leg.partner is not None else "",
        "call_uuid": leg.call_uuid,
        "sent_callee_name": leg.text("last_sent_callee_id_name"),
        "sent_callee_num": leg.text("last_sent_callee_id_number"),
        "initial_cid_name": "" if leg.is_originator else profile.caller_name,
        "initial_cid_num": leg.text(
            "pre_transfer_caller_id_number", profile.caller_number
        ),
        "initial_ip_addr": "" if leg.is_originator else profile.network_addr,
        "initial_dest": profile.destination,
        "initial_dialplan": profile.dialplan,
        "initial_context": profile.context,
    }


def dump(leg: Channel, style: str) -> str:
    """Tell everything about a leg, as JSON or as lines."""
    event = leg.describe("CHANNEL_DATA")
    if style == "json":
        return json.dumps(event, separators=(",", ":"), ensure_ascii=False)
    return "".join(f"{name}: {value}\n" for name, value in event.items()) + "\n"
