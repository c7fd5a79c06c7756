"""One leg of a call: what it is, what it says, and what its telephone tells it."""

from collections.abc import Callable

import gevent

from sandbox.handset import Handset
from sandbox.switch import billing, media, sip
from sandbox.switch.causes import q850
from sandbox.switch.exchange import Exchange
from sandbox.switch.headers import Profile, microseconds
from sandbox.switch.wire import Event

INIT = ("CS_INIT", "2")
CONSUME_MEDIA = ("CS_CONSUME_MEDIA", "7")
EXECUTE = ("CS_EXECUTE", "4")
EXCHANGE_MEDIA = ("CS_EXCHANGE_MEDIA", "5")
REPORTING = ("CS_REPORTING", "11")

_CODECS: Event = {
    f"Channel-{way}-Codec-{name}": value
    for way in ("Read", "Write")
    for name, value in (("Name", "PCMU"), ("Rate", "8000"), ("Bit-Rate", "64000"))
}


class Leg:
    """A telephone on the line: its profile, its variables and its state.

    It is a handset's `Line`: whatever happens at the telephone changes the leg,
    which tells its listeners and wakes whoever watches it.
    """

    def __init__(
        self, exchange: Exchange, uuid: str, profile: Profile, handset: Handset
    ) -> None:
        self.exchange = exchange
        self.uuid = uuid
        self.profile = profile
        self.handset = handset
        self.name = f"sofia/external/{profile.destination}"
        self.call_uuid = uuid
        self.state = INIT
        self.callstate = "DOWN"
        self.cause = ""
        self.hit_dialplan = False
        self.has_media = False
        self.dialled = ""
        self.last_run = ("", "")
        self.other: Event = {}
        self.partner: Leg | None = None
        self.variables: Event = {
            "direction": profile.direction,
            "uuid": uuid,
            "call_uuid": uuid,
        }
        self._disposition = "send_bye"
        self._alive_in: object = None
        self._watchers: list[Callable[[], None]] = []

    @property
    def up(self) -> bool:
        """Whether somebody answered."""
        return self.profile.times.answered > 0

    def text(self, name: str, default: str = "") -> str:
        """Read a variable that is a text."""
        value = self.variables.get(name, default)
        return value if isinstance(value, str) else default

    def says(self, name: str) -> bool:
        """Read a variable that is true or false."""
        return self.text(name).lower() in {"true", "yes", "on", "1"}

    def watch(self, wake: Callable[[], None]) -> None:
        """Wake somebody whenever this leg changes."""
        self._watchers.append(wake)

    def changed(self) -> None:
        """Wake whoever watches this leg."""
        for wake in list(self._watchers):
            wake()

    def tell(self, name: str, extra: Event | None = None) -> None:
        """Publish an event about this leg."""
        if self.exchange.wants(name):
            self.exchange.publish(self.describe(name) | (extra or {}))

    def describe(self, name: str) -> Event:
        """Build an event about this leg, with everything there is to say."""
        event = self.exchange.speaker.begin(name)
        event |= self._condition()
        if presence := self.text("presence_data"):
            event["Channel-Presence-Data"] = presence
        if self.cause:
            event["Hangup-Cause"] = self.cause
        if self.has_media:
            event |= _CODECS
        profile = self.profile.headers(self.uuid, self.name)
        event |= {f"Caller-{name}": value for name, value in profile.items()}
        event |= self.other
        event |= {f"variable_{name}": value for name, value in self.variables.items()}
        return event

    def _condition(self) -> Event:
        return {
            "Channel-State": self.state[0],
            "Channel-Call-State": self.callstate,
            "Channel-State-Number": "10" if self._ending else self.state[1],
            "Channel-Name": self.name,
            "Unique-ID": self.uuid,
            "Call-Direction": self.profile.direction,
            "Presence-Call-Direction": self.profile.direction,
            "Channel-HIT-Dialplan": str(self.hit_dialplan).lower(),
            "Channel-Call-UUID": self.call_uuid,
            "Answer-State": self._answer_state,
        }

    @property
    def _ending(self) -> bool:
        return bool(self.cause) and self.state != REPORTING

    @property
    def _answer_state(self) -> str:
        if self.cause:
            return "hangup"
        return "answered" if self.up else "ringing"

    def ringing(self) -> None:
        """Note that the telephone rings."""
        if self.cause:
            return
        self._reached()
        self.state = CONSUME_MEDIA
        self.profile.times.progress = microseconds()
        self.tell("CHANNEL_PROGRESS")
        self.callstate = "RINGING"
        self.changed()

    def answered(self) -> None:
        """Note that somebody picked it up."""
        if self.cause:
            return
        if not self.profile.times.progress:
            self._reached()
        self.variables |= media.agreed() | media.flowing()
        self.variables.setdefault("rtp_use_codec_string", "PCMU,PCMA")
        self.has_media = True
        self.state = CONSUME_MEDIA
        self.profile.times.answered = microseconds()
        self.tell("CHANNEL_ANSWER")
        self.variables["endpoint_disposition"] = "ANSWER"
        self.changed()

    def rejected(self, cause: str) -> None:
        """Note that nobody will answer, and why."""
        self.variables |= sip.refused(cause)
        self.profile.network_addr = media.ADDRESS
        self.state = CONSUME_MEDIA
        self.end(cause, disposition="recv_refuse")

    def hung_up(self) -> None:
        """Note that somebody put the telephone down."""
        if self.profile.direction == "inbound" and not self.up:
            self.end("ORIGINATOR_CANCEL", disposition="recv_cancel")
            return
        if not self.cause:
            self.variables |= sip.put_down("NORMAL_CLEARING")
        self.end("NORMAL_CLEARING", disposition="recv_bye")

    def _reached(self) -> None:
        profile = self.profile
        self.variables |= sip.rung(
            profile.destination, profile.caller_number, profile.caller_name
        )
        profile.callee_name = profile.destination
        profile.network_addr = media.ADDRESS

    def flip_caller(self) -> None:
        """Make the one who was rung the caller, as they go on to an application."""
        profile, ours = self.profile, self.profile.caller_number
        profile.caller_name = profile.caller_number = profile.destination
        profile.callee_name, profile.callee_number = "", ours
        self.variables["pre_transfer_caller_id_number"] = ours
        self.variables["channel_cid_flipped"] = "yes"
        self.hit_dialplan = True

    def hangup(self, cause: str) -> None:
        """End this leg from the switch's side."""
        outbound = self.profile.direction == "outbound"
        unanswered = "send_cancel" if outbound else "send_refuse"
        self.end(cause, disposition="send_bye" if self.up else unanswered)

    def end(self, cause: str, *, disposition: str) -> None:
        """End this leg; only the first cause counts."""
        if self.cause:
            return
        self.cause = cause
        self._disposition = disposition
        if self.partner is not None and not self.partner.cause:
            first = "originator" if self.is_originator else "originatee"
            self.variables["last_bridge_role"] = first
        self.tell("CHANNEL_HANGUP")
        if disposition.startswith("recv_"):
            self.variables["sip_hangup_disposition"] = disposition
        self.handset.drop(self, cause)
        self.changed()
        if self._alive_in is None:
            gevent.spawn(self.complete)

    @property
    def is_originator(self) -> bool:
        """Whether this leg rang its partner, and not the other way round."""
        return "originating_leg_uuid" not in self.variables

    def complete(self) -> None:
        """Reckon what the leg was, tell it, and leave the switch."""
        times = self.profile.times
        times.hungup = microseconds()
        self.state = REPORTING
        self.callstate = "HANGUP"
        self.variables.pop("bridge_to", None)
        self.variables["sip_hangup_disposition"] = self._disposition
        if self._disposition == "send_cancel":
            self.variables["sip_invite_failure_status"] = "487"
            self.variables["sip_invite_failure_phrase"] = "CANCEL"
        self.variables["hangup_cause"] = self.cause
        self.variables["hangup_cause_q850"] = q850(self.cause)
        self.variables["digits_dialed"] = self.dialled or "none"
        self.variables |= billing.accounted(self.profile, *self.last_run)
        self.variables |= billing.measured(times)
        if self.up:
            self.variables |= media.counted()
        self.exchange.records.keep(
            self.exchange.speaker.core_uuid,
            self.variables,
            times,
            is_a=self.is_originator,
        )
        self.tell("CHANNEL_HANGUP_COMPLETE")
        self.exchange.forget(self.uuid)
        self.tell("CHANNEL_DESTROY")
