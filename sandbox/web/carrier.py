"""The carrier between the handsets and the portal, on both of its sides."""

import hmac
from collections import deque
from dataclasses import dataclass
from uuid import uuid4

import requests

from sandbox.network import Handset, Network

_PATIENCE_S = (3.05, 20.0)  # to connect, and for each part of the answer
_REMEMBERED = 10_000  # deliveries whose repetition is noticed


class Unreachable(Exception):
    """The portal did not answer; the message is a sentence."""


@dataclass(frozen=True)
class Answer:
    """What the portal said to a message."""

    id: str
    status: int
    text: str

    @property
    def accepted(self) -> bool:
        """Whether the portal took the message."""
        return 200 <= self.status < 300  # noqa: PLR2004


class Carrier:
    """Hands the handsets' messages to the portal, and the portal's to them."""

    def __init__(self, network: Network, *, url: str, secret: str) -> None:
        self._network = network
        self._url = url
        self._secret = secret
        self._delivered: deque[str] = deque(maxlen=_REMEMBERED)

    def knows(self, secret: str) -> bool:
        """Whether that is the secret we share with the portal."""
        return hmac.compare_digest(secret.encode(), self._secret.encode())

    def send(self, handset: Handset, to: str, text: str) -> Answer:
        """Take a message from a handset to the portal, or raise Unreachable."""
        message_id = uuid4().hex
        self._network.record_sms(handset, to, text)
        message = {"id": message_id, "from": handset.number, "to": to, "text": text}
        try:
            with requests.Session() as session:
                session.trust_env = False  # a proxy has no business on one machine
                answer = session.post(
                    self._url,
                    json=message,
                    headers={"X-Secret": self._secret},
                    timeout=_PATIENCE_S,
                    allow_redirects=False,
                )
        except requests.RequestException as error:
            raise Unreachable(
                f"The portal at {self._url} does not answer: {type(error).__name__}."
            ) from error
        return Answer(message_id, answer.status_code, answer.text)

    def deliver(self, message_id: str, sender: str, to: str, text: str) -> None:
        """Show the portal's message on a handset, once however often it is told.

        Raises BadNumber when no handset can have the number `to`.
        """
        handset = self._network.handset(to)
        if message_id not in self._delivered:
            self._delivered.append(message_id)
            self._network.receive_sms(handset, sender, text)
