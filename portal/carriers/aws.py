"""AWS End User Messaging: texts come as notifications of SNS, signed with RSA.

Needs the package `cryptography`. https://docs.aws.amazon.com/sns/latest/dg/
sns-verify-signature-of-message.html and https://docs.aws.amazon.com/sms-voice/
latest/userguide/two-way-sms-payload.html
"""

import json
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from requests import Session

from domain.messages.sms import Incoming
from portal.carriers.base import (
    Carrier,
    Forged,
    Hook,
    NotYet,
    OutgoingSms,
    Unreadable,
)
from portal.carriers.notifications import CONFIRMATION, check_age, check_signature
from portal.carriers.options import Options
from portal.carriers.posting import accepted_as, post
from portal.carriers.proofs import check_same
from portal.carriers.reading import Names, sms_of
from portal.carriers.sigv4 import Key, signed
from portal.carriers.wording import Quiet

_log = logging.getLogger(__name__)

MOST_ERRANDS: Final = 5
_TOPIC: Final = re.compile(r"arn:aws:sns:([a-z0-9-]+):[0-9]{12}:[A-Za-z0-9_-]{1,256}")
_CERTIFICATE: Final = re.compile(r"/SimpleNotificationService-[0-9a-f]{8,64}\.pem")
_SEND: Final = {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": "PinpointSMSVoiceV2.SendTextMessage",
}
_NAMES: Final = Names(
    "inboundMessageId", "originationNumber", "destinationNumber", "messageBody"
)


@dataclass(frozen=True, slots=True)
class Aws(Quiet):
    """The signature covers topic, message, its id and when it was published.

    The certificate is fetched from `sns` by `run_errands`, never in a request: until
    it is there, a post is told that we do not know yet.
    """

    topic: str
    key: Key
    sns: str
    api: str
    name: str = "aws"

    _certificates: dict[str, bytes] = field(default_factory=dict, repr=False)
    _wanted: dict[str, None] = field(default_factory=dict, repr=False)
    _confirmations: dict[str, Hook] = field(default_factory=dict, repr=False)

    def verify(self, hook: Hook) -> None:
        """Check topic and signature. Raises NotYet until the certificate is there."""
        told = _envelope(hook)
        check_same(told.get("TopicArn", ""), self.topic, "TopicArn")
        url = told.get("SigningCertURL", "")
        if not self._is_certificate(url):
            raise Forged("SigningCertURL is not the region's own")
        if url not in self._certificates:
            if len(self._wanted) < MOST_ERRANDS:
                self._wanted[url] = None
            self._remember(told, hook)
            raise NotYet("the certificate is being fetched")
        check_signature(told, self._certificates[url], hook.received_at)
        check_age(told, hook.received_at)

    def read(self, hook: Hook) -> Sequence[Incoming]:
        """The one message of a notification; a confirmation becomes an errand."""
        told = _envelope(hook)
        if told.get("Type") != "Notification":
            _log.warning("%s: a post of type %s", self.name, told.get("Type", "")[:40])
            self._remember(told, hook)
            return []
        try:
            message = json.loads(told["Message"])
        except (ValueError, RecursionError) as error:
            raise Unreadable("The notification's message is not JSON.") from error
        return [sms_of(self.name, message, _NAMES)]

    def send(self, message: OutgoingSms, http: Session) -> str:
        """Send by SendTextMessage. AWS knows no id of ours: told twice, sent twice."""
        told = {
            "DestinationPhoneNumber": message.recipient,
            "OriginationIdentity": message.sender,
            "MessageBody": message.text,
        }
        body = json.dumps(told).encode()
        headers = signed(self.key, self.api, _SEND, body, datetime.now(UTC))
        response = post(http, self.name, f"{self.api}/", data=body, headers=headers)
        return accepted_as(response, "MessageId")

    @property
    def has_errands(self) -> bool:
        """Whether there is something to fetch or to confirm."""
        return bool(self._wanted or self._confirmations)

    def run_errands(self, http: Session) -> None:
        """Fetch certificates, confirm subscriptions. Raises Undelivered."""
        while self._wanted:
            # One that cannot be had must not keep the others waiting: a post that
            # needs it asks for it again.
            url, _ = self._wanted.popitem()
            self._certificates[url] = post(http, self.name, url, method="GET").content
        while self._confirmations:
            token, hook = self._confirmations.popitem()
            try:
                self.verify(hook)
            except (Forged, NotYet) as doubt:
                _log.warning(
                    "%s: a subscription was not confirmed: %s", self.name, doubt
                )
                continue
            self._confirm(http, token)

    def _confirm(self, http: Session, token: str) -> None:
        asked = {
            "Action": "ConfirmSubscription",
            "TopicArn": self.topic,
            "Token": token,
        }
        post(http, self.name, f"{self.sns}/", method="GET", params=asked)
        _log.info("%s: the subscription to %s is confirmed", self.name, self.topic)

    def _is_certificate(self, url: str) -> bool:
        path = url.removeprefix(self.sns)
        return path != url and _CERTIFICATE.fullmatch(path) is not None

    def _remember(self, told: dict[str, str], hook: Hook) -> None:
        """Keep a confirmation; another topic's or a forged one is dropped later."""
        token = told.get("Token", "")
        if told.get("Type") == CONFIRMATION and len(self._confirmations) < MOST_ERRANDS:
            self._confirmations[token] = hook


def _envelope(hook: Hook) -> dict[str, str]:
    """The texts of a notification, whatever the body's type is called."""
    try:
        told: dict[str, Any] = hook.json
    except Unreadable as error:
        raise Forged("the body is none that SNS could have signed") from error
    return {name: value for name, value in told.items() if isinstance(value, str)}


def configured(options: Options) -> Carrier:
    """AWS as the settings describe it."""
    options.needs_cryptography()
    topic = options.text("topic")
    found = _TOPIC.fullmatch(topic)
    if topic and not found:
        options.fault("topic", "is not arn:aws:sns:REGION:ACCOUNT:NAME")
    region = found[1] if found else "nowhere"
    return Aws(
        topic=topic,
        key=Key(
            id=options.text("key_id"),
            secret=options.secret("key_secret"),
            region=region,
            service="sms-voice",
        ),
        sns=options.url("sns", f"https://sns.{region}.amazonaws.com"),
        api=options.url("api", f"https://sms-voice.{region}.amazonaws.com"),
        name=options.name,
    )
