"""The variables that SDP and RTP leave on a leg; as in `sip`, for the looks only."""

import itertools
import random

from sandbox.switch.wire import Event

ADDRESS = "127.0.0.1"
_BOTH = "CORE_PCM_MODULE.PCMU@8000h@20i@64000b,CORE_PCM_MODULE.PCMA@8000h@20i@64000b"
_ports = itertools.cycle(range(16384, 32768, 2))
_chance = random.Random()  # noqa: S311 - names of streams, not secrets


def offered() -> Event:
    """Give what our own offer leaves on an outgoing leg."""
    port = next(_ports)
    return {
        **_local(port),
        "audio_media_flow": "sendrecv",
        "text_media_flow": "disabled",
        "rtp_local_sdp_str": _sdp(port, "0 8 101 13"),
    }


def agreed() -> Event:
    """Give what an agreed codec leaves behind."""
    port = next(_ports)
    return {
        "switch_r_sdp": _sdp(port, "0 101 13"),
        "ep_codec_string": _BOTH.partition(",")[0],
        "remote_video_media_flow": "inactive",
        "remote_text_media_flow": "inactive",
        "remote_audio_media_flow": "sendrecv",
        "rtp_audio_recv_pt": "0",
        "rtp_use_codec_name": "PCMU",
        "rtp_use_codec_rate": "8000",
        "rtp_use_codec_ptime": "20",
        "rtp_use_codec_channels": "1",
        "rtp_last_audio_codec_string": "PCMU@8000h@20i@1c",
        "read_codec": "PCMU",
        "original_read_codec": "PCMU",
        "read_rate": "8000",
        "original_read_rate": "8000",
        "write_codec": "PCMU",
        "write_rate": "8000",
        "dtmf_type": "rfc2833",
        "remote_media_ip": ADDRESS,
        "remote_media_port": str(port),
    }


def flowing() -> Event:
    """Give what RTP in both directions leaves behind."""
    return {
        "rtp_use_timer_name": "soft",
        "rtp_use_pt": "0",
        "rtp_use_ssrc": str(_chance.getrandbits(31)),
        "rtp_2833_send_payload": "101",
        "rtp_2833_recv_payload": "101",
    }


def proposed() -> Event:
    """Give what the caller's offer leaves on an incoming leg."""
    return {
        **agreed(),
        "ep_codec_string": _BOTH,
        "rtp_use_codec_string": "PCMU,PCMA",
        "audio_media_flow": "sendrecv",
        "video_media_flow": "disabled",
        "text_media_flow": "disabled",
    }


def accepted() -> Event:
    """Give what answering an incoming leg adds to it."""
    port = next(_ports)
    session = {"rtp_local_sdp_str": _sdp(port, "0 101 13")}
    return {**session, **_local(port), **flowing()}


def counted() -> Event:
    """Give the statistics that a leg which had media ends with."""
    both = ("raw_bytes", "media_bytes", "packet_count", "media_packet_count")
    counts = ("skip_packet_count", "dtmf_packet_count", "cng_packet_count")
    incoming = (*both, *counts, "jitter_packet_count", "flush_packet_count")
    statistics: Event = {f"rtp_audio_in_{name}": "0" for name in incoming}
    statistics |= {
        "rtp_audio_in_largest_jb_size": "0",
        "rtp_audio_in_jitter_min_variance": "0.00",
        "rtp_audio_in_jitter_max_variance": "0.00",
        "rtp_audio_in_jitter_loss_rate": "0.00",
        "rtp_audio_in_jitter_burst_rate": "0.00",
        "rtp_audio_in_mean_interval": "0.00",
        "rtp_audio_in_flaw_total": "0",
        "rtp_audio_in_quality_percentage": "100.00",
        "rtp_audio_in_mos": "4.50",
    }
    statistics |= {f"rtp_audio_out_{name}": "0" for name in (*both, *counts)}
    rtcp = ("rtp_audio_rtcp_packet_count", "rtp_audio_rtcp_octet_count")
    return statistics | dict.fromkeys(rtcp, "0")


def _local(port: int) -> Event:
    return {
        "local_media_ip": ADDRESS,
        "local_media_port": str(port),
        "advertised_media_ip": ADDRESS,
    }


def _sdp(port: int, codecs: str) -> str:
    session = port * 47_000 + 1_000_000_000
    maps = "a=rtpmap:0 PCMU/8000\r\n"
    if " 8 " in codecs:
        maps += "a=rtpmap:8 PCMA/8000\r\n"
    return (
        f"v=0\r\no=FreeSWITCH {session} {session + 1} IN IP4 {ADDRESS}\r\n"
        f"s=FreeSWITCH\r\nc=IN IP4 {ADDRESS}\r\nt=0 0\r\n"
        f"m=audio {port} RTP/AVP {codecs}\r\n{maps}"
        "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n"
        "a=rtpmap:13 CN/8000\r\na=ptime:20\r\na=sendrecv\r\n"
    )
